"""The chat's settings: chat mode, which model answers, and how free its answers are."""

from collections.abc import Sequence
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.catalog.models import Model
from bot.domain.catalog.options import stored
from bot.domain.chats import is_private
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.telegram.chat.models import TEMPERATURE, chat_models, preferred
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup

TEMPERATURES: Final = ("", "0", "0.3", "0.7", "1", "1.3")
"""Offered as buttons, where the model takes them; "": as the model is by itself."""


def add_to(router: Router) -> None:
    router.callback_query.register(press, MenuAction.filter(), acts("chat", "chatmode", "chatmodel", "chattemp"))


async def press(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """Rewrites the settings' message, in private chats only."""
    message = query.message
    models = await chat_models(ctx)
    if message is None or not is_private(message.chat.id) or not messages.has_button(query) or not models:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    after = await _chosen(ctx, person, callback_data, models)
    await messages.answer_callback(query, t.plain("settings-saved") if callback_data.act != "chat" else "")
    text, rows = page(t, after, models, ctx)
    await messages.edit(ctx, messages.target_of(message), text, markup(rows))


async def _chosen(ctx: Context, person: User, pressed: MenuAction, models: Sequence[Model]) -> Preferences:
    """The preferences after a press; what is no choice (any more) changes nothing."""
    settings = ctx.engine.settings
    match pressed.act:
        case "chatmode":
            return await settings.chat_mode(person.id, on=pressed.arg == "on")
        case "chatmodel" if any(m.slug == pressed.arg for m in models):
            return await settings.chat_model(person.id, pressed.arg)
        case "chattemp" if pressed.arg in TEMPERATURES:
            return await settings.temperature(person.id, pressed.arg)
        case _:
            return await settings.of(person.id)


def page(t: Speech, now: Preferences, models: Sequence[Model], ctx: Context) -> tuple[Html, Rows]:
    """What the settings say, and their buttons."""
    model = preferred(models, now)
    assert model is not None
    price = credits_limit(t, ctx.asks.bound(model))
    text = lines(
        [
            t("chat-settings-title", model=t.title(model.title), price=price),
            t("chat-settings-mode-on")
            if now.chat_mode
            else t("chat-settings-mode-off", minutes=int(ctx.asks.chat.young // 60)),
        ]
    )
    mode = "off" if now.chat_mode else "on"
    rows: Rows = [[button(t.plain(f"chat-mode-{mode}"), MenuAction(act="chatmode", arg=mode), "primary")]]
    if len(models) > 1:
        names = [(m, _marked(t.title(m.title), m is model)) for m in models]
        rows += in_rows([button(name, MenuAction(act="chatmodel", arg=m.slug)) for m, name in names], 2)
    option = model.option(TEMPERATURE)
    if option is not None:
        values = [v for v in TEMPERATURES if stored(option, v) == v]
        text = lines([text, t("chat-settings-temperature")])
        labels = [(v, _marked(_degree(t, v), v == now.temperature)) for v in values]
        rows += in_rows([button(label, MenuAction(act="chattemp", arg=v)) for v, label in labels], 3)
    return text, [*rows, [button(t.plain("tap-back"), MenuAction(act="settings"))]]


def _degree(t: Speech, value: str) -> str:
    """A temperature as people write numbers; "" is the usual one."""
    return value.replace(".", t.plain("unit-decimal")) or t.plain("chat-temperature-auto")


def _marked(label: str, on: bool) -> str:
    return f"✓ {label}" if on else label
