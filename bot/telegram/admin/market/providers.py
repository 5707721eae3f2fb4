"""/providers: how all of them do, a page for each with its switches. A typed command acts at once, a button that takes
models off sale asks first."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Terms
from bot.domain.orders.matching import Hit, match
from bot.engine.accounts.users import User
from bot.engine.catalog import overrides
from bot.engine.catalog.pauses import BAD_KEY
from bot.engine.operations.provider_admin import ProviderAdmin, ProviderState
from bot.telegram.admin.access import acts
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.admin.status.pause_texts import PAUSES, bounded, pauses_lines
from bot.telegram.admin.status.status import off_sale
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.paging import cut, ring, wanted

TITLE: Final = 24
ERROR: Final = 80
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-providers")
    router.message.register(command_given, is_command("providers"))
    router.callback_query.register(press, AdminAction.filter(), acts("prov"))
    return router


async def command_given(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, replies: AdminReplies
) -> None:
    """`/providers`, `/providers off|on|probe <name>`."""
    act, _, name = (command.args or "").strip().partition(" ")
    act = act.lower()
    if not act:
        await replies.answer(message, *await list_page(ctx, t))
        return
    terms = named(ctx, name)
    if act not in ("on", "off", "probe") or terms is None:
        known = ", ".join(ctx.shop.catalog.terms)
        await replies.answer(message, t("providers-form", known=one_line(known, 4 * ERROR)))
        return
    said = await _do(ctx.provider_admin, act, terms, person, t)
    await replies.answer(message, *await provider_page(ctx, t, terms, said))


def named(ctx: Context, name: str) -> Terms | None:
    """The provider of that name or title, also when only begun; None for none or several."""
    terms = ctx.shop.catalog.terms
    found = match(name.strip(), [(key, (key, one.title)) for key, one in terms.items()])
    return terms[found.key] if isinstance(found, Hit) else None


async def press(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, replies: AdminReplies
) -> None:
    provider_admin, terms = ctx.provider_admin, ctx.shop.catalog.terms.get(callback_data.id)
    if callback_data.id and terms is None:
        await replies.answer_callback(query, "order-toast-stale")
        return
    act = callback_data.arg
    if terms is not None and act == "off":
        await replies.answer_press(query, t("providers-sure", provider=terms.title), _sure(t, terms))
        return
    said = Html("")
    if terms is not None and act in ("on", "probe", "off-ok"):
        said = await _do(provider_admin, act.removesuffix("-ok"), terms, person, t)
    await replies.answer_callback(query)
    page = await list_page(ctx, t, wanted(act)) if terms is None else await provider_page(ctx, t, terms, said)
    await replies.show(query, *page)


async def _do(provider_admin: ProviderAdmin, act: str, terms: Terms, person: User, t: Speech) -> Html:
    """Does it and says what changed."""
    name = terms.provider
    if act == "probe":
        return t(
            "providers-probed" if await provider_admin.probe(name) else "providers-not-probed", provider=terms.title
        )
    done = await provider_admin.switch(overrides.PROVIDER, name, on=act == "on", actor=person.id)
    return t(f"providers-now-{act}" if done else f"providers-already-{act}", provider=terms.title)


def _sure(t: Speech, terms: Terms) -> InlineKeyboardMarkup:
    yes = button(t.plain("providers-tap-sure"), AdminAction(act="prov", id=terms.provider, arg="off-ok"), "danger")
    return markup([[yes, button(t.plain("tap-back"), AdminAction(act="prov", id=terms.provider))]])


async def list_page(ctx: Context, t: Speech, number: int = 0) -> Shown:
    """All providers, a line and a button each: those that need the operator first, those without a key last."""
    states = (await ctx.provider_admin.states())[1]
    shown, page = cut(sorted(states, key=_urgency), number)
    told = [_line(t, state) for state in shown]
    opens = [
        button(one_line(state.terms.title, TITLE), AdminAction(act="prov", id=state.terms.provider))
        for state in shown
        if state.has_key
    ]
    off = len(off_sale(await ctx.shop.everything()))
    ends = [button(t.plain("tap-back"), AdminAction(act="status")), _refresh(t)]
    if off:
        ends.insert(0, button(t.plain("status-tap-off", count=off), AdminAction(act="status", arg="off")))
    turns = ring(page, lambda n: AdminAction(act="prov", arg=str(n)))
    return lines([t("providers-title"), *told]), markup([*in_rows(opens, 2), *turns, *in_rows(ends, 2)])


def _refresh(t: Speech, name: str = "") -> InlineKeyboardButton:
    return button(t.plain("admin-tap-refresh"), AdminAction(act="prov", id=name))


def _urgency(state: ProviderState) -> int:
    """Paused, then switched off, then at work, then without a key."""
    if not state.has_key:
        return 3
    if state.off:
        return 1
    return 0 if state.pauses else 2


def _line(t: Speech, state: ProviderState) -> Html:
    """How a provider does, in one line."""
    title = one_line(state.terms.title, TITLE)
    if not state.has_key:
        return t("admin-status-no-key", provider=title)
    if state.off:
        return t("providers-off", provider=title)
    if state.pauses:
        return t("providers-paused", provider=title, reason=state.pauses[0].kind)
    return t("providers-closed", provider=title, models=state.models)


async def provider_page(ctx: Context, t: Speech, terms: Terms, said: Html) -> Shown:
    """Everything about one provider, below what was just done, and its buttons."""
    moment, states = await ctx.provider_admin.states()
    state = next(each for each in states if each.terms.provider == terms.provider)
    text = bounded(lambda most: lines([said, provider_text(ctx, t, state, moment, most)]))
    back = button(t.plain("tap-back"), AdminAction(act="prov"))
    rows = [_buttons(t, state, moment)] if state.has_key else []
    return text, markup([*rows, [back, _refresh(t, terms.provider)]])


def _buttons(t: Speech, state: ProviderState, moment: float) -> list[InlineKeyboardButton]:
    name, title = state.terms.provider, one_line(state.terms.title, TITLE)
    if state.off:
        return [button(t.plain("providers-tap-on", provider=title), AdminAction(act="prov", id=name, arg="on"))]
    row = [button(t.plain("providers-tap-off", provider=title), AdminAction(act="prov", id=name, arg="off"), "danger")]
    if any(p.kind == BAD_KEY or (p.probe_at is not None and not p.open_for_probe(moment)) for p in state.pauses):
        label = t.plain("providers-tap-probe", provider=title)
        row.append(button(label, AdminAction(act="prov", id=name, arg="probe")))
    return row


def provider_text(ctx: Context, t: Speech, state: ProviderState, moment: float, most: int = PAUSES) -> Html:
    """One provider: its circuit, why it is paused, how it did lately, what it has under way, its balance."""
    title = one_line(state.terms.title, TITLE)
    if not state.has_key:
        return t("admin-status-no-key", provider=title)
    if state.off:
        head = t("providers-off", provider=title)
    else:
        head = t(f"providers-{_circuit(state, moment)}", provider=title, models=state.models)
    told = [head, *pauses_lines(ctx, t, state.pauses, moment, most)]
    return lines([*told, *_figures(t, state)])


def _circuit(state: ProviderState, moment: float) -> str:
    """The word for it: closed, open, half-open."""
    circuit = state.circuit
    if circuit is None:
        return "closed"
    return "half-open" if (circuit.probe_at or moment) <= moment else "open"


def _figures(t: Speech, state: ProviderState) -> list[Html]:
    record, asked = state.record, state.asked
    ends = record.done + record.failed
    told = [
        t(
            "admin-status-queue",
            queued=state.queue.queued,
            upstream=state.queue.upstream,
            most=state.terms.concurrency,
            delivering=state.queue.delivering,
        )
    ]
    if ends:
        told.append(t("providers-success", percent=round(100 * record.done / ends), done=record.done, count=ends))
    if record.median is not None:
        told.append(t("providers-median", time=t.duration(record.median)))
    if asked.ping is not None:
        told.append(t("providers-ping", ms=round(asked.ping * 1000)))
    elif asked.error:
        told.append(t("providers-no-ping", why=one_line(asked.error, ERROR)))
    if asked.balance is not None:
        told.append(t("providers-balance", balance=t.number(asked.balance), unit=state.terms.unit))
    return told
