"""Rich messages as far as the sandbox knows them: paragraphs of plain text, photos, and collages of photos."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_media

FORMS = ("html", "markdown", "blocks")
PHOTOS_MAX = 50


async def rich_of(core: Core, params: Params) -> Json:
    """The RichMessage that `rich_message` describes. Refuses what is none, or more than is known here."""
    given = params.json("rich_message")
    if not isinstance(given, dict) or sum(name in given for name in FORMS) != 1:
        raise bad("can't parse InputRichMessage: exactly one of html, markdown and blocks must be used")
    blocks = given.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        raise bad("can't parse InputRichMessage: only a list of blocks is emulated here")
    found = [await _block(core, params, block, nested=False) for block in blocks]
    photos = sum(len(b["blocks"]) if b["type"] == "collage" else b["type"] == "photo" for b in found)
    if photos > PHOTOS_MAX:
        raise bad("too many media in the rich message")
    return {"blocks": found}


async def _block(core: Core, params: Params, block: object, *, nested: bool) -> Json:
    if not isinstance(block, dict):
        raise bad("can't parse InputRichBlock: expected an Object")
    match block.get("type"):
        case "paragraph" if not nested and isinstance(block.get("text"), str) and block["text"]:
            return {"type": "paragraph", "text": block["text"]}
        case "photo" if isinstance(block.get("photo"), dict):
            media = block["photo"]
            if media.get("type") != "photo":
                raise bad("can't parse InputMediaPhoto: wrong type")
            file = await core.inputs.resolve(params.with_values(media), "media", "photo")
            return {"type": "photo", **render_media(file)}
        case "collage" if not nested and isinstance(block.get("blocks"), list) and block["blocks"]:
            return {"type": "collage", "blocks": [await _block(core, params, b, nested=True) for b in block["blocks"]]}
        case other:
            raise bad(f"can't parse InputRichBlock: {other!r} is not emulated here, or not like this")


def shape_of(rich: Json | None) -> object:
    """What makes two of them equal to Telegram: the words, and the files however they came."""
    if rich is None:
        return None
    inner = [b for block in rich["blocks"] for b in (block["blocks"] if block["type"] == "collage" else [block])]
    return [b.get("text") or b["photo"][-1]["file_unique_id"] for b in inner]
