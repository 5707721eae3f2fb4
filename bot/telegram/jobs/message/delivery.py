"""Puts a result into a chat: an edit of the job's message where it still is, a new message where it is gone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import SendMediaGroup
from aiogram.types import BufferedInputFile, FSInputFile, InlineKeyboardMarkup, Message, ReplyParameters

from bot.domain.jobs import NOWHERE, Delivered, Job, Target
from bot.engine.media.media_info import media_info, small_picture
from bot.engine.ports import NotAllowed, NotShown
from bot.telegram.api.errors import End, Refusal, end_of, refusal
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.message.media_forms import INPUTS, SENDS, Form, kept
from bot.telegram.outbox import sender
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.ui.captions import JobTexts

log = structlog.get_logger(__name__)


T = TypeVar("T")
WAITS: Final = Delivered("", "")
"""A result that does not stand in the chat yet."""


async def first_form(job: Job, ways: Sequence[Form], show: Callable[[Form], Awaitable[T]]) -> T:
    """What `show` gives for the first form that Telegram takes. Raises NotShown when it takes none, NotAllowed where
    the chat's rights are why, and Telegram's other failures."""
    too_large = denied = False
    for way in ways:
        if too_large and way.path is not None:
            continue
        form = replace(way, too_large=way.too_large or too_large)
        try:
            return await show(form)
        except TelegramEntityTooLarge:
            too_large = form.media != "photo"  # files may be larger than photos
        except TelegramBadRequest as error:
            if end_of(error) is not End.WRONG:
                raise
            denied = denied or refusal(error) is Refusal.NO_RIGHT
            log.warning("delivery.refused", job=job.id, media=form.media, error=error.message[:200])
    raise (NotAllowed if denied else NotShown)(
        "Telegram takes the result in no form, and it has no link; with PUBLIC_URL set it would have one"
    )


def linked(ways: Sequence[Form]) -> Delivered:
    """A result that goes as a link, which is not written yet; one without a link stands nowhere."""
    link = ways[-1] if ways and ways[-1].media == "link" else None
    return Delivered("", "link", aside=True, large=link.too_large) if link is not None else Delivered("", NOWHERE)


class ResultSender:
    """Sends results: one or an album, in a message's place or in new ones, as files or links."""

    def __init__(self, outbox: Outbox, words: JobTexts, upload_limit: int) -> None:
        self._outbox = outbox
        self._words = words
        self._limit_mb = upload_limit // (1024 * 1024)

    async def place(
        self, job: Job, target: Target, ways: Sequence[Form], speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        """Shows the first form that Telegram takes, a link in words. Raises what first_form does."""
        return await first_form(job, ways, lambda form: self._show(job, target, form, speech, markup))

    async def beside(self, job: Job, ways: Sequence[Form], speech: Speech) -> Delivered:
        """Sends the first form as a message of its own, without words, under the job's; a link is left to the job's
        message. Raises what first_form does."""

        async def show(form: Form) -> Delivered:
            if form.media == "link":
                return linked([form])
            place, delivered = await self.send(job, replace(job.target, message_id=0), form, speech, None)
            return replace(delivered, message_id=place.message_id)

        return await first_form(job, ways, show)

    async def album(self, job: Job, at: Target, together: Sequence[Form], speech: Speech) -> list[Message]:
        """Sends several results as one album. Raises NotShown where Telegram does not take them as one, NotAllowed
        where the chat's rights are why, and Telegram's other failures."""
        media = [INPUTS[f.media](**await self.fields(job, f, speech, "media", told=False)) for f in together]
        method = SendMediaGroup(
            chat_id=at.chat_id, message_thread_id=at.thread_id, media=media, reply_parameters=reply_to(job, at)
        )
        seconds = sum(form.seconds or 0 for form in together) or None
        try:
            return (await sender.post(self._outbox, method, seconds))[0]
        except (TelegramEntityTooLarge, TelegramBadRequest) as error:
            if end_of(error) is not End.WRONG:
                raise
            log.warning("album.refused", job=job.id, error=error.message[:200])
            raise (NotAllowed if refusal(error) is Refusal.NO_RIGHT else NotShown)(error.message) from error

    def words(self, job: Job, found: Sequence[Delivered], speech: Speech) -> Html:
        """What the job's message says of results that stand beside it or are links."""
        if len(found) == 1 and found[0].media == "link" and job.assets:
            limit = self._limit_mb if found[0].large else None
            return self._words.link(speech, job, job.assets[0].url, limit_mb=limit)
        links = {i: a.url for i, a in enumerate(job.assets) if i < len(found) and found[i].media == "link"}
        return self._words.album(speech, replace(job, delivered=tuple(found)), links)

    async def fields(self, job: Job, form: Form, speech: Speech, name: str, *, told: bool = True) -> dict[str, Any]:
        """What a message with this form says; `name` is the field of the file. Not `told`: without a caption."""
        fields: dict[str, Any] = {"caption": self._words.caption(speech, job)} if told else {}
        fields[name] = form.file_id if form.path is None else FSInputFile(form.path, filename=form.name)
        if form.media == "audio":
            fields["title"], fields["performer"] = self._words.song(speech, job)
        if form.media == "video":
            fields["supports_streaming"] = True
            fields["cover"] = form.cover or None
        if form.path is not None:
            fields |= await _seen(form)
        return fields

    async def _show(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        if form.media == "link":
            limit = self._limit_mb if form.too_large else None
            words = self._words.link(speech, job, form.url, limit_mb=limit)
            place = await sender.edit_or_send(self._outbox, target, words, markup)
            return place, Delivered("", "link", large=form.too_large)
        if target.message_id:
            try:
                return target, await self._edit(job, target, form, speech, markup)
            except TelegramBadRequest as error:
                if refusal(error) is not Refusal.MESSAGE_GONE:
                    raise
                log.info("delivery.message_gone", job=job.id)
        return await self.send(job, target, form, speech, markup)

    async def _edit(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> Delivered:
        media = INPUTS[form.media](**await self.fields(job, form, speech, "media"))
        return kept(await sender.edit_media(self._outbox, target, media, markup, form.seconds), form)

    async def send(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        """Sends a file as a new message. Raises what Telegram answers."""
        send = SENDS[form.media](
            chat_id=target.chat_id,
            message_thread_id=target.thread_id,
            reply_markup=markup,
            reply_parameters=reply_to(job, target),
            **await self.fields(job, form, speech, form.media, told=markup is not None),
        )
        message: Message
        message, place = await sender.post(self._outbox, send, form.seconds)
        return Target(message.chat.id, place.thread_id, message.message_id), kept(message, form)


async def _seen(form: Form) -> dict[str, Any]:
    """What is read from the file itself: figures that make players work at once, a preview for a file."""
    assert form.path is not None
    fields: dict[str, Any] = {}
    if form.media in {"video", "animation", "audio"}:
        info = await media_info(form.path, form.mime)
        fields["duration"] = info.duration
        if form.media != "audio":
            fields["width"], fields["height"] = info.width, info.height
            fields["thumbnail"] = BufferedInputFile(info.preview, "preview.jpg") if info.preview else None
        if form.media == "video":
            fields["cover"] = BufferedInputFile(info.cover, "cover.jpg") if info.cover else None
    if form.media == "document":
        small = await small_picture(form.path, form.mime)
        if small is not None:
            fields["thumbnail"] = BufferedInputFile(small, "preview.jpg")
    return fields


def reply_to(job: Job, target: Target) -> ReplyParameters | None:
    """Further results of a job answer its message; one sent anew answers nothing."""
    return None if target.message_id else sender.reply(job.target.message_id)
