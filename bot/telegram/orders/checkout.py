"""From a priced draft to a job: the order as it was shown, its message afterwards, and every refusal as a sentence."""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError

from bot.domain.chats import is_private
from bot.domain.errors import Refusal
from bot.domain.jobs import Target
from bot.domain.money import Credits
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs.submit import Placed, QuoteStale, Wanted
from bot.engine.ports import Progress, Stage
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.steps import PromptTooLong, auto_select
from bot.telegram.orders.group_permission import administers, refused_here
from bot.telegram.orders.one_tap import tapped_before, unasked
from bot.telegram.orders.view.keyboards import instead_rows, refused_keyboard
from bot.telegram.orders.view.menu_message import Menu, close, requester
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.orders.view.refusals import Place, Remedy, refusal_text, remedy_of
from bot.telegram.orders.view.texts import lines, ordered
from bot.telegram.ui import messages
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.keyboards import cancel_button
from bot.telegram.updates import unregistered

log = structlog.get_logger(__name__)

REFUSED: Final = "refused"
"""In a draft's data: which refusal its message shows."""
OPENING: Final = 60.0
"""Seconds in which the message of a job from a menu that only its owner saw should be sent."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A draft at its confirmation: what is ordered, for how much, and when that was said."""

    draft: Draft
    order: OrderDraft
    model: str
    quote: Credits
    quoted_at: float


async def start(presenter: OrderPresenter, draft_id: str, at: Target, order: OrderDraft, offers: Market) -> None:
    """Opens an order's message, or begins the job in it at once where the person wants no question at that price.

    What the group's admins do not allow is told instead; who has no account finds the order in the private chat.
    """
    if not is_private(at.chat_id):
        refusal = await refused_here(presenter.ctx, presenter.person, at.chat_id, order.model, order.kind)
        if refusal is not None:
            await presenter.tell(at, refusal_text(presenter.ctx, presenter.t, refusal, Place.ORDER))
            return
        if unregistered.is_stranger(presenter.person):
            await send_home(presenter, draft_id, at, order)
            return
        offers = await market(presenter.ctx, at.chat_id)
        order = _settled(order, offers)
    order = await presenter.completed(order, offers)
    at_once = await unasked(presenter, at.chat_id, order, offers)
    if at_once and await tapped_before(presenter, draft_id, order):
        order, at_once = replace(order, ask_first=True), False
    if not at_once:
        await presenter.open(draft_id, at, order, offers)
        return
    draft = await presenter.open(draft_id, at, order, offers, placing=True)
    if draft is not None and draft.message_id:
        await _place_or_refuse(presenter, draft)


def _settled(order: OrderDraft, offers: Market) -> OrderDraft:
    """What a group's admins left may be a single choice."""
    try:
        return auto_select(order, offers)
    except PromptTooLong:
        return order


async def go_on(
    presenter: OrderPresenter,
    draft: Draft,
    order: OrderDraft,
    offers: Market,
    *,
    ask: bool = False,
) -> None:
    """The next step of an open order, which is the job itself like in `start`. `ask`: not before a Confirm."""
    if ask or not draft.message_id or not await unasked(presenter, draft.chat_id, order, offers):
        await presenter.show(draft, order, offers)
        return
    message_id = draft.message_id
    kept = await presenter.keep(draft, order, offers)
    if kept is not None:
        kept.message_id = message_id  # where the button that was pressed really is
        await _place_or_refuse(presenter, kept)


async def _place_or_refuse(presenter: OrderPresenter, draft: Draft) -> None:
    shown = priced_order(draft)
    if shown is None:
        return
    try:
        placed = await place(presenter, shown)
    except Refusal as refusal:
        await refuse(presenter, draft, shown.order, refusal)
    else:
        await show_placed(presenter, shown, placed)


def priced_order(draft: Draft) -> Priced | None:
    """The draft as its confirmation stands; None when it has no price."""
    order = OrderDraft.from_data(draft.data)
    if order.model is None or draft.quote is None or draft.quoted_at is None:
        return None
    return Priced(draft, order, order.model, draft.quote, draft.quoted_at)


async def place(presenter: OrderPresenter, shown: Priced) -> Placed:
    """Holds the quote and queues the job; `show_placed` is to follow. Raises Refusal: then nothing was held."""
    order, draft, ctx = shown.order, shown.draft, presenter.ctx
    wanted = Wanted(
        id=draft.id,
        model=shown.model,
        target=Target(draft.chat_id, draft.thread_id, draft.message_id),
        locale=presenter.t.language,
        prompt=order.prompt,
        options=order.chosen(),
        inputs=order.inputs,
        source=order.source,
        requester=requester(presenter.person, draft.chat_id),
        opening=0.0 if draft.message_id else OPENING,
    )
    admin = await administers(ctx, presenter.person, draft.chat_id)
    return await ctx.orders.checkout(
        presenter.person, wanted, quote=shown.quote, quoted_at=shown.quoted_at, admin=admin
    )


async def show_placed(presenter: OrderPresenter, shown: Priced, placed: Placed) -> None:
    """The menu's message shows the queue at once. It goes out as progress, so that the worker's newer news replace it.

    Of a menu that only its owner saw nothing is left: the job is a message for all, in answer to the one that asked.
    """
    if placed.existed:
        return
    ctx, t, draft = presenter.ctx, presenter.t, shown.draft
    progress = Progress(Stage.QUEUED, position=placed.position)
    text = JobTexts(ctx.shop.catalog).progress(t, placed.job, progress)
    markup = cancel_button(t, placed.job, progress)
    if placed.job.target.placed:
        ctx.outbox.progress(placed.job.target, text, markup)
        return
    at = Target(draft.chat_id, draft.thread_id, draft.reply_to)
    try:
        stands = await messages.send(ctx, at, text, markup, reply=True)
    except TelegramAPIError as error:
        log.info("order.message_not_sent", job=placed.job.id, error=str(error)[:200])
        stands = replace(at, message_id=0)
    if not await ctx.engine.jobs.record_opened(placed.job.id, stands) and stands.placed:
        await messages.delete(ctx, stands)  # the workers' came before it: this one is too many
    await close(ctx, draft)


async def send_home(presenter: OrderPresenter, draft_id: str, at: Target, order: OrderDraft) -> None:
    """Keeps the order for the private chat of a person without an account, and shows them the way there."""
    ctx, person = presenter.ctx, presenter.person
    await ctx.engine.drafts.open(draft_id, person.id, Target(person.id, None, 0), order.to_data())
    said = presenter.t("shared-start-first-order")
    await unregistered.invite(ctx, person, presenter.t, at, draft_id, said, query_id=presenter.query_id)


async def refuse(presenter: OrderPresenter, draft: Draft, order: OrderDraft, refusal: Refusal) -> None:
    """Says in the draft's message why it is no job, and what to do about it."""
    ctx, t = presenter.ctx, presenter.t
    if isinstance(refusal, QuoteStale):
        note = t("order-requoted-same" if refusal.quote == draft.quote else "order-requoted")
        await presenter.show(draft, order, await market(ctx, draft.chat_id), note=note)
        return
    said = refusal_text(ctx, t, refusal, Place.ORDER, private=is_private(draft.chat_id))
    if draft.is_unclaimed:  # the menu stays for others: this concerns one person
        await presenter.tell(replace(place_of_draft(draft), message_id=draft.reply_to), said)
        return
    match remedy_of(refusal):
        case Remedy.CREDITS:  # the card itself says what is missing, and how to go on
            menu = await presenter.menu(draft, order, await market(ctx, draft.chat_id))
            await _say_refused(presenter, draft, menu)
            return
        case Remedy.OTHER_MODELS:
            instead = instead_rows(t, draft.id, order, await market(ctx, draft.chat_id))
            markup = refused_keyboard(t, draft.id, instead)
        case _:
            markup = refused_keyboard(t, draft.id)
    await _say_refused(presenter, draft, (lines([said, ordered(t, order)]), markup))


async def _say_refused(presenter: OrderPresenter, draft: Draft, menu: Menu) -> None:
    """Draws the refusal into the order's message, unless it stands there in the same words since an earlier press."""
    text, markup = menu
    drawn = text + (markup.model_dump_json(exclude_none=True) if markup is not None else "")
    mark = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    if draft.data.get(REFUSED) != mark:
        await presenter.draw(draft, menu)
    await presenter.ctx.engine.drafts.mark(draft.id, REFUSED, mark)  # what the message shows next stores it without
