"""What Naive says about a job, and what a fault makes of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from sandbox.kit.api import Order
from sandbox.kit.jobs import QUEUED, Job
from sandbox.kit.spoil import ERROR_DETAIL
from sandbox.naive.contract import SIZES, Model


def accepted(job: Job, model: Model, estimate: float) -> dict[str, object]:
    """The answer to an order."""
    told: dict[str, object] = {"job_id": job.id, "status": "queued"}
    if job.struck("without_estimates"):
        return told
    path = "images" if model.kind == "image" else "video"
    return told | {
        "type": f"{model.kind}_generation",
        "model": job.model,
        "estimated_seconds": model.seconds,
        "estimated_credits": estimate,
        "hint": f"Poll GET /v1/jobs/{job.id} or GET /v1/{path}/{job.id}. Credits charged on completion only.",
    }


def told(job: Job, server_seed: int) -> dict[str, object]:
    """The answer to a poll."""
    video = job.record.path.startswith("/v1/video")
    status, progress = _status(job)
    answer: dict[str, object] = {
        "id": job.id,
        "type": "video_generation" if video else "image_generation",
        "status": status,
        **({} if job.struck("without_progress") else {"progress": progress}),
        "model": job.model,
        "created_at": _time(job.created),
    }
    if job.ended is not None:
        answer["completed_at"] = _time(job.ended)
    if job.outcome == "failed" and not job.struck("failed_silently"):
        answer["error"] = ERROR_DETAIL
    if job.outcome == "completed":
        answer |= _outcome(job, video, server_seed)
    return answer


def seed(server_seed: int, record: Order) -> int:
    """The seed that was given, else one that the order's number chooses."""
    given = _input(record).get("seed")
    return given if isinstance(given, int) else Random(f"{server_seed}\x1f{record.id}").randrange(2**32)


def _status(job: Job) -> tuple[str, int]:
    if job.done:
        return job.outcome, 100 if job.outcome == "completed" else 0
    progress = job.progress()
    if job.struck("unknown_status"):
        return ("warming_up" if progress < 0.5 else "uploading"), round(progress * 100)
    return ("queued", 0) if progress < QUEUED else ("processing", int(progress * 100))


def _outcome(job: Job, video: bool, server_seed: int) -> dict[str, object]:
    result = _video(job) if video else _images(job, server_seed)
    used: object = round(job.price, 6)
    match job.fault.name if job.fault else "":
        case "fractional_credits":
            used = round(job.price, 6) + 0.0000004
        case "text_credits":
            used = f"{job.price:.2f}"
        case "without_credits":
            result.pop("seed", None)
            return {"result": result}
        case "late_result" if job.late("late_result"):
            return {"credits_used": used}
        case "without_result":
            return {"credits_used": used}
        case _:
            pass
    return {"result": result, "credits_used": used}


def _images(job: Job, server_seed: int) -> dict[str, object]:
    given = _input(job.record)
    width, height = SIZES[str(given.get("image_size", "landscape_4_3"))]
    kind = f"image/{given.get('output_format', 'png')}"
    urls = job.urls[: job.fault.count] if job.fault and job.fault.name == "fewer_images" else job.urls
    images = [{"url": job.formed(url), "width": width, "height": height, "content_type": kind} for url in urls]
    return {"images": images, "seed": seed(server_seed, job.record), "prompt": job.record.prompt}


def _video(job: Job) -> dict[str, object]:
    return {"video": {"url": job.url, "content_type": "video/mp4"}, "prompt": job.record.prompt}


def _input(record: Order) -> Mapping[str, Any]:
    body = record.body
    given = body.get("input") if isinstance(body, dict) else None
    return given if isinstance(given, dict) else {}


def _time(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
