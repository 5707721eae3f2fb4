"""Pictures that people send or reply to: with a command, or by themselves in a private chat."""

from dataclasses import replace
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.domain.catalog.models import Kind, Model
from bot.domain.chats import is_private
from bot.domain.jobs import Input, several
from bot.engine.dialogs.drafts import Draft, draft_id
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.handlers import album
from bot.telegram.orders.handlers.command import SLUG, is_model, names_a_model
from bot.telegram.orders.input_pictures import InputPictures, NoPicture, carries_file, carries_other, usable_result
from bot.telegram.orders.start import serve
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.ui.quotes import quoted_part

KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.ASK)
ALBUM_SECONDS: Final = 3600.0
"""For so long the other pictures of an album that was answered are part of it."""


def build_router() -> Router:
    """Stands before the commands that go by words alone."""
    router = Router(name="photos")
    kinds = is_command(*KINDS)  # first: see updates/fast_router.py
    router.message.register(with_command, kinds, near_a_picture, takes_it)
    model = Command(SLUG, ignore_case=True)
    router.message.register(with_command, names_a_model, near_a_picture, model, is_model, takes_it)
    router.message.register(photo, is_photo)
    return router


async def near_a_picture(message: Message) -> bool:
    """The command stands under a file, or answers one or a message of a bot's, which may be a result; words quoted from
    a text are words."""
    replied = message.reply_to_message
    if carries_file(message):
        return True
    if replied is None or (replied.text is not None and quoted_part(message)):
        return False
    return carries_file(replied) or _is_bots(replied)


def _is_bots(message: Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot


async def takes_it(message: Message, command: CommandObject, ctx: Context, model: Model | None = None) -> bool:
    """Whether the command works on pictures. If not, one that it only replies to is left alone, for its words count;
    and what is not on sale is answered as without a picture."""
    name = command.command.lower()
    sold = [m for m in ctx.shop.models if (m.slug == model.slug if model is not None else m.kind.value == name)]
    if not sold:
        return False
    return carries_file(message) or any(m.inputs.maximum for m in sold)


async def is_photo(message: Message) -> bool:
    """A file by itself in a private chat; its caption, if any, is no command."""
    said = message.text or message.caption or ""
    return is_private(message.chat.id) and carries_file(message) and not said.startswith("/")


async def with_command(
    message: Message,
    command: CommandObject,
    presenter: OrderPresenter,
    pictures: InputPictures,
    model: Model | None = None,
    *,
    welcomed: bool = False,
) -> None:
    """A picture with a kind's command, or with a model's own."""
    name = command.command.lower()
    request = OrderRequest(name, command.args or "", kind=Kind(name) if model is None else None, model=model)
    await _serve(message, request, presenter, pictures, welcomed=welcomed)


async def photo(
    message: Message,
    presenter: OrderPresenter,
    pictures: InputPictures,
    *,
    welcomed: bool = False,
) -> None:
    """What is on sale for it; what was tapped in the menu just before is what becomes of it. An album's pictures
    without words join the edit that the words of another began; of an album without any the first counts, for ten
    menus would help no user. One with words is asked about by itself, in the menu of the first if that is open."""
    group = message.media_group_id
    if group is None or _words(message):
        await _photo(message, presenter, pictures, welcomed=welcomed)
        return
    key = f"album:{message.chat.id}:{group}"
    async with presenter.ctx.engine.cooldowns.attempt(key, every=ALBUM_SECONDS) as first:
        if first:
            await _photo(message, presenter, pictures, welcomed=welcomed)
        else:
            await album.add(message, presenter, pictures)


async def _photo(message: Message, presenter: OrderPresenter, pictures: InputPictures, *, welcomed: bool) -> None:
    ctx, person = presenter.ctx, presenter.person
    kind = await ctx.engine.drafts.chosen_kind(person.id)
    words = _words(message)
    if kind is not None and not any(m.kind is kind and m.inputs.maximum for m in ctx.shop.models):
        kind = None
    request = OrderRequest(kind.value if kind is not None else "", words, kind=kind)
    served = await _serve(message, request, presenter, pictures, welcomed=welcomed)
    if served and kind is not None:
        await ctx.engine.settings.choose_kind(person.id, None)


async def _serve(
    message: Message,
    request: OrderRequest,
    presenter: OrderPresenter,
    pictures: InputPictures,
    *,
    welcomed: bool = False,
) -> bool:
    """False: the picture or the request could not be taken, and why was told."""
    place = place_of(message)
    if message.media_group_id is not None:  # the rest of the album is not to be asked about
        key = f"album:{message.chat.id}:{message.media_group_id}"
        await presenter.ctx.engine.cooldowns.acquire(key, every=ALBUM_SECONDS)
    if request.command and carries_other(message) and not _takes_pictures(presenter, request):
        what = presenter.t.title(request.model.title) if request.model is not None else f"/{request.command}"
        await presenter.tell(place, presenter.t("media-file-unused", what=what))
        return False
    try:
        inputs = await _inputs(message, presenter, pictures, request)
    except NoPicture as none:
        await presenter.tell(place, presenter.t(none.text))
        return False
    over = await _opened_wordless(message, presenter) if request.command or request.text else None
    if over is not None and request.kind is None and request.model is None:
        request = replace(request, kind=OrderDraft.from_data(over.data).kind)  # what was tapped before the album came
    asked = replace(request, quoted=_quoted(message), inputs=inputs)
    opens = draft_id_of(message) if _worded(message) else _album_id(message)
    grouped = message.media_group_id is not None
    served = await serve(presenter, place, opens, asked, welcomed=welcomed, over=over, more_to_come=grouped)
    if served and grouped and _worded(message):
        await album.note(message, presenter, over.id if over is not None else opens)
    return served


def _takes_pictures(presenter: OrderPresenter, request: OrderRequest) -> bool:
    """Whether a model that is asked for works on pictures."""
    asked = [request.model] if request.model is not None else presenter.ctx.shop.models
    return any(m.inputs.maximum and request.kind in (None, m.kind) for m in asked)


def _words(message: Message) -> str:
    """The person's own words under a picture: those of a forwarded one are another's."""
    return message.caption or "" if message.forward_origin is None else ""


def _worded(message: Message) -> bool:
    return message.media_group_id is None or bool(_words(message))


def _album_id(message: Message) -> str:
    """The id of the order that an album's pictures without words open together."""
    return draft_id("album", message.chat.id, message.media_group_id)


async def _opened_wordless(message: Message, presenter: OrderPresenter) -> Draft | None:
    """The open menu of an album whose first picture came without words: the first words or command under a later one
    are about it. None: there is none, it is an order by now, or it has its words."""
    if message.media_group_id is None or not is_private(message.chat.id):
        return None
    return await presenter.ctx.engine.drafts.take_wordless(_album_id(message), every=ALBUM_SECONDS)


def _quoted(message: Message) -> str:
    """The words of a text that a command under a picture replies to, or what is quoted."""
    if part := quoted_part(message):
        return part
    replied = message.reply_to_message
    if replied is None or not carries_file(message) or _is_bots(replied) or replied.via_bot is not None:
        return ""
    return replied.text or ""


async def _inputs(
    message: Message, presenter: OrderPresenter, pictures: InputPictures, request: OrderRequest
) -> tuple[Input, ...]:
    """The picture that is meant: the message's own, or the one that it replies to. Raises NoPicture."""
    if carries_file(message):
        return (await pictures.of_message(message, presenter.person.id),)
    replied = message.reply_to_message
    if replied is None:
        return ()
    account = presenter.person.account_id
    found = await presenter.ctx.engine.jobs.result_at(account, message.chat.id, replied.message_id)
    if found is not None and usable_result(*found):
        job, index = found
        if several(job) and not carries_file(replied):
            raise NoPicture("media-which")
        offers = (await market(presenter.ctx)).offers
        able = [o for o in offers if request.kind in (None, o.model.kind) and request.model in (None, o.model)]
        return (await pictures.of_result(job, index, tuple(able)),)
    if not carries_file(replied):
        return ()
    return (await pictures.of_message(replied, presenter.person.id),)
