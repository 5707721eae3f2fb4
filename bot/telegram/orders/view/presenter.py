"""Puts an order's draft before a person: stores it, prices it, sends or edits its message. Its logic is draft.steps."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import InlineKeyboardMarkup, TelegramObject, Update

from bot.domain.chats import is_private
from bot.domain.jobs import Job, Target
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.card import completed, likeliest_kind, sounds_like_question
from bot.telegram.orders.draft.draft import Market, OrderDraft, last_kept, last_used
from bot.telegram.orders.draft.steps import Step, step_of
from bot.telegram.orders.improve_price import improvable, improve_price
from bot.telegram.orders.view.keyboards import order_keyboard
from bot.telegram.orders.view.menu_message import Menu, openly, place_of_draft, stands_at
from bot.telegram.orders.view.refusals import blocked_text
from bot.telegram.orders.view.texts import order_card
from bot.telegram.orders.view.unpayable import lacks, openly_shown, unpayable
from bot.telegram.ui import messages
from bot.telegram.updates import unregistered

__all__ = ["OrderPresenter", "Presenting", "awaits_words", "market", "place_of_draft", "quote_of"]


async def market(ctx: Context, chat_id: int = 0) -> Market:
    """What is on sale at this moment; in a group only what its admins allow there."""
    return Market(await ctx.shop.offers(chat_id=chat_id), ctx.shop.price)


@dataclass(frozen=True, slots=True)
class OrderPresenter:
    """Shows one person sentences and orders, in their language."""

    ctx: Context
    person: User
    t: Speech
    query_id: str = ""
    """The press that brought them here, if one did."""

    async def tell(self, at: Target, text: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """A sentence that is no order yet, in groups for them alone."""
        if is_private(at.chat_id):
            await messages.send(self.ctx, at, text, markup)
        else:
            await messages.send_ephemeral(self.ctx, at, self.person.id, text, markup, query_id=self.query_id)

    async def completed(self, order: OrderDraft, offers: Market) -> OrderDraft:
        """A card with all that can be chosen for the person: from their settings, what they ordered last, the
        catalogue. Any other order as it is. Raises PromptTooLong."""
        if not order.card:
            return order
        drafts, account = self.ctx.engine.drafts, self.person.account_id
        if order.kind is None and order.model is None:
            last = await drafts.latest_kind(account) if not order.inputs else None
            order = replace(order, kind=likeliest_kind(order, offers, last))
        latest = await drafts.latest(account, order.kind) if order.kind is not None and order.model is None else None
        order = completed(order, offers, latest)
        return replace(order, ask_first=True) if sounds_like_question(order, offers) else order

    async def open(
        self, draft_id: str, at: Target, order: OrderDraft, offers: Market, *, placing: bool = False
    ) -> Draft | None:
        """Opens an order's message, in groups as an answer to the message `at`, if there is one.

        A redelivered command whose message stands does nothing. `placing`: without buttons, the order follows at once.
        Returns the draft with its message; None when it became a job.
        """

        draft = await self.ctx.engine.drafts.open(draft_id, self.person.id, at, order.to_data())
        if draft is None or draft.sent:
            return draft
        return await self.put(draft, at, offers, placing=placing)

    async def put(
        self, draft: Draft, at: Target, offers: Market, *, placing: bool = False, note: Html | None = None
    ) -> Draft | None:
        """Sends the message of a draft that has none."""
        text, markup = await self.menu(draft, OrderDraft.from_data(draft.data), offers, note=note)
        return await self._send(draft, (text, None if placing else markup), at)

    async def show(self, draft: Draft, order: OrderDraft, offers: Market, *, note: Html | None = None) -> None:
        """Stores what the draft became and shows it in its message; the confirmation gets a fresh quote."""
        await self.draw(draft, await self.menu(draft, order, offers, note=note))

    async def draw(self, draft: Draft, menu: Menu) -> None:
        """Rewrites the menu's message; an ephemeral one that is gone is sent anew."""
        text, markup = menu
        place = place_of_draft(draft)
        owner = unregistered.chat_person(draft.user_id) if draft.is_unclaimed else self.person
        said = text if is_private(draft.chat_id) or draft.ephemeral_id else openly(self.t, owner, text)
        keys = markup if is_private(draft.chat_id) or draft.ephemeral_id else openly_shown(markup)
        shown = await messages.edit(self.ctx, place, said, keys)
        if not shown and draft.ephemeral_id:
            await self._send(draft, menu, replace(place, message_id=draft.reply_to))

    async def keep(self, draft: Draft, order: OrderDraft, offers: Market) -> Draft | None:
        """Stores what the draft became and its fresh quote, without a word: the order follows at once."""
        await self.menu(draft, order, offers)
        return await self.ctx.engine.drafts.get(draft.id)

    async def _send(self, draft: Draft, menu: Menu, at: Target) -> Draft | None:
        """Sends the menu as an answer to `at` and notes where it stands; None when the draft is gone meanwhile."""
        text, markup = menu
        if is_private(draft.chat_id):
            place = await messages.send(self.ctx, at, text, markup)
        else:
            said = openly(self.t, self.person, text), openly_shown(markup)
            place = await messages.send_ephemeral(
                self.ctx, at, self.person.id, text, markup, query_id=self.query_id, openly=said, vanish=False
            )
        here = stands_at(draft, place)
        return await self.ctx.engine.drafts.shown(draft.id, place.chat_id, here.message_id, here.ephemeral_id)

    async def menu(self, draft: Draft, order: OrderDraft, offers: Market, *, note: Html | None = None) -> Menu:
        """Stores what the draft became with a fresh quote, and what its message says then."""
        step = step_of(order, offers)
        quote = quote_of(order, offers)
        known = order

        def became(latest: Job | None) -> dict[str, Any]:
            nonlocal known
            known = _remembering(latest, order, offers) if remembers else order
            return known.to_data()

        remembers = step in (Step.MODEL, Step.MENU) and not draft.is_unclaimed
        balance = await self.ctx.engine.drafts.price(
            self.person,
            draft,
            quote,
            became,
            like=order.kind if remembers else None,
            awaits_text=awaits_words(order, offers),
            set_aside=self.ctx.asks.set_aside,
        )
        if (blocked := blocked_text(self.ctx, self.t, order, offers)) is not None:
            return blocked, None
        shown = balance if is_private(draft.chat_id) else None
        last = last_kept(known, offers) if step is Step.MODEL else None
        improve = improve_price(self.ctx, known, offers) if step is Step.CONFIRM and quote is not None else None
        if improve is not None and not await improvable(self.ctx, self.person.id):
            improve = None
        short = lacks(self.person, draft, quote, balance)
        if improve and short:  # a free one is left
            improve = None
        keyboard = order_keyboard(self.t, draft.id, known, offers, last=last, quote=quote, improve=improve)
        menu = order_card(self.t, known, offers, balance=shown, note=note), keyboard
        if short:
            return unpayable(self.ctx, self.t, draft, known, offers, balance, menu)
        return menu


class Presenting(BaseMiddleware):
    """Gives handlers the `presenter` of the person whose update it is."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if (person := data.get("person")) is not None:
            query = event.callback_query if isinstance(event, Update) else None
            data["presenter"] = OrderPresenter(data["ctx"], person, data["t"], query.id if query is not None else "")
        return await handler(event, data)


def _remembering(job: Job | None, order: OrderDraft, offers: Market) -> OrderDraft:
    """The draft with what its buttons offer of the person's latest order of the kind."""
    if order.menu:
        value = "" if job is None else job.facts.get(order.menu) or job.options.get(order.menu, "")
        return replace(order, before=value)
    last = last_used(job, order, offers)
    return replace(order, last=last.to_data() if last is not None else {})


def quote_of(order: OrderDraft, offers: Market) -> Credits | None:
    """What Confirm agrees to, on the card and over its options; None elsewhere, or where the model is off sale."""
    offer = offers.get(order.model) if step_of(order, offers) in (Step.CONFIRM, Step.MENU) else None
    return offers.price(offer, order.chosen()) if offer is not None and offer.available else None


def awaits_words(order: OrderDraft, offers: Market) -> bool:
    """Whether the next message of the person may belong to this draft."""
    return step_of(order, offers) is Step.PROMPT or (order.typing and step_of(order, offers) is Step.MENU)
