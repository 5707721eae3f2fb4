"""What the tests of the Naive adapter share: the documented example, and an adapter on a service that a test sets."""

from decimal import Decimal
from typing import Any

from bot.domain.catalog.models import Kind, Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    ProviderOrder,
    Succeeded,
)
from bot.providers.naive.provider import Naive
from tests.providers.polled_kit import Hurried, Service
from tests.providers.provider_kit import QUICK

PROMPT = "A minimalist logo for a tech startup"

ORDER = """{
    "model": "fal-ai/flux/schnell",
    "input": {
      "prompt": "A minimalist logo for a tech startup",
      "image_size": "square_hd",
      "num_images": 2,
      "seed": 42
    }
  }"""

ACCEPTED: dict[str, object] = {
    "job_id": "job-uuid",
    "status": "queued",
    "type": "image_generation",
    "model": "fal-ai/flux/schnell",
    "estimated_seconds": 8,
    "estimated_credits": 4,
    "hint": "Poll GET /v1/jobs/job-uuid or GET /v1/images/job-uuid. Credits charged on completion only.",
}

COMPLETED: dict[str, Any] = {
    "id": "job-uuid",
    "type": "image_generation",
    "status": "completed",
    "progress": 100,
    "model": "fal-ai/flux/schnell",
    "result": {
        "images": [{"url": "https://fal.media/files/...", "width": 1024, "height": 1024, "content_type": "image/png"}],
        "seed": 42,
        "prompt": "A minimalist logo for a tech startup",
    },
    "credits_used": 4,
    "created_at": "2026-05-02T10:30:00Z",
    "completed_at": "2026-05-02T10:30:08Z",
}

DONE = Succeeded((Asset("https://fal.media/files/..."),), Decimal(4), {"seed": "42"})


def order(
    prompt: str = PROMPT,
    parameters: dict[str, Scalar] | None = None,
    *,
    model: str = "fal-ai/flux/schnell",
    results: int = 1,
    kind: Kind = Kind.IMAGE,
    typical: float = 8.0,
) -> ProviderOrder:
    return ProviderOrder(model, prompt, parameters or {}, 60.0, kind, results, typical_seconds=typical)


def provider(service: Service, key: str = "nv_sk_live_...", time: Hurried | None = None) -> Naive:
    return Naive(
        base_url="https://api.usenaive.ai/",
        key=key,
        backoff=QUICK,
        client=service.client,
        timing=(time or Hurried()).timing,
    )
