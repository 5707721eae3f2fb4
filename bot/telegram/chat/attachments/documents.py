"""Questions about a text file or a PDF: its words stand before the question, as far as the model is sent so much."""

import codecs
from pathlib import PurePosixPath
from typing import Final

import structlog
from aiogram import Bot
from aiogram.types import Document, Message

from bot.domain.catalog.models import Model
from bot.engine.conversations.memory import estimate
from bot.engine.media.papers import PDF_MARK, BadPaper, Paper, paper_words
from bot.telegram.api.download import DOWNLOAD_MAX, FileNotHad, TooLargeFile, download
from bot.telegram.chat.ask import Question, ask, read_or_tell
from bot.telegram.chat.attachments.pictures import is_under_answer
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui.messages import draft_id_of, place_of

log = structlog.get_logger(__name__)

LARGEST: Final = 1024 * 1024
"""Bytes of text: far more than any model is sent. A PDF may have as many as a bot can fetch."""
PDF: Final = "application/pdf"
FILES_PER_HOUR: Final = 60
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
    """Asks the words, or what the file is about, with the file before them. `flags`: they are a command's, which may
    have some."""
    place, t = place_of(message), presenter.t
    plain = "" if text.strip() else t.plain("chat-document-question")
    found = await read_or_tell(presenter, place, text if flags else "", plain or ("" if flags else text), model)
    if found is None:
        return
    words, chosen, options = found
    try:
        paper = await _paper_of(document, presenter, bot, chosen.prompt_limit)
    except NoText as none:
        await presenter.tell(place, t(none.text))
        return
    shown = _cut(paper.words, chosen, words)
    question = Question(draft_id_of(message), place, f"{shown}\n\n{words}", chosen, options)
    share = paper.share * len(shown) / len(paper.words)
    if await ask(presenter, question) and share < 1:
        await presenter.tell(place, t("chat-document-cut", percent=max(1, int(100 * share))))


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
