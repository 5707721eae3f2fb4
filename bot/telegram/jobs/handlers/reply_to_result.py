"""Words in reply to a picture that was made here: it is to be changed so, as the button Edit under it would."""

import re
from typing import Any

from aiogram import Bot, Router
from aiogram.types import Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.jobs import Input, Job, several
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.jobs.keyboards import preferred, works_on
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.input_pictures import InputPictures, NoPicture, carries_file, usable_result
from bot.telegram.orders.start import serve
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.ui.quotes import quoted_part


def build_text_router() -> Router:
    """Behind the drafts that wait for a message, before conversations and new orders."""
    router = Router(name="reply-to-result")
    router.message.register(change, is_about_a_result)
    return router


async def is_about_a_result(message: Message, ctx: Context, bot: Bot, person: User) -> bool | dict[str, Any]:
    """In private any words; in groups, where people talk to each other about a picture, those that name the bot. Gives
    the handler the `words`, and the `found` result where it is the person's own."""
    replied, said = message.reply_to_message, message.text or ""
    if replied is None or replied.from_user is None or replied.from_user.id != bot.id or replied.via_bot is not None:
        return False
    if not said or said.startswith("/") or message.via_bot is not None or quoted_part(message):
        return False
    words = said if is_private(message.chat.id) else _told(said, (await bot.me()).username or "")
    if not words or not any(m.kind is Kind.EDIT for m in ctx.shop.models):
        return False
    found = await ctx.engine.jobs.result_at(person.account_id, message.chat.id, replied.message_id)
    if found is not None and usable_result(*found):
        return {"words": words, "found": found}
    others = found is None and bool(replied.photo) and not is_private(message.chat.id)
    return {"words": words, "found": None} if others else False


def _told(said: str, name: str) -> str:
    """What is said to the bot, without its name; "" for what does not name it."""
    mention = re.compile(rf"(?<![\w@])@{re.escape(name)}\b[,:]?", re.IGNORECASE)
    return " ".join(mention.sub(" ", said).split()) if name and mention.search(said) else ""


async def change(
    message: Message,
    presenter: OrderPresenter,
    pictures: InputPictures,
    words: str,
    found: tuple[Job, int] | None,
) -> None:
    """The order of the model that the button would take; another member's result is a photo like any other."""
    ctx, t, place = presenter.ctx, presenter.t, place_of(message)
    replied = message.reply_to_message
    assert replied is not None
    offers = (await market(ctx, place.chat_id)).offers
    model = None
    try:
        if found is None:
            picture: Input = await pictures.of_message(replied, presenter.person.id)
        else:
            job, index = found
            if several(job) and not carries_file(replied):
                raise NoPicture("media-which")
            able = tuple(o for o in offers if o.model.kind is Kind.EDIT and works_on(o.model, job, index))
            offer = preferred(able, Kind.EDIT, await ctx.engine.settings.of(presenter.person.id))
            model = offer.model if offer is not None else None
            picture = await pictures.of_result(job, index, able)
    except NoPicture as none:
        await presenter.tell(place, t(none.text))
        return
    kind = Kind.EDIT if model is None else None
    request = OrderRequest(Kind.EDIT.value, words, kind=kind, model=model, inputs=(picture,))
    await serve(presenter, place, draft_id_of(message), request)
