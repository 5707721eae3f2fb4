"""Presses under inline messages: Generate, the choice of a model, Cancel, another try, one of several results.

All that Telegram tells of such a press is who pressed, what, and the message's name. Only the person whose card it is
is heard, and only under the message that is that card: presses can be forged under any message.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.filters import Filter
from aiogram.types import CallbackQuery
from sqlalchemy import Connection

from bot.domain.errors import (
    NotCancellable,
    NotEnoughCredits,
    NotOnSale,
    QueueFull,
    Refusal,
    TooManyActiveJobs,
    TooManyCancels,
    UnknownJob,
)
from bot.domain.jobs import UPSTREAM, Job, JobState, Order, Target
from bot.domain.options import results
from bot.engine import cards, preferences, store
from bot.engine.drafts import Draft, draft_id
from bot.engine.inbox import Ticket, handled
from bot.engine.once import once
from bot.engine.people import User
from bot.engine.ports import Progress, Stage
from bot.engine.submit import QuoteStale
from bot.telegram import speak
from bot.telegram.bot import EaselBot
from bot.telegram.callbacks import InlineAction, JobAction, acts
from bot.telegram.captions import Words
from bot.telegram.context import Context
from bot.telegram.inline.buttons import agreed
from bot.telegram.inline.cards import Card, card, chooser
from bot.telegram.inline.orders import Choice, Typed, choices
from bot.telegram.inline.view import InlineMessages
from bot.telegram.job_buttons import cancel_button
from bot.telegram.message import edit_words
from bot.telegram.order_desk import market
from bot.telegram.order_draft import Market
from bot.telegram.order_request import Wrong
from bot.telegram.safety_words import safety_toast
from bot.telegram.texts import Html, Speech

log = structlog.get_logger(__name__)

ASK_EVERY = 30.0
"""Seconds within which a second tap on Cancel means it."""


def build_router() -> Router:
    """Stands before the buttons of other messages: what comes from an inline message is answered here."""
    router = Router(name="inline-presses")
    register = router.callback_query.register
    register(generate, InlineAction.filter(), acts("go"), is_inline)
    register(look, InlineAction.filter(), acts("pick", "page"), is_inline)
    register(retry, InlineAction.filter(), acts("retry"), is_inline)
    register(see, InlineAction.filter(), acts("see"), is_inline)
    register(cancel, JobAction.filter(), acts("cancel"), is_inline)
    return router


class _IsInline(Filter):
    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        return {"at": Target(0, None, 0, query.inline_message_id)} if query.inline_message_id else False


is_inline = _IsInline()


@dataclass(frozen=True, slots=True)
class Counter:
    """Where one person is served under one inline message."""

    ctx: Context
    bot: EaselBot
    query: CallbackQuery
    person: User
    t: Speech
    at: Target

    async def toast(self, key: str, *, alert: bool = False, **values: str | int) -> None:
        await speak.toast(self.query, self.t.plain(key, **values), alert=alert)

    async def show(self, shown: Card) -> None:
        """Rewrites the message; one that is gone stays so."""
        try:
            await edit_words(self.bot, self.at, *shown)
        except TelegramBadRequest as error:
            log.info("inline.edit_refused", error=error.message[:200])

    async def draft(self, name: str) -> tuple[Draft, preferences.Preferences] | None:
        """The card's draft, if it is this person's and this message's; else None, and the press was answered."""

        def find(conn: Connection) -> tuple[Draft | None, Job | None, bool, preferences.Preferences]:
            draft, job = cards.find(conn, name), store.get(conn, name)
            mine = draft is not None and draft.user_id == self.person.id
            here = draft is not None and mine and cards.bind(conn, draft, self.at.inline_id)
            return draft, job, here, preferences.of(conn, self.person.id)

        draft, job, here, own = await self.ctx.db.transaction(find)
        owner = draft.user_id if draft is not None else job.user_id if job is not None else self.person.id
        if owner != self.person.id:
            await self.toast("order-toast-not-yours")
        elif draft is not None and here:
            return draft, own
        elif draft is None and job is not None:
            await self.toast("order-toast-placed")
        elif draft is None:
            await self.toast("inline-toast-expired", alert=True)
        else:
            await self.toast("order-toast-stale")
        return None

    async def job(self, name: str) -> Job | None:
        """The job whose message this is, if it is this person's; else None, and the press was answered."""
        job = await self.ctx.db.read(lambda conn: store.get(conn, name))
        if job is not None and job.user_id != self.person.id:
            await self.toast("order-toast-not-yours")
        elif job is None or job.target.inline_id != self.at.inline_id:
            await self.toast("order-toast-stale")
        else:
            return job
        return None


async def generate(
    query: CallbackQuery,
    callback_data: InlineAction,
    bot: EaselBot,
    ctx: Context,
    person: User,
    t: Speech,
    at: Target,
    *,
    ticket: Ticket | None = None,
) -> None:
    """Orders what the button says at the price that it says; any other is shown, and nothing held."""
    desk = Counter(ctx, bot, query, person, t, at)
    found = await desk.draft(callback_data.id)
    if found is None:
        return
    draft, own = found
    said, offers = agreed(callback_data.arg), await market(ctx)
    if not ctx.staging.works:
        await desk.toast("inline-toast-off", alert=True)
        return
    choice = await _choice(desk, draft, own, said[0] if said is not None else "", offers)
    if choice is None or said is None:
        return
    if said[1] != choice.price:
        await _reprice(desk, draft, choice, offers, t("order-requoted"))
        return
    order = Order(
        id=draft.id,
        account_id=person.account_id,
        user_id=person.id,
        model=choice.model.slug,
        prompt=choice.order.prompt,
        options=choice.order.chosen(),
        quote=choice.price,
        locale=t.language,
        target=at,
        results=results(choice.model, choice.order.chosen()),
    )
    try:
        placed = await ctx.orders.submit(order, quoted_at=draft.quoted_at or 0.0, ticket=ticket)
    except QuoteStale as stale:
        same = stale.quote == choice.price
        await _reprice(desk, draft, choice, offers, t("order-requoted-same" if same else "order-requoted"))
    except Refusal as refusal:
        await _refuse(desk, draft, choice, offers, refusal)
    else:
        if not placed.existed:
            progress = Progress(Stage.QUEUED, position=placed.position)
            text = Words(ctx.shop.catalog).progress(t, placed.job, progress)
            ctx.outbox.progress(at, text, cancel_button(t, placed.job, progress))
        await desk.toast("order-toast-placed" if placed.existed else "order-toast-placed-now")


async def _choice(
    desk: Counter, draft: Draft, own: preferences.Preferences, slug: str, offers: Market
) -> Choice | None:
    """The order for that model; None when it is not to be had, and the press was answered."""
    try:
        found = choices(desk.ctx, desk.t, Typed.from_data(draft.data), offers, own)
    except Wrong:
        found = ()
    choice = next((each for each in found if each.model.slug == slug), None)
    if choice is None:
        await desk.toast("inline-toast-not-sold", alert=True)
    return choice


async def _reprice(desk: Counter, draft: Draft, choice: Choice, offers: Market, note: Html) -> None:
    await desk.ctx.db.transaction(lambda conn: cards.requote(conn, draft))
    await desk.toast("inline-toast-price")
    typed = Typed.from_data(draft.data)
    await desk.show(await card(desk.ctx, desk.t, draft.id, typed, choice, offers, note=note))


async def _refuse(desk: Counter, draft: Draft, choice: Choice, offers: Market, refusal: Refusal) -> None:
    """Said to the one who pressed, without a figure of the balance: others see the message."""
    match refusal:
        case NotEnoughCredits():
            await desk.toast("inline-toast-short", alert=True)
            typed = Typed.from_data(draft.data)
            await desk.show(await card(desk.ctx, desk.t, draft.id, typed, choice, offers, short=True))
        case TooManyActiveJobs(limit=limit):
            await desk.toast("inline-toast-too-many", alert=True, limit=limit)
        case QueueFull():
            await desk.toast("inline-toast-queue", alert=True)
        case NotOnSale():
            await desk.toast("inline-toast-not-sold", alert=True)
        case _:
            said = safety_toast(desk.t, refusal)
            if said is None:
                raise refusal
            await speak.toast(desk.query, said, alert=True)


async def look(
    query: CallbackQuery, callback_data: InlineAction, bot: EaselBot, ctx: Context, person: User, t: Speech, at: Target
) -> None:
    """A model is chosen, or the list of them turned: nothing is ordered."""
    desk = Counter(ctx, bot, query, person, t, at)
    found = await desk.draft(callback_data.id)
    if found is None:
        return
    draft, own = found
    offers, typed, arg = await market(ctx), Typed.from_data(draft.data), callback_data.arg
    if callback_data.act == "pick":
        choice = await _choice(desk, draft, own, arg, offers)
        if choice is not None:
            await ctx.db.transaction(lambda conn: cards.requote(conn, draft))
            await speak.toast(query)
            await desk.show(await card(ctx, t, draft.id, typed, choice, offers))
        return
    await speak.toast(query)
    try:
        several = choices(ctx, t, typed, offers, own)
    except Wrong:
        return
    page = int(arg) if arg.isdecimal() and len(arg) < 4 else 0
    await desk.show(chooser(t, draft.id, several, page))


async def retry(
    query: CallbackQuery, callback_data: InlineAction, bot: EaselBot, ctx: Context, person: User, t: Speech, at: Target
) -> None:
    """From a failure back to the card, with the price of now. One card follows each failure, however often it is
    pressed."""
    desk = Counter(ctx, bot, query, person, t, at)
    job = await desk.job(callback_data.id)
    if job is None:
        return
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        await desk.toast("order-toast-stale")
        return
    name, typed = draft_id("again", job.id), Typed.again(job)

    def begin(conn: Connection) -> Draft | None:
        if store.get(conn, name) is not None:
            return None
        return cards.post(conn, id=name, user_id=person.id, data=typed.to_data(), inline_id=at.inline_id)

    draft = await ctx.db.transaction(begin)
    if draft is None:
        await desk.toast("order-toast-placed")
        return
    own, offers = preferences.Preferences(), await market(ctx)
    choice = await _choice(desk, draft, own, job.model, offers)
    if choice is not None:
        await speak.toast(query)
        await desk.show(await card(ctx, t, draft.id, typed, choice, offers))


async def see(
    query: CallbackQuery,
    callback_data: InlineAction,
    bot: EaselBot,
    ctx: Context,
    person: User,
    t: Speech,
    at: Target,
) -> None:
    """Another of several results in the same message."""
    desk = Counter(ctx, bot, query, person, t, at)
    job, arg = await desk.job(callback_data.id), callback_data.arg
    if job is None:
        return
    index = int(arg) if arg.isdecimal() and len(arg) < 4 else -1
    if job.state is not JobState.DONE or not 0 <= index < len(job.delivered) or not job.delivered[index].file_id:
        await desk.toast("order-toast-stale")
        return
    await speak.toast(query)
    try:
        await InlineMessages(bot, ctx.texts, ctx.shop, ctx.options, ctx.staging).show(job, index)
    except TelegramAPIError as error:
        log.info("inline.edit_refused", error=error.message[:200])


async def cancel(
    query: CallbackQuery,
    callback_data: JobAction,
    bot: EaselBot,
    ctx: Context,
    person: User,
    t: Speech,
    at: Target,
    *,
    ticket: Ticket | None = None,
) -> None:
    """A waiting job at once; a running one has cost the operator something: it takes a second tap."""
    desk = Counter(ctx, bot, query, person, t, at)
    job = await desk.job(callback_data.id)
    if job is None:
        return
    if job.state in UPSTREAM and await ctx.orders.cancels_left(job.account_id):

        def ask(conn: Connection) -> bool:
            first = once(conn, f"cancel:{job.id}", every=ASK_EVERY)
            if first and ticket is not None:
                handled(conn, ticket)  # delivered again, the same tap would count as the second
            return first

        if await ctx.db.transaction(ask):
            await desk.toast("inline-toast-sure", alert=True)
            return
    try:
        await ctx.orders.cancel(job.id, account_id=job.account_id, ticket=ticket)
    except TooManyCancels as error:
        await desk.toast("jobs-toast-too-many-cancels", alert=True, limit=error.limit)
    except (NotCancellable, UnknownJob):
        await desk.toast("jobs-toast-too-late")
    else:
        await desk.toast("jobs-toast-cancelled")
