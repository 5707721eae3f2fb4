"""Messages that an open order waits for: the value of an option, or the words for a picture."""

from dataclasses import replace
from typing import Any, Final

from aiogram import Router
from aiogram.types import Message

from bot.domain.catalog.models import OptionType
from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.checkout import go_on
from bot.telegram.orders.draft.draft import Market, OrderDraft, tidy, too_long
from bot.telegram.orders.draft.option_menu import opened_option, typed
from bot.telegram.orders.draft.steps import Step, step_of, with_model
from bot.telegram.orders.view.presenter import OrderPresenter, awaits_words, market
from bot.telegram.ui.option_texts import said_range

VALUE_WORDS: Final = 2
"""A message that is no reply and has more words is no value of a number: it is something new."""


def build_router() -> Router:
    """Comes before whatever takes plain text."""
    router = Router(name="order-typed")
    router.message.register(awaited_text, is_awaited)
    return router


async def is_awaited(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """Whether an order of this person waits for this text: in private the next one, in groups a reply to the order.

    A reply to a menu that only they see is ephemeral, too, and may not say what it answers.
    """
    hidden = message.ephemeral_message_id is not None
    text, answered = message.text, None if hidden else message.reply_to_message
    if not text or text.startswith("/") or (answered is None and not hidden and not is_private(message.chat.id)):
        return False
    if answered is not None and (answered.from_user is None or not answered.from_user.is_bot):
        return False
    reply_to = answered.message_id if answered is not None else None

    draft = await ctx.engine.drafts.awaiting(person.id, message.chat.id, reply_to)
    if draft is None:
        return False
    offers = await market(ctx, draft.chat_id)
    order = OrderDraft.from_data(draft.data)
    if not awaits_words(order, offers) or (reply_to is None and not hidden and _is_something_new(text, order, offers)):
        return False
    return {"draft": draft, "order": order, "offers": offers}


def _is_something_new(text: str, order: OrderDraft, offers: Market) -> bool:
    """A sentence where a number was asked for."""
    offer = offers.get(order.model)
    option = opened_option(order, offer.model) if offer is not None and order.menu else None
    return option is not None and option.type is not OptionType.TEXT and len(text.split()) > VALUE_WORDS


async def awaited_text(
    message: Message, presenter: OrderPresenter, draft: Draft, order: OrderDraft, offers: Market
) -> None:
    """The order's own message shows what became of it."""
    changed, wrong = _answered(presenter.t, order, offers, message.text or "")
    if changed is None:
        await presenter.show(draft, order, offers, note=wrong)
        return
    await presenter.ctx.engine.drafts.answered(presenter.person.id)
    await go_on(presenter, draft, changed, offers, ask=bool(order.menu))


def _answered(t: Speech, order: OrderDraft, offers: Market, text: str) -> tuple[OrderDraft | None, Html | None]:
    """The draft with the answer, or what is wrong with it."""
    offer = offers.get(order.model)
    assert offer is not None
    model = offer.model
    if step_of(order, offers) is Step.PROMPT:
        prompt = tidy(text)
        if too_long(model, prompt):
            said = {"length": len(prompt), "limit": model.prompt_limit}
            return None, t("order-words-too-long", model=t.title(model.title), **said)
        return (with_model(replace(order, prompt=prompt), model, order.options), None) if prompt else (None, None)
    changed = typed(order, model, text)
    option = opened_option(order, model)
    if changed is not None or option is None:
        return changed, None
    value, possible = shorten(text, 40), said_range(t, option)
    return None, t("option-typed-wrong", option=t.title(option.title), value=value, range=possible)
