"""One difference of /models sync: a new model is planned and put on sale, a gone one switched off."""

from dataclasses import replace
from typing import Any, Final

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.catalog.pricing import price_of_units
from bot.domain.jobs import Target
from bot.engine.accounts.users import User
from bot.engine.catalog.new_model import Drawn, Plan
from bot.engine.dialogs.drafts import Draft, draft_id
from bot.engine.operations.discovery import Found, News, NotPut, ProviderSilent, found_json
from bot.engine.operations.provider_admin import ProviderAdmin
from bot.telegram.admin.access import OwnQuestion, acts
from bot.telegram.admin.market.found import NAME, found_line, report_of
from bot.telegram.admin.market.models import OPEN_REPORT
from bot.telegram.admin.market.models import PURPOSE as SYNC
from bot.telegram.admin.market.sync_data import changed_by, plan_json, plan_of_data
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.keyboards import button, in_rows, markup

PURPOSE: Final = "plan"
OPTIONS: Final = 300
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-market-plan")
    router.callback_query.register(open_found, AdminAction.filter(), acts("found"), OPEN_REPORT)
    router.callback_query.register(
        press, AdminAction.filter(), acts("plan"), OwnQuestion({PURPOSE}, gone="market-toast-gone")
    )
    router.message.register(edited, is_about_a_plan)
    return router


async def is_about_a_plan(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """A reply to the card of a plan."""
    replied = message.reply_to_message
    if replied is None or not message.text or message.text.startswith("/") or message.chat.id != person.id:
        return False
    if replied.from_user is None or not replied.from_user.is_bot:
        return False
    draft = await ctx.engine.confirmations.at(person.id, replied.message_id, PURPOSE)
    return {"draft": draft} if draft is not None else False


async def open_found(
    query: CallbackQuery, callback_data: AdminAction, draft: Draft, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    index = int(callback_data.arg) if callback_data.arg.isascii() and callback_data.arg.isdigit() else -1
    found = report_of(draft).found[index : index + 1] if index >= 0 else ()
    if not found:
        await replies.answer_callback(query, "market-toast-gone", alert=True)
        return
    if found[0].news is not News.NEW or found[0].slug:
        await replies.answer_press(query, *_known(ctx, t, draft.id, index, found[0]))
        return
    await _open_new(query, replies, ctx.provider_admin, draft.id, index, found[0])


async def _open_new(
    query: CallbackQuery, replies: AdminReplies, provider_admin: ProviderAdmin, sync_id: str, index: int, found: Found
) -> None:
    """The plan as it was left, or a first one made of what the provider tells."""
    confirmations, asker = replies.ctx.engine.confirmations, replies.person.id
    plan_id = draft_id("plan", sync_id, index)
    kept = await confirmations.of(asker, plan_id, {PURPOSE})
    if kept is None:
        try:
            plan = await provider_admin.discovery.plan(found)
        except ProviderSilent:
            await replies.answer_callback(query, "market-toast-silent", alert=True)
            return
        at = Target(asker, None, query.message.message_id if query.message is not None else 0)
        data = plan_json(plan) | {"sync": sync_id, "index": index}
        kept = await confirmations.ask(plan_id, asker=asker, purpose=PURPOSE, data=data, at=at)
    elif query.message is not None:
        kept.message_id = query.message.message_id
        await confirmations.save(kept)
    await replies.answer_press(query, *card(provider_admin, replies.t, kept))


def _known(ctx: Context, t: Speech, sync_id: str, index: int, found: Found) -> Shown:
    """A model that is sold: gone ones are offered to be switched off."""
    rows = []
    if found.news is News.GONE and found.slug:
        off = AdminAction(act="model", id=found.slug, arg="off")
        rows.append([button(t.plain("market-tap-off", model=found.title), off, "danger")])
    rows.append([_back(t, sync_id, index)])
    hint = t(f"market-hint-{found.news.value}", slug=found.slug, live="yes" if found.live else "no")
    return lines([found_line(ctx, t, index, found, NAME), hint]), markup(rows)


def _back(t: Speech, sync_id: str, index: int) -> Any:
    return button(t.plain("tap-back"), AdminAction(act="sync", id=sync_id, arg=str(max(0, index) // 8)))


async def press(
    query: CallbackQuery, callback_data: AdminAction, draft: Draft, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    """A kind, or "put on sale"."""
    provider_admin, arg = ctx.provider_admin, callback_data.arg
    if arg == "sell":
        await _sell(query, replies, provider_admin, draft)
        return
    if arg in set(Kind):
        draft.data |= plan_json(replace(plan_of_data(draft.data), kind=Kind(arg)))
        await ctx.engine.confirmations.save(draft)
    await replies.answer_press(query, *card(provider_admin, t, draft, kinds=arg == "kinds"))


async def _sell(query: CallbackQuery, replies: AdminReplies, provider_admin: ProviderAdmin, draft: Draft) -> None:
    t, plan = replies.t, plan_of_data(draft.data)
    try:
        entry = await provider_admin.discovery.put_on_sale(plan, actor=replies.person.id)
    except NotPut as refused:
        await replies.answer_callback(query, f"market-toast-lacks-{refused.why}", alert=True)
        return
    sync_id, index = str(draft.data["sync"]), int(draft.data["index"])

    confirmations = replies.ctx.engine.confirmations
    sync = await confirmations.of(replies.person.id, sync_id, {SYNC})
    if sync is not None:
        found = list(report_of(sync).found)
        found[index] = replace(found[index], slug=entry.slug)
        sync.data["found"] = [found_json(f) for f in found]
    await confirmations.end(draft.id, changed=sync)
    await replies.answer_callback(query)
    text = t("market-put", slug=entry.slug, title=entry.title.en)
    await replies.show(query, text, markup([[_back(t, sync_id, index)]]))


async def edited(message: Message, draft: Draft, ctx: Context, t: Speech, replies: AdminReplies) -> None:
    """Lines such as "price: 12" in a reply to the card; a line without a name is the title. Shows the card anew."""
    plan, wrong = plan_of_data(draft.data), ""
    for line in (message.text or "").splitlines()[:8]:
        changed = changed_by(plan, line)
        plan, wrong = (plan, line) if changed is None else (changed, wrong)
    draft.data |= plan_json(plan)
    text, keyboard = card(ctx.provider_admin, t, draft)
    bad = t("market-bad-line", given=one_line(wrong, NAME)) if wrong else Html("")
    draft.message_id = await replies.answer(message, lines([bad, text]), keyboard)
    await ctx.engine.confirmations.save(draft)


def card(provider_admin: ProviderAdmin, t: Speech, draft: Draft, *, kinds: bool = False) -> Shown:
    """What would be sold, and what is missing for it."""
    plan, discovery = plan_of_data(draft.data), provider_admin.discovery
    drawn = discovery.drawn(plan)
    problem = discovery.problem(plan)
    ready = drawn.entry is not None and not problem
    rows = []
    if kinds or plan.kind is None:
        choices = [button(t.plain(f"market-kind-{k.value}"), _plan_act(draft, k.value)) for k in Kind]
        rows += in_rows(choices, 3)
    else:
        rows.append([button(t.plain("market-tap-kind"), _plan_act(draft, "kinds"))])
    if ready:
        rows.append([button(t.plain("market-tap-sell"), _plan_act(draft, "sell"), "success")])
    rows.append([_back(t, str(draft.data["sync"]), int(draft.data["index"]))])
    return _card_text(provider_admin, t, plan, drawn, problem), markup(rows)


def _plan_act(draft: Draft, arg: str) -> AdminAction:
    return AdminAction(act="plan", id=draft.id, arg=arg)


def _card_text(provider_admin: ProviderAdmin, t: Speech, plan: Plan, drawn: Drawn, problem: str) -> Html:
    terms = provider_admin.shop.catalog.terms[plan.provider]
    told = [
        t("market-plan-title", id=one_line(plan.listed.upstream_id, NAME), provider=terms.title),
        t("market-plan-names", title=one_line(plan.title, NAME), slug=plan.slug),
        t("market-plan-kind", kind=t.plain(f"market-kind-{plan.kind.value}") if plan.kind else "?"),
    ]
    if plan.units is not None:
        price = credits_text(t, price_of_units(plan.units, terms))
        live = "yes" if plan.live else "no"
        told.append(t("market-plan-price", units=f"{plan.units:f}", unit=terms.unit, price=price, live=live))
    if plan.tokens is not None:
        told.append(t("market-plan-tokens", input=f"{plan.tokens[0]:f}", output=f"{plan.tokens[1]:f}", unit=terms.unit))
    if drawn.entry is not None:
        names = ", ".join(f"--{o.name}" for o in drawn.entry.options) or "–"
        told.append(t("market-plan-options", options=one_line(names, OPTIONS)))
        if drawn.entry.inputs is not None:
            told.append(t("market-plan-inputs", least=drawn.entry.inputs.minimum, most=drawn.entry.inputs.maximum))
    told += [t(f"market-lacks-{why}", fields=one_line(", ".join(drawn.fields), OPTIONS)) for why in drawn.lacks]
    if problem:
        told.append(t(f"market-lacks-{problem}"))
    return lines([*told, t("market-plan-hint")])
