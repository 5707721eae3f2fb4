"""Presses under inline messages before the order: Generate, and the choice of a model."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import KeyReused, Refusal
from bot.engine.accounts.preferences import Preferences
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs.submit import Placed, QuoteStale, Wanted
from bot.engine.ports import Progress, Stage
from bot.telegram.i18n.texts import Html
from bot.telegram.inline.cards import card, chooser
from bot.telegram.inline.choices import Choice, Typed, choices
from bot.telegram.inline.keyboards import Agreed
from bot.telegram.inline.press_context import InlinePress, choice_of, is_inline, own_card
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
    router.callback_query.register(generate, InlineAction.filter(), acts("go"), is_inline, own_card)
    router.callback_query.register(look, InlineAction.filter(), acts("pick", "page"), is_inline, own_card)
    return router


async def generate(
    _: CallbackQuery, callback_data: InlineAction, press: InlinePress, draft: Draft, own: Preferences
) -> None:
    """Orders what the card says at the price that it says; anything else is shown anew, and nothing held."""
    ctx, person, t = press.ctx, press.person, press.t
    said, offers = Agreed.from_arg(callback_data.arg), await market(ctx)
    if not ctx.staging.works:
        await press.toast("inline-toast-off", alert=True)
        return
    choice = await choice_of(press, draft, own, said.slug if said is not None else "", offers)
    if choice is None or said is None:
        return
    if is_stranger(person):
        await press.toast("inline-toast-start", alert=True)
        await _with_way(press, draft, choice, offers, "inline-button-start")
        return
    if said.quote != choice.price or said.seal != choice.quote_fingerprint:
        note = "order-requoted" if said.quote != choice.price else "order-changed"
        await _reprice(press, draft, choice, offers, t(note))
        return
    wanted = Wanted(
        id=draft.id,
        model=choice.model.slug,
        target=press.at,
        locale=t.language,
        prompt=choice.order.prompt,
        options=choice.order.chosen(),
    )
    try:
        placed = await ctx.orders.checkout(person, wanted, quote=choice.price, quoted_at=draft.quoted_at or 0.0)
    except KeyReused:  # another user ordered from the unclaimed card in the same moment
        await press.toast("order-toast-not-yours")
    except QuoteStale as stale:
        same = stale.quote == choice.price
        await _reprice(press, draft, choice, offers, t("order-requoted-same" if same else "order-requoted"))
    except Refusal as refusal:
        await _refuse(press, draft, choice, offers, refusal)
    else:
        if not placed.existed:
            _waiting(press, placed)
        await press.toast("order-toast-placed" if placed.existed else "order-toast-placed-now")


def _waiting(press: InlinePress, placed: Placed) -> None:
    progress = Progress(Stage.QUEUED, position=placed.position)
    text = JobTexts(press.ctx.shop.catalog).progress(press.t, placed.job, progress)
    press.ctx.outbox.reopen(press.at)  # an earlier try may have ended here
    press.ctx.outbox.progress(press.at, text, cancel_button(press.t, placed.job, progress))


async def _reprice(press: InlinePress, draft: Draft, choice: Choice, offers: Market, note: Html) -> None:
    await press.ctx.engine.cards.requote(draft)
    await press.toast("inline-toast-price")
    typed = Typed.from_data(draft.data)
    await press.show(await card(press.ctx, press.t, draft.id, typed, choice, offers, note=note))


async def _with_way(press: InlinePress, draft: Draft, choice: Choice, offers: Market, label: str) -> None:
    """The card with a way into the private chat, where what is missing is to be had."""
    typed = Typed.from_data(draft.data)
    await press.show(await card(press.ctx, press.t, draft.id, typed, choice, offers, way=label))


async def _refuse(press: InlinePress, draft: Draft, choice: Choice, offers: Market, refusal: Refusal) -> None:
    """Said to the one who pressed. Credits are to be had in private: the card gets a way to it, and waits."""
    await messages.answer_callback(press.query, refusal_toast(press.ctx, press.t, refusal, Place.INLINE), alert=True)
    if remedy_of(refusal) is Remedy.CREDITS:
        await _with_way(press, draft, choice, offers, "inline-button-credits")


async def look(
    query: CallbackQuery, callback_data: InlineAction, press: InlinePress, draft: Draft, own: Preferences
) -> None:
    """A model is chosen, or the list of them turned: nothing is ordered."""
    ctx, t = press.ctx, press.t
    offers, typed, arg = await market(ctx), Typed.from_data(draft.data), callback_data.arg
    if callback_data.act == "pick":
        choice = await choice_of(press, draft, own, arg, offers)
        if choice is not None:
            await ctx.engine.cards.requote(draft)
            await messages.answer_callback(query)
            await press.show(await card(ctx, t, draft.id, typed, choice, offers))
        return
    await messages.answer_callback(query)
    try:
        several = choices(ctx, t, typed, offers, own)
    except Wrong:
        return
    page = int(arg) if arg.isdecimal() and len(arg) < 4 else 0
    await press.show(chooser(t, draft.id, several, page))
