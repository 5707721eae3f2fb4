"""Presses under inline messages before the order: Generate, and the choice of a model."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import KeyReused, Refusal
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs.submit import Placed, QuoteStale, Wanted
from bot.engine.ports import Progress, Stage
from bot.telegram.i18n.texts import Html
from bot.telegram.inline.cards import card, chooser
from bot.telegram.inline.choices import Choice, Typed, choices
from bot.telegram.inline.keyboards import Agreed
from bot.telegram.inline.press_context import InlinePress, choice_of, is_inline
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.parse import Wrong
from bot.telegram.orders.view.presenter import market
from bot.telegram.orders.view.refusals import Place, Remedy, refusal_toast, remedy_of
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import InlineAction, acts
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.keyboards import cancel_button
from bot.telegram.updates.unregistered import is_stranger


def build_router() -> Router:
    """Stands before the buttons of other messages: what comes from an inline message is answered here."""
    router = Router(name="inline-presses")
    router.callback_query.register(generate, InlineAction.filter(), acts("go"), is_inline)
    router.callback_query.register(look, InlineAction.filter(), acts("pick", "page"), is_inline)
    return router


async def generate(query: CallbackQuery, callback_data: InlineAction, desk: InlinePress) -> None:
    """Orders what the card says at the price that it says; anything else is shown anew, and nothing held."""
    found = await desk.draft(callback_data.id)
    if found is None:
        return
    ctx, person, t = desk.ctx, desk.person, desk.t
    draft, own = found
    said, offers = Agreed.from_arg(callback_data.arg), await market(ctx)
    if not ctx.staging.works:
        await desk.toast("inline-toast-off", alert=True)
        return
    choice = await choice_of(desk, draft, own, said.slug if said is not None else "", offers)
    if choice is None or said is None:
        return
    if is_stranger(person):
        await desk.toast("inline-toast-start", alert=True)
        await _with_way(desk, draft, choice, offers, "inline-button-start")
        return
    if said.quote != choice.price or said.seal != choice.quote_fingerprint:
        note = "order-requoted" if said.quote != choice.price else "order-changed"
        await _reprice(desk, draft, choice, offers, t(note))
        return
    wanted = Wanted(
        id=draft.id,
        model=choice.model.slug,
        target=desk.at,
        locale=t.language,
        prompt=choice.order.prompt,
        options=choice.order.chosen(),
    )
    try:
        placed = await ctx.orders.checkout(person, wanted, quote=choice.price, quoted_at=draft.quoted_at or 0.0)
    except KeyReused:  # somebody else ordered from nobody's card in the same moment
        await desk.toast("order-toast-not-yours")
    except QuoteStale as stale:
        same = stale.quote == choice.price
        await _reprice(desk, draft, choice, offers, t("order-requoted-same" if same else "order-requoted"))
    except Refusal as refusal:
        await _refuse(desk, draft, choice, offers, refusal)
    else:
        if not placed.existed:
            _waiting(desk, placed)
        await desk.toast("order-toast-placed" if placed.existed else "order-toast-placed-now")


def _waiting(desk: InlinePress, placed: Placed) -> None:
    progress = Progress(Stage.QUEUED, position=placed.position)
    text = JobTexts(desk.ctx.shop.catalog).progress(desk.t, placed.job, progress)
    desk.ctx.outbox.reopen(desk.at)  # an earlier try may have ended here
    desk.ctx.outbox.progress(desk.at, text, cancel_button(desk.t, placed.job, progress))


async def _reprice(desk: InlinePress, draft: Draft, choice: Choice, offers: Market, note: Html) -> None:
    await desk.ctx.engine.cards.requote(draft)
    await desk.toast("inline-toast-price")
    typed = Typed.from_data(draft.data)
    await desk.show(await card(desk.ctx, desk.t, draft.id, typed, choice, offers, note=note))


async def _with_way(desk: InlinePress, draft: Draft, choice: Choice, offers: Market, label: str) -> None:
    """The card with a way into the private chat, where what is missing is to be had."""
    typed = Typed.from_data(draft.data)
    await desk.show(await card(desk.ctx, desk.t, draft.id, typed, choice, offers, way=label))


async def _refuse(desk: InlinePress, draft: Draft, choice: Choice, offers: Market, refusal: Refusal) -> None:
    """Said to the one who pressed. Credits are to be had in private: the card gets a way to it, and waits."""
    await messages.answer_callback(desk.query, refusal_toast(desk.ctx, desk.t, refusal, Place.INLINE), alert=True)
    if remedy_of(refusal) is Remedy.CREDITS:
        await _with_way(desk, draft, choice, offers, "inline-button-credits")


async def look(query: CallbackQuery, callback_data: InlineAction, desk: InlinePress) -> None:
    """A model is chosen, or the list of them turned: nothing is ordered."""
    found = await desk.draft(callback_data.id)
    if found is None:
        return
    ctx, t = desk.ctx, desk.t
    draft, own = found
    offers, typed, arg = await market(ctx), Typed.from_data(draft.data), callback_data.arg
    if callback_data.act == "pick":
        choice = await choice_of(desk, draft, own, arg, offers)
        if choice is not None:
            await ctx.engine.cards.requote(draft)
            await messages.answer_callback(query)
            await desk.show(await card(ctx, t, draft.id, typed, choice, offers))
        return
    await messages.answer_callback(query)
    try:
        several = choices(ctx, t, typed, offers, own)
    except Wrong:
        return
    page = int(arg) if arg.isdecimal() and len(arg) < 4 else 0
    await desk.show(chooser(t, draft.id, several, page))
