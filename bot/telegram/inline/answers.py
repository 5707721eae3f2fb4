"""The answer to an inline query: models with their price, recent results to share again, and the way to the bot."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from aiogram.methods import AnswerInlineQuery
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultCachedAudio,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedMpeg4Gif,
    InlineQueryResultCachedPhoto,
    InlineQueryResultCachedVideo,
    InlineQueryResultsButton,
)

from bot.domain.jobs import Delivered, Job
from bot.domain.money import Credits
from bot.domain.visible import visible
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import draft_id
from bot.engine.results.originals import DELETED
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.inline.cards import article, card, plain, told
from bot.telegram.inline.choices import Choice, Typed, choices
from bot.telegram.inline.keyboards import CREDITS, INLINE
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.parse import Wrong
from bot.telegram.orders.view.presenter import market
from bot.telegram.ui.captions import JobTexts

PAGE: Final = 20
"""Models in one answer; further ones come when the list is scrolled."""
RECENT: Final = 5
RECENT_ALONE: Final = 20
"""Recent results in an answer to an empty query."""
OF_ONE: Final = 3
"""Files of one job in an answer, at most."""
TITLE: Final = 60
OFFSET_MAX: Final = 1_000


async def answer(query: InlineQuery, ctx: Context, person: User, t: Speech) -> AnswerInlineQuery:
    """Answers the query. Telegram must not cache it: prices and results are of this person and moment."""
    typed, first = Typed.behind_the_name(query.query), _offset(query.offset)
    known = await ctx.engine.cards.typing(person, most=RECENT_ALONE)
    results: list[Any] = []
    found: tuple[Choice, ...] = ()
    if visible(typed.text) and ctx.staging.works:
        offers = await market(ctx)
        try:
            found = choices(ctx, t, typed, offers, known.own)
        except Wrong as wrong:
            text = t("inline-how", bot=await ctx.links.name(ctx.outbox))
            results.append(article("wrong", t.plain("inline-wrong"), plain(wrong.text), text))
        else:
            results += await _models(query, ctx, person, t, typed, found[first : first + PAGE], offers)
    if first == 0:
        results += _recent(ctx, t, known.recent, typed)
        if not results or not visible(typed.text):
            results.append(await _how(ctx, t))
    more = str(first + PAGE) if len(found) > first + PAGE else ""
    return AnswerInlineQuery(
        inline_query_id=query.id,
        results=results,
        cache_time=0,
        is_personal=True,
        next_offset=more,
        button=_button(ctx, t, known.available, found),
    )


def _button(ctx: Context, t: Speech, available: Credits | None, found: Sequence[Choice]) -> InlineQueryResultsButton:
    """The button to the private chat. It names no figure, for others may look on."""
    key, start = "inline-open", INLINE
    if not ctx.staging.works:
        key = "inline-off"
    elif found and available is None:
        key = "inline-start"
    elif found and available is not None and available < min(each.price for each in found):
        key, start = "inline-short", CREDITS
    return InlineQueryResultsButton(text=t.plain(key), start_parameter=start)


async def _models(
    query: InlineQuery,
    ctx: Context,
    person: User,
    t: Speech,
    typed: Typed,
    found: Sequence[Choice],
    offers: Market,
) -> list[InlineQueryResultArticle]:
    name = draft_id("inline", query.id)
    await ctx.engine.cards.offer(name, person.id, typed.to_data())
    results = []
    for each in found:
        offer = offers.get(each.model.slug)
        title, description = told(t, each, offer.typical if offer is not None else each.model.typical_seconds)
        text, markup = await card(ctx, t, name, typed, each, offers)
        results.append(article(f"{name}.{each.model.slug}"[:64], title, description, text, markup))
    return results


async def _how(ctx: Context, t: Speech) -> InlineQueryResultArticle:
    if not ctx.staging.works:
        text = t("inline-guest-off", bot=await ctx.links.name(ctx.outbox))
        return article("off", t.plain("inline-off-title"), t.plain("inline-off"), text)
    text = t("inline-how", bot=await ctx.links.name(ctx.outbox))
    return article("how", t.plain("inline-how-title"), t.plain("inline-how-description"), text)


def _recent(ctx: Context, t: Speech, jobs: Sequence[Job], typed: Typed) -> list[Any]:
    """Results that Telegram keeps, those that have the typed words first; sharing them costs nothing."""
    words = typed.text.lower().split()
    if words:
        jobs = sorted(jobs, key=lambda job: not all(word in job.prompt.lower() for word in words))[:RECENT]
    captions = JobTexts(ctx.shop.catalog)
    return [result for job in jobs for result in _shared(t, captions, job)][: RECENT if words else RECENT_ALONE]


def _shared(t: Speech, captions: JobTexts, job: Job) -> Iterator[Any]:
    kept = [(i, each) for i, each in enumerate(job.delivered) if each.file_id and DELETED not in job.facts]
    for index, each in kept[:OF_ONE]:
        result = _cached(f"r.{job.id}.{index}", each, captions.caption(t, job), job.prompt)
        if result is not None:
            yield result


def _cached(name: str, file: Delivered, caption: str, prompt: str) -> Any:
    title = shorten(" ".join(prompt.split()), TITLE) or "…"
    said: dict[str, Any] = {"id": name, "caption": caption, "parse_mode": "HTML"}
    match file.media:
        case "photo":
            return InlineQueryResultCachedPhoto(photo_file_id=file.file_id, title=title, **said)
        case "video":
            return InlineQueryResultCachedVideo(video_file_id=file.file_id, title=title, **said)
        case "audio":
            return InlineQueryResultCachedAudio(audio_file_id=file.file_id, **said)
        case "animation":
            return InlineQueryResultCachedMpeg4Gif(mpeg4_file_id=file.file_id, title=title, **said)
        case "document":
            return InlineQueryResultCachedDocument(document_file_id=file.file_id, title=title, **said)
        case _:
            return None


def _offset(text: str) -> int:
    return min(int(text), OFFSET_MAX) if text.isdecimal() and len(text) < 6 else 0
