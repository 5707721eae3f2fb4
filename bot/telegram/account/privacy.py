"""/mydata and /forget: what is stored about a person, to take along or to have erased. In private chats only."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramEntityTooLarge
from aiogram.filters import CommandObject
from aiogram.methods import SendDocument
from aiogram.types import CallbackQuery, FSInputFile, InlineKeyboardMarkup, Message

from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.domain.limits.admission import BalanceMoved, StillWorking
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.privacy import archive, export
from bot.engine.results.originals import Originals
from bot.telegram.account.result_files import Files
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import PersonalAction
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, markup
from bot.telegram.ui.messages import place_of

FORMS: Final = ("json", "zip")
EVERY: Final = 20.0
"""Seconds between two files for one person: each reads everything there is."""
SEND_SECONDS: Final = 90
"""For the upload of such a file."""


def build_router() -> Router:
    router = Router(name="personal")
    router.message.register(my_data, is_command("mydata"))
    router.message.register(forget_me, is_command("forget"))
    router.callback_query.register(press, PersonalAction.filter())
    return router


async def my_data(
    message: Message,
    command: CommandObject,
    bot: EaselBot,
    ctx: Context,
    person: User,
    t: Speech,
    originals: Originals,
) -> None:
    """`/mydata` asks in which form, `/mydata json` and `/mydata zip` say it."""
    place = place_of(message)
    if not is_private(place.chat_id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    form = (command.args or "").strip().lower()
    if form in FORMS:
        await _send_data(bot, ctx, place, person, t, form, originals)
        return
    await messages.send(ctx, place, *data_question(t))


def data_question(t: Speech) -> tuple[Html, InlineKeyboardMarkup]:
    """In which form."""
    rows = [[button(t.plain(f"mydata-tap-{form}"), PersonalAction(act=form)) for form in FORMS]]
    return t("mydata-ask"), markup(rows)


async def forget_me(message: Message, ctx: Context, person: User, t: Speech) -> None:
    """Asks, with the balance that is forfeited; not while an order is under way."""
    place = place_of(message)
    if not is_private(place.chat_id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    draft_id = drafts.draft_id("forget", message.chat.id, message.message_id)

    try:
        balance = await ctx.engine.erasure_requests.ask(person, draft_id)
    except StillWorking as refusal:
        await messages.send(ctx, place, t("forget-working", count=refusal.count))
        return
    await messages.send(ctx, place, question(t, balance), choice(t, draft_id))


def question(t: Speech, balance: Credits) -> Html:
    lost = t("forget-balance", balance=credits_text(t, balance)) if balance else t("forget-no-balance")
    return Html(f"{t('forget-ask')}\n\n{lost}")


def choice(t: Speech, draft_id: str) -> InlineKeyboardMarkup:
    yes = button(t.plain("forget-tap-yes"), PersonalAction(act="forget", id=draft_id), "danger")
    return markup([[yes], [button(t.plain("forget-tap-no"), PersonalAction(act="keep", id=draft_id))]])


async def press(
    query: CallbackQuery,
    callback_data: PersonalAction,
    bot: EaselBot,
    ctx: Context,
    person: User,
    t: Speech,
    originals: Originals,
) -> None:
    message = query.message
    if message is None or message.chat.id != person.id or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    at = Target(message.chat.id, None, message.message_id)
    if callback_data.act in FORMS:
        await messages.answer_callback(query)
        await _send_data(bot, ctx, at, person, t, callback_data.act, originals)
        return
    agreed = await ctx.engine.erasure_requests.pending(person, callback_data.id)
    if agreed is None:
        await messages.answer_callback(query, t.plain("forget-toast-old"), alert=True)
        await messages.remove_keyboard(ctx, query)
        return
    await messages.answer_callback(query)
    if callback_data.act == "forget":
        await _forget(ctx, at, person, t, callback_data.id, agreed, originals)
    else:
        await ctx.engine.erasure_requests.withdraw(callback_data.id)
        await messages.edit(ctx, at, t("forget-kept"))


async def _forget(
    ctx: Context, at: Target, person: User, t: Speech, request_id: str, agreed: Credits, originals: Originals
) -> None:
    requests, key = ctx.engine.erasure_requests, ctx.safety.key
    try:
        await requests.carry_out(person, request_id, agreed=agreed, originals=originals, key=key)
    except StillWorking as refusal:
        await messages.edit(ctx, at, t("forget-working", count=refusal.count))
        return
    except BalanceMoved as refusal:
        asked = Html(f"{t('forget-moved')}\n\n{question(t, refusal.balance)}")
        await messages.edit(ctx, at, asked, choice(t, request_id))
        return
    ctx.known.forget()
    lost = t("forget-lost", balance=credits_text(t, agreed)) if agreed else Html("")
    await messages.edit(ctx, at, Html(f"{t('forget-done')} {lost}".strip()))


async def _send_data(
    bot: EaselBot, ctx: Context, at: Target, person: User, t: Speech, form: str, originals: Originals
) -> None:
    """Once in a while: every file reads everything there is."""
    async with ctx.engine.cooldowns.attempt(f"mydata:{person.id}", every=EVERY) as due:
        if due:
            await _gathered(bot, ctx, at, person, t, form, originals)
        else:
            await messages.send(ctx, at, t("mydata-again", wait=t.duration(EVERY)))


async def _gathered(
    bot: EaselBot, ctx: Context, at: Target, person: User, t: Speech, form: str, originals: Originals
) -> None:
    data, jobs = await ctx.engine.exports.gather(person, originals.address, jobs=archive.JOBS)
    async with archive.places:
        with tempfile.TemporaryDirectory(prefix="easel-data-", dir=originals.folder) as folder:
            path = Path(folder) / f"easel-data.{form}"
            if form == "zip":
                await archive.pack(path, data, jobs, Files(bot, originals), limit=ctx.options.upload_limit)
            else:
                await asyncio.to_thread(path.write_bytes, export.as_json(data))
            if path.stat().st_size > ctx.options.upload_limit:
                await messages.send(ctx, at, t("mydata-large"))
                return
            file = FSInputFile(path, filename=path.name)
            send = SendDocument(chat_id=at.chat_id, document=file, caption=t(f"mydata-caption-{form}"))
            try:
                await ctx.outbox.call(send, SEND_SECONDS)
            except TelegramEntityTooLarge:
                await messages.send(ctx, at, t("mydata-large"))
