"""A voice message is taken: fetched within bounds, looked at, and given to the model that listens."""

from typing import Any, Final

import structlog
from aiogram import Bot, Router
from aiogram.types import Audio, Message, Voice

from bot.domain.catalog.models import Model
from bot.domain.chats import is_private
from bot.domain.errors import NotOnSale, Refusal
from bot.domain.jobs import Target
from bot.engine.conversations.memory import Ask, Purpose
from bot.engine.dialogs.drafts import draft_id
from bot.engine.jobs.submit import Wanted
from bot.engine.media.sounds import Sound, listened
from bot.telegram.api.download import FileNotHad, TooLargeFile, download
from bot.telegram.chat.ask import refuse
from bot.telegram.context.context import Context
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.updates import unregistered

log = structlog.get_logger(__name__)

LONGEST: Final = 600
"""Seconds of a voice message: what is longer is no order and no question."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes: ten minutes as phones record them have a third of that."""
PER_HOUR: Final = 60
"""Voice messages of one person, each of which is fetched and decoded here."""
HOUR: Final = 3600.0
RECORDING: Final = frozenset({"voice", "audio", "caption_entities"})


class Unheard(Exception):
    """It cannot be listened to; `text` names the sentence that says why."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


def build_router() -> Router:
    """Comes before all others: a command that stands under a recording is said to its end first."""
    router = Router(name="voice")
    router.message.register(voice, is_voice)
    return router


async def is_voice(message: Message, bot: Bot) -> bool:
    """A recording of someone's speech in private, and in groups in reply to the bot or under a command. A song, which
    says so, is none."""
    recording = _recording(message)
    if recording is None or message.via_bot is not None:
        return False
    if is_private(message.chat.id):
        return True
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
        return True
    command, at, name = (message.caption or "").partition(" ")[0].partition("@")
    return command.startswith("/") and (not at or name.lower() == ((await bot.me()).username or "").lower())


def _recording(message: Message) -> Voice | Audio | None:
    if message.audio is not None and (message.audio.title or message.audio.performer):
        return None
    return message.voice or message.audio


async def voice(message: Message, presenter: OrderPresenter, bot: Bot) -> None:
    """Its words come as soon as the service has heard it; what is said here are refusals."""
    ctx, person, t, place = presenter.ctx, presenter.person, presenter.t, place_of(message)
    if unregistered.is_chat(person):
        await presenter.tell(place, t("shared-as-person"))
        return
    if unregistered.is_stranger(person):
        await unregistered.invite(ctx, person, t, place, "group", t("shared-start-first"))
        return
    try:
        model = await _listener(ctx)
        data, sound = await _fetched(message, presenter, bot)
    except Unheard as unheard:
        await presenter.tell(place, t(unheard.text, **unheard.values))
        return
    try:
        await _listen(message, presenter, place, model, data, sound)
    except NotOnSale:
        await presenter.tell(place, t("voice-off"))
    except Refusal as refusal:
        await refuse(presenter, place, refusal)


async def _listener(ctx: Context) -> Model:
    offer = await ctx.shop.offer(ctx.voice.model) if ctx.voice.model else None
    if offer is None or not offer.available or not offer.model.hears:
        raise Unheard("voice-off")
    return offer.model


async def _fetched(message: Message, presenter: OrderPresenter, bot: Bot) -> tuple[bytes, Sound]:
    """Raises Unheard, before anything is held."""
    recording = _recording(message)
    assert recording is not None
    too_long = Unheard("voice-too-long", longest=presenter.t.duration(LONGEST))
    if recording.duration > LONGEST or (recording.file_size or 0) > LARGEST:
        raise too_long
    cooldowns = presenter.ctx.engine.cooldowns
    if not await cooldowns.take_turn(f"voice:{presenter.person.id}", PER_HOUR, every=HOUR):
        raise Unheard("voice-too-many")
    try:
        data = await download(bot, recording.file_id)
    except TooLargeFile:
        raise too_long from None
    except FileNotHad:
        raise Unheard("media-photo-not-had") from None
    sound = await listened(data) if len(data) <= LARGEST else None
    if sound is None:
        raise Unheard("voice-broken")
    if sound.seconds > LONGEST + 1:  # whatever was said of it
        raise too_long
    return data, sound


async def _listen(
    message: Message, presenter: OrderPresenter, place: Target, model: Model, data: bytes, sound: Sound
) -> None:
    """Holds the price and queues the job. A message that is delivered again is the same job. Raises Refusal."""
    ctx, person = presenter.ctx, presenter.person
    asked = draft_id_of(message)
    kept = draft_id("said", asked)
    recording = await ctx.engine.voices.keep(kept, person.id, place, _bare(message), mime=sound.mime, data=data)
    wanted = Wanted(
        id=draft_id("heard", asked),
        model=model.slug,
        target=Target(place.chat_id, place.thread_id, 0),
        locale=presenter.t.language,
        prompt="",
        inputs=(recording,),
        requester=requester(person, place.chat_id),
    )
    ask = Ask(Purpose.HEAR, draft_id=kept, question_id=place.message_id, seconds=sound.seconds)
    await ctx.asks.checkout(person, wanted, ask)


def _bare(message: Message) -> dict[str, Any]:
    """The message as Telegram sent it, without its recording."""
    return message.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True, exclude=set(RECORDING))
