"""What the neuroflash simulator remembers beside what all of them do: the images made, by workspace."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sandbox.bounded import keep
from sandbox.kit.api import ApiState
from sandbox.kit.state import Result
from sandbox.neuroflash.contract import PREFIX, Model, Request

HISTORY_MAX = 20_000
USER = 7


@dataclass(slots=True)
class Image:
    """One made image. `visible` and `listed` are monotonic seconds: from when it exists, and is in the history; `bytes`
    is not known before the file was made."""

    id: str
    batch: str
    workspace: str
    request: Request
    size: tuple[int, int]
    result: Result
    visible: float
    listed: float
    bytes: int | None = None

    @property
    def path(self) -> str:
        return f"{PREFIX}/image_generation/{self.id}/view"

    def entry(self) -> dict[str, object]:
        """As the history tells it."""
        created = datetime.fromtimestamp(time.time() - time.monotonic() + self.visible, UTC)
        return {
            "output_image_id": self.id,
            "batch_id": self.batch,
            "user_id": USER,
            "workspace_id": self.workspace,
            "prompt": self.request.prompt,
            "model": self.request.model,
            "parameters": self.request.parameters,
            "input_images": self.request.paths,
            "output_image_url": self.path,
            "output_image_width": self.size[0],
            "output_image_height": self.size[1],
            "output_image_size": self.bytes,
            "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


class State(ApiState[Model]):
    """`plan` says whether the subscription includes images at all."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.plan = True
        self.images: OrderedDict[str, Image] = OrderedDict()

    def reset(self) -> None:
        super().reset()
        self.plan = True

    def summary(self) -> dict[str, object]:
        return {"plan": self.plan, "images": len(self.images), **super().summary()}

    def add(self, image: Image) -> None:
        keep(self.images, image.id, image, HISTORY_MAX)

    def find(self, ref: str, workspace: str) -> Image | None:
        """An image that exists, of this workspace."""
        image = self.images.get(ref)
        return image if image and image.workspace == workspace and image.visible <= time.monotonic() else None

    def history(self, workspace: str, model: str | None) -> list[Image]:
        """The newest first."""
        now = time.monotonic()
        found = [
            image
            for image in self.images.values()
            if image.workspace == workspace and image.listed <= now and model in (None, image.request.model)
        ]
        return sorted(found, key=lambda image: image.visible, reverse=True)


def fresh_id() -> str:
    """Ids are never seeded: a simulator that starts again must not repeat those that a client has stored."""
    return str(uuid4())
