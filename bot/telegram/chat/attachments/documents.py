"""Questions about a text file or a PDF: its words stand before the question, as far as the model is sent so much."""

import codecs
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.types import Document, Message

from bot.domain.catalog.models import Model
from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.engine.conversations.memory import estimate
from bot.engine.media.papers import PDF_MARK, BadPaper, Paper, paper_words
from bot.telegram.api.download import DOWNLOAD_MAX, FileNotHad, TooLargeFile, download
from bot.telegram.chat.ask import Question, ask, read_or_tell
from bot.telegram.chat.attachments.pictures import is_under_answer
from bot.telegram.chat.keyboards import ask_button
from bot.telegram.chat.models import sold
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.lengths import shorten
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui.messages import draft_id_of, place_of

log = structlog.get_logger(__name__)

LARGEST: Final = 1024 * 1024
"""Bytes of text: far more than any model is sent. A PDF may have as many as a bot can fetch."""
PDF: Final = "application/pdf"
FILES_PER_HOUR: Final = 60
QUESTION_SHOWN: Final = 200
HOUR: Final = 3600.0
SPARE: Final = 2_000
"""Tokens that are left to the instruction, the tools and the question."""
ENDINGS: Final = frozenset(
    (".txt", ".md", ".csv", ".tsv", ".json", ".log", ".xml", ".yaml", ".yml", ".toml", ".ini", ".srt", ".html", ".py")
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NoText(Exception):
    """There is nothing to read; `text` names the sentence that says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def near_document(message: Message) -> Document | None:
    """The text file or PDF that a question is about: under which it stands, or that it replies to."""
    for each in (message, message.reply_to_message):
        if each is not None and each.document is not None and _may_have_words(each.document):
            return each.document
    return None


def _may_have_words(document: Document) -> bool:
    return _is_pdf(document) or (document.mime_type or "").startswith("text/") or _ending(document) in ENDINGS


def _is_pdf(document: Document) -> bool:
    """By what Telegram calls it, which goes by its name."""
    return document.mime_type == PDF or _ending(document) == ".pdf"


def _ending(document: Document) -> str:
    return PurePosixPath(document.file_name or "").suffix.lower()


async def is_document_to_answer(message: Message, ctx: Context, bot: Bot) -> bool:
    """A text file or PDF in reply to an answer of the bot's: like a picture it goes on with that conversation."""
    document = message.document
    return document is not None and _may_have_words(document) and await is_under_answer(message, ctx, bot)


async def document_to_answer(message: Message, presenter: OrderPresenter, bot: Bot) -> None:
    """Its words are the question; without any it is what the file is about."""
    assert message.document is not None
    await asked(message, presenter, bot, message.document, message.caption or "", flags=False)


async def is_own_document(message: Message, ctx: Context) -> bool:
    """A text file or PDF by itself in a private chat: nothing but a question can be about it."""
    document = message.document
    if document is None or not is_private(message.chat.id) or (message.caption or "").startswith("/"):
        return False
    return _may_have_words(document) and sold(ctx)


async def offer(message: Message, presenter: OrderPresenter) -> None:
    """Offers to ask about it, at the price that its button shows: the person named no question to a chat model."""
    assert message.document is not None
    place, t, ctx = place_of(message), presenter.t, presenter.ctx
    words = (message.caption or "") if message.forward_origin is None else ""
    understood = await read_or_tell(presenter, place, "", words.strip() or t.plain("chat-document-question"))
    if understood is None:
        return
    text, model, _ = understood
    name, file = draft_id_of(message), message.document.model_dump(mode="json", exclude_none=True)
    await ctx.engine.conversations.offer(name, presenter.person.id, place, text, file=file)
    price = credits_limit(t, ctx.asks.bound(model))
    said = t("chat-document-offer", question=shorten(text, QUESTION_SHOWN), model=t.title(model.title), price=price)
    await presenter.tell(place, said, ask_button(t, name, price))


async def offered(
    presenter: OrderPresenter, bot: Bot, place: Target, question_id: str, data: Mapping[str, Any]
) -> bool:
    """Asks what was offered about a file. False: refused, and why was told."""
    document = Document.model_validate(data["file"])
    return await ask_about(presenter, bot, place, question_id, document, str(data.get("text", "")), flags=False)


async def asked(
    message: Message,
    presenter: OrderPresenter,
    bot: Bot,
    document: Document,
    text: str,
    *,
    model: Model | None = None,
    flags: bool = True,
) -> None:
    """Asks the words about the file that is near. `flags`: they are a command's, which may have some."""
    at, name = place_of(message), draft_id_of(message)
    await ask_about(presenter, bot, at, name, document, text, model=model, flags=flags)


async def ask_about(
    presenter: OrderPresenter,
    bot: Bot,
    place: Target,
    question_id: str,
    document: Document,
    text: str,
    *,
    model: Model | None = None,
    flags: bool,
) -> bool:
    """Asks the words, or what the file is about, with the file before them. False: refused, and why was told."""
    t = presenter.t
    plain = "" if text.strip() else t.plain("chat-document-question")
    found = await read_or_tell(presenter, place, text if flags else "", plain or ("" if flags else text), model)
    if found is None:
        return False
    words, chosen, options = found
    try:
        paper = await _paper_of(document, presenter, bot, chosen.prompt_limit)
    except NoText as none:
        await presenter.tell(place, t(none.text))
        return False
    shown = _cut(paper.words, chosen, words)
    question = Question(question_id, place, f"{shown}\n\n{words}", chosen, options)
    share = paper.share * len(shown) / len(paper.words)
    begun = await ask(presenter, question)
    if begun and share < 1:
        await presenter.tell(place, t("chat-document-cut", percent=max(1, int(100 * share))))
    return begun


async def _paper_of(document: Document, presenter: OrderPresenter, bot: Bot, enough: int) -> Paper:
    """Its words, at least as many characters as are `enough`. Raises NoText, before anything is held."""
    pdf = _is_pdf(document)
    too_large = "chat-pdf-too-large" if pdf else "chat-document-too-large"
    if (document.file_size or 0) > (DOWNLOAD_MAX if pdf else LARGEST):
        raise NoText(too_large)
    cooldowns = presenter.ctx.engine.cooldowns
    if not await cooldowns.take_turn(f"document:{presenter.person.id}", FILES_PER_HOUR, every=HOUR):
        raise NoText("chat-documents-too-many")
    try:
        data = await download(bot, document.file_id)
    except TooLargeFile:
        raise NoText(too_large) from None
    except FileNotHad:
        raise NoText("media-photo-not-had") from None
    if pdf or data.startswith(PDF_MARK):
        return await _read_pdf(data, enough)
    said = tidy(decoded(data[:LARGEST]) or "")
    if not said:
        raise NoText("chat-document-no-text")
    return Paper(said)


async def _read_pdf(data: bytes, enough: int) -> Paper:
    try:
        paper = await paper_words(data, enough)
    except BadPaper as bad:
        raise NoText(f"chat-pdf-{bad.flaw}") from None
    words = tidy(paper.words)
    if not words:
        raise NoText("chat-pdf-wordless")
    return Paper(words, paper.share)


def decoded(data: bytes) -> str | None:
    """The words of a file in UTF-8, UTF-16 or Windows' Cyrillic; None for what is none of these."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut within a character
            return data.decode(errors="ignore")
    found = data.decode("cp1251", "replace")
    odd = sum(1 for c in found if not (c.isprintable() or c in "\n\r\t"))
    return found if odd * 50 <= len(found) else None


def _cut(said: str, model: Model, words: str) -> str:
    """As much of it as goes with the question."""
    tokens = model.tokens.context - SPARE - estimate(words) if model.tokens is not None else 0
    room = min(max(0, model.prompt_limit - len(words) - 2), len(said))
    return said[:room].encode()[: max(0, tokens * 3)].decode(errors="ignore").rstrip() if room else ""
