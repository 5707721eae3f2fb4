"""The buttons that do something with a result: More, the numbers of several, edit, upscale, the original file, seeds.

They change keyboards or send new messages; a result itself stays as it is.
"""

import hashlib
from dataclasses import replace
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, Target, several
from bot.domain.results import ResultFile
from bot.engine.results.originals import Originals, ResultUnavailable
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.handlers.job_buttons import begin, once_more, reply_place
from bot.telegram.jobs.handlers.own_job import done_job, stale
from bot.telegram.jobs.keyboards import USES, more_buttons, pick_buttons, preferred, result_buttons, works_on
from bot.telegram.jobs.message import original_file
from bot.telegram.orders.draft.repeat import SEED, on_result
from bot.telegram.orders.input_pictures import InputPictures, NoPicture
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts
from bot.telegram.ui.captions import JobTexts

FILE_EVERY: Final = 20.0
"""Seconds in which a second tap sends the same file no second time."""
FILE_SECONDS: Final = 60.0


def build_router() -> Router:
    router = Router(name="result-buttons")
    router.callback_query.register(turn, JobAction.filter(), acts("more", "less", "pick"), done_job)
    router.callback_query.register(use, JobAction.filter(), acts("use"), done_job)
    router.callback_query.register(seeds, JobAction.filter(), acts("vary", "seed"), done_job)
    router.callback_query.register(original, JobAction.filter(), acts("file"), done_job)
    return router


async def turn(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, job: Job) -> None:
    """Other buttons under the same result."""
    ctx, t = presenter.ctx, presenter.t
    own = await ctx.engine.settings.of(presenter.person.id)
    match callback_data.act:
        case "more":
            shown = await more_buttons(t, at_press(query, job), ctx.shop, own)
        case "pick":
            index = index_of(job, callback_data.arg)
            if index is None or not several(job):
                await stale(presenter, query)
                return
            shown = await pick_buttons(t, at_press(query, job), index, ctx.shop, own)
        case _:
            shown = await result_buttons(t, at_press(query, job), ctx.shop, own)
    await messages.answer_callback(query)
    if messages.has_button(query):
        await dress(ctx, query, with_way_back(query, shown))


def at_press(query: CallbackQuery, job: Job) -> Job:
    """The job as it stands in the chat of the press, whose admins may have said what is ordered there."""
    return replace(job, target=reply_place(query, job))


def buttons_of(query: CallbackQuery) -> list[str]:
    """What the buttons carry under the message of the press."""
    message = query.message
    rows = message.reply_markup.inline_keyboard if isinstance(message, Message) and message.reply_markup else []
    return [button.callback_data or "" for row in rows for button in row]


def with_way_back(query: CallbackQuery, shown: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    """The buttons, and the row to the page of the history under which they were opened, if they were."""
    message = query.message
    rows = message.reply_markup.inline_keyboard if isinstance(message, Message) and message.reply_markup else []
    back = [row for row in rows if any((each.callback_data or "").startswith("h:page") for each in row)]
    return InlineKeyboardMarkup(inline_keyboard=[*shown.inline_keyboard, *back[-1:]])


def index_of(job: Job, arg: str) -> int | None:
    """Which result callback data means; None for what no keyboard of ours says."""
    if not (arg.isascii() and arg.isdigit() and len(arg) <= 2):
        return None
    return int(arg) if int(arg) < len(job.assets) else None


async def dress(ctx: Context, query: CallbackQuery, shown: InlineKeyboardMarkup) -> None:
    """Other buttons under the message of the press; one that takes none stays as it is."""
    assert query.message is not None
    await sender.try_keyboard(ctx.outbox, messages.target_of(query.message), shown)


async def use(
    query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, pictures: InputPictures, job: Job
) -> None:
    """Edit, upscale, remove the background, animate: a new order that works on this result, of the model whose price
    the button says."""
    ctx, t = presenter.ctx, presenter.t
    kind, _, number = callback_data.arg.partition(".")
    index = index_of(job, number)
    if index is None or kind not in {k.value for k in USES}:
        await stale(presenter, query)
        return
    place = reply_place(query, job)
    offers = await market(ctx, place.chat_id)
    able = tuple(o for o in offers.offers if o.model.kind.value == kind and works_on(o.model, job, index))
    own = await ctx.engine.settings.of(presenter.person.id)
    offer = preferred(able, Kind(kind), own)
    if offer is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    await messages.answer_callback(query)
    try:
        picture = await pictures.of_result(job, index, able)
    except NoPicture as none:
        await presenter.tell(place, t(none.text))
        return
    await begin(presenter, query, job, on_result(Kind(kind), (picture,), offer.model, own), offers)


async def seeds(
    query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, pictures: InputPictures, job: Job
) -> None:
    """The same order with another seed, or with the very one that made this result."""
    seed = new_seed(query.id) if callback_data.act == "vary" else job.facts.get(SEED, "")
    await once_more(presenter, query, job, "seed", seed, pictures)


def new_seed(press: str) -> str:
    """A seed made of the press, so that a redelivered press gets the same. Nine digits fit every model."""
    return str(int.from_bytes(hashlib.blake2b(press.encode(), digest_size=8).digest()) % 1_000_000_000)


async def original(
    query: CallbackQuery,
    callback_data: JobAction,
    bot: EaselBot,
    presenter: OrderPresenter,
    originals: Originals,
    job: Job,
) -> None:
    """The bytes as the provider made them, as a file, at no cost; what Telegram keeps where they are gone."""
    ctx, t = presenter.ctx, presenter.t
    index = index_of(job, callback_data.arg)
    if index is None:
        await stale(presenter, query)
        return
    async with ctx.engine.cooldowns.attempt(f"file:{job.id}:{index}", every=FILE_EVERY) as first:
        await messages.answer_callback(query, t.plain("media-toast-file"))
        if first:
            await _send_original(bot, ctx, originals, t, job, index, reply_place(query, job))


async def _send_original(
    bot: EaselBot, ctx: Context, originals: Originals, t: Speech, job: Job, index: int, place: Target
) -> None:
    caption = JobTexts(ctx.shop.catalog).head(t, job)
    untouched = index < len(job.delivered) and job.delivered[index].media == "document"
    if untouched and await original_file.send_again(
        bot, job, place, index, caption
    ):  # the very bytes are there already
        return
    try:
        async with originals.file(job, index, within=FILE_SECONDS) as found:
            file = found if isinstance(found, ResultFile) and found.size <= ctx.options.upload_limit else None
            if file is not None and await original_file.send_file(bot, job, place, file, index, caption):
                return
        large = True
    except ResultUnavailable:
        large = False
    url = originals.address(job, index)
    limit = ctx.options.upload_limit // (1024 * 1024)
    if large and url.startswith("https://" if not ctx.options.private_result_hosts else "http"):
        await messages.send(ctx, place, t("job-too-large", url=url, limit=limit))
    elif large:
        await messages.send(ctx, place, t("media-file-too-large", limit=limit))
    elif not await original_file.send_again(bot, job, place, index, caption):
        await messages.send(ctx, place, t("media-file-gone"))
