"""/models for admins: switch models off and on, rename and reprice those of the shelf, and see what providers list."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Model
from bot.domain.catalog.options import number
from bot.domain.jobs import Target
from bot.domain.orders.matching import Hit, match
from bot.domain.visible import visible
from bot.engine.accounts.users import User
from bot.engine.catalog import overrides
from bot.engine.catalog.schema import ModelEntry
from bot.engine.catalog.shop import Offer, Why
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import Draft
from bot.engine.operations.discovery import found_json
from bot.engine.operations.provider_admin import ProviderAdmin
from bot.telegram.admin.access import OwnQuestion, acts
from bot.telegram.admin.market.found import NAME, sync_page
from bot.telegram.admin.market.sync_data import TITLE_MOST
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.messages import draft_id_of
from bot.telegram.ui.paging import PER_PAGE, page_of, turn_row, wanted

PURPOSE: Final = "sync"
VERBS: Final = frozenset({"sync", "all", "on", "off", "title", "price"})
OPEN_REPORT: Final = OwnQuestion({PURPOSE}, gone="market-toast-gone")
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-market")
    router.message.register(command_given, is_command("models"), for_admins)
    router.callback_query.register(turn, AdminAction.filter(), acts("sync"), OPEN_REPORT)
    router.callback_query.register(switch_pressed, AdminAction.filter(), acts("model"))
    router.callback_query.register(shelf_turned, AdminAction.filter(), acts("shelf"))
    return router


async def for_admins(_: Message, command: CommandObject) -> bool:
    """Without one of these verbs it is the /models of all users."""
    return (command.args or "").strip().split(maxsplit=1)[:1] != [] and _verb(command.args or "") in VERBS


def _verb(args: str) -> str:
    return args.strip().split(maxsplit=1)[0].lower()


async def command_given(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, replies: AdminReplies
) -> None:
    provider_admin = ctx.provider_admin
    verb, _, rest = (command.args or "").strip().partition(" ")
    verb = verb.lower()
    if verb == "sync":
        await _sync(message, replies, provider_admin)
        return
    if verb == "all":
        await replies.answer(message, *await shelf_page(ctx, t, 0))
        return
    slug, _, text = rest.strip().partition(" ")
    model = named(ctx, slug)
    if model is None:
        await replies.answer(message, lines([t("market-no-such", given=one_line(slug, NAME)), t("market-form")]))
        return
    if verb in ("on", "off"):
        await replies.answer(message, await switch(provider_admin, ctx, model, verb, person, t))
    else:
        await replies.answer(message, await _change(provider_admin, t, model, verb, text.strip()))


def named(ctx: Context, name: str) -> Model | None:
    """The model of that slug or title, also when only begun; None for none or several."""
    models = ctx.shop.catalog.models
    found = match(name, [(m.slug, (m.slug, *m.title.by_language.values())) for m in models])
    return ctx.shop.catalog.get(found.key) if isinstance(found, Hit) else None


async def switch(provider_admin: ProviderAdmin, ctx: Context, model: Model, verb: str, person: User, t: Speech) -> Html:
    """Switches the model and says how it stands."""
    done = await provider_admin.switch(overrides.MODEL, model.slug, on=verb == "on", actor=person.id)
    said = t(f"market-now-{verb}" if done else f"market-already-{verb}", model=t.title(model.title), slug=model.slug)
    offer = await ctx.shop.offer(model.slug)
    why = offer.why if offer is not None else "no_key"
    return lines([said, t("market-still-off", why=str(why)) if verb == "on" and why is not None else Html("")])


async def _change(provider_admin: ProviderAdmin, t: Speech, model: Model, verb: str, text: str) -> Html:
    """A new title or price of a model that an admin put on sale."""
    if verb == "title":
        title = " ".join(text.split())
        if not visible(title) or len(title) > TITLE_MOST:
            return t("market-bad-title", most=TITLE_MOST)

        def change(entry: ModelEntry) -> ModelEntry:
            same = entry.title.model_copy(update={"en": title, "ru": title})
            return entry.model_copy(update={"title": same})

        said = t("market-renamed", slug=model.slug, title=title)
    else:
        units = number(text)
        if units is None or not 0 < units <= 1_000_000:
            return t("market-bad-price", given=one_line(text, NAME))

        def change(entry: ModelEntry) -> ModelEntry:
            return entry.model_copy(update={"units": units, "live": False})

        unit = provider_admin.shop.catalog.terms[model.provider].unit
        said = t("market-repriced", slug=model.slug, units=f"{units:f}", unit=unit)
    return (
        said if await provider_admin.discovery.relabel(model.slug, change) else t("market-of-the-file", slug=model.slug)
    )


async def switch_pressed(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, replies: AdminReplies
) -> None:
    """Off asks first."""
    provider_admin, model = ctx.provider_admin, ctx.shop.catalog.get(callback_data.id)
    if model is None or callback_data.arg not in ("on", "off", "off-ok"):
        await replies.answer_callback(query, "order-toast-stale")
        return
    await replies.answer_callback(query)
    if callback_data.arg == "off":
        yes = button(t.plain("providers-tap-sure"), AdminAction(act="model", id=model.slug, arg="off-ok"), "danger")
        no = button(t.plain("market-tap-keep"), AdminAction(act="model", id=model.slug, arg="on"))
        await replies.show(query, t("market-sure", model=t.title(model.title)), markup([[yes, no]]))
        return
    said = await switch(provider_admin, ctx, model, callback_data.arg.removesuffix("-ok"), person, t)
    on = callback_data.arg == "on"
    arg, label = ("off", "market-tap-off") if on else ("on", "market-tap-on")
    again = button(t.plain(label, model=t.title(model.title)), AdminAction(act="model", id=model.slug, arg=arg))
    await replies.show(query, said, markup([[again]]))


async def shelf_turned(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    await replies.answer_callback(query)
    await replies.show(query, *await shelf_page(ctx, t, wanted(callback_data.arg)))


async def shelf_page(ctx: Context, t: Speech, asked: int) -> Shown:
    """The whole catalogue with why something is not sold, and a switch for each model with a key."""
    offers = await ctx.shop.everything()
    at = page_of(asked, len(offers))
    shown = offers[at.offset : at.offset + PER_PAGE]
    told = []
    for o in shown:
        about = {"model": one_line(t.title(o.model.title), NAME), "slug": o.model.slug}
        price = t.money(o.price)
        if o.why is not None:
            told.append(t("market-off-line", why=str(o.why), **about))
        else:
            told.append(t("market-sold-line", price=price, approximate="yes" if o.approximate else "no", **about))
    switches = [
        button(f"{'▶️' if o.why is Why.MODEL_OFF else '⏸'} {t.title(o.model.title)}", _switch_act(o))
        for o in shown
        if o.why is not Why.NO_KEY
    ]
    rows = [*in_rows(switches, 2), *turn_row(at, "shelf")]
    return lines([t("market-all-title", count=len(offers)), *told]), markup(rows)


def _switch_act(offer: Offer) -> AdminAction:
    return AdminAction(act="model", id=offer.model.slug, arg="on" if offer.why is Why.MODEL_OFF else "off")


async def _sync(message: Message, replies: AdminReplies, provider_admin: ProviderAdmin) -> None:
    """Asks first and answers in the same message: providers take their time."""
    ctx, t = replies.ctx, replies.t
    draft_id = drafts.draft_id("sync", draft_id_of(message))
    sent = await replies.answer(message, t("market-asking"))
    report = await provider_admin.discovery.report()

    data = {"found": [found_json(f) for f in report.found], "silent": dict(report.silent)}
    at = Target(replies.person.id, None, sent)
    draft = await ctx.engine.confirmations.ask(draft_id, asker=replies.person.id, purpose=PURPOSE, data=data, at=at)
    if sent:
        await messages.edit(ctx, at, *sync_page(ctx, t, draft, 0))


async def turn(
    query: CallbackQuery, callback_data: AdminAction, draft: Draft, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    await replies.answer_press(query, *sync_page(ctx, t, draft, wanted(callback_data.arg)))
