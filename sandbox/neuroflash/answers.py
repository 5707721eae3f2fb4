"""What neuroflash says about images, and what a fault makes of fields that the document types "object"."""

import json

from sandbox.kit.faults import Fault
from sandbox.neuroflash.contract import Request
from sandbox.neuroflash.state import Image

LOW = 10  # images left: from here on the answers warn


def generated(order: Request, images: list[tuple[Image, str]], fault: Fault | None, left: float) -> dict[str, object]:
    """The answer to an order: `images` with their urls."""
    name = fault.name if fault else ""
    batch = images[0][0].batch if images else None
    return {
        "images": [_image(image, url, name) for image, url in images],
        "description": f"A simulated picture of {order.prompt}",
        "prompt": order.prompt,
        "detail": _detail(name, left),
        "batch_id": _object(None if name in ("without_ids", "without_batch_id") else batch, name),
    }


def entry(told: dict[str, object], fault: Fault | None) -> dict[str, object]:
    """An entry of the history."""
    name = fault.name if fault else ""
    if name not in ("read_nulls", "read_texts"):
        return told
    typed = ("parameters", "input_images", "output_image_width", "output_image_height", "output_image_size")
    return {
        key: value if key not in typed else None if name == "read_nulls" else json.dumps(value)
        for key, value in told.items()
    }


def _image(image: Image, url: str, name: str) -> dict[str, object]:
    ref = None if name in ("without_ids", "without_image_id") else image.id
    typed: dict[str, object] = {
        "file_name": f"{image.id}.{image.request.fmt}",
        "file_size": image.bytes,
        "width": image.size[0],
        "height": image.size[1],
        "image_id": ref,
    }
    kind = f"image/{image.request.fmt}"
    return {"url": url, "content_type": kind, **{key: _object(value, name) for key, value in typed.items()}}


def _detail(name: str, left: float) -> object:
    match name:
        case "detail":
            return "You have used 95% of your image quota"
        case "detail_object":
            return {"code": "quota_warning", "left": left}
        case _:
            words = f"Only {left:g} image generations left in your quota" if left < LOW else None
            return _object(words, name)


def _object(value: object, name: str) -> object:
    match name:
        case "object_nulls":
            return None
        case "object_numbers":
            return value if isinstance(value, int) else 4711
        case "object_texts":
            return str(value)
        case _:
            return value
