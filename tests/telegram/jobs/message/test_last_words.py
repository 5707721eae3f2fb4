"""The last word of a job in a real chat: failures, cancels, "Ready", and results in groups, topics and new homes."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.jobs import Cause, Delivered, JobState, Target
from bot.domain.results import ResultFile
from bot.engine.ports import Progress, Stage, TryLater
from bot.logs import Redactor
from bot.telegram.api.session import Session
from bot.telegram.jobs.message.media_view import JobMessages
from bot.telegram.jobs.remedies import REMEDIES, Try
from bot.telegram.outbox.bot import EaselBot
from tests.telegram.kit import FAST, MEGABYTE, TEXTS, Stall, World, done, failed, job, options, telegram, view


class Still:
    """A clock that stands until it is moved: what is paced by it waits, however slow the machine is."""

    def __init__(self) -> None:
        self.now = 0.0
        self.moved = asyncio.Event()

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await self.wait(asyncio.Event(), seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        until = self.now + seconds
        while not event.is_set() and self.now < until:
            either = [asyncio.ensure_future(each.wait()) for each in (event, self.moved)]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            for each in either:
                each.cancel()

    def move(self, seconds: float) -> None:
        self.now += seconds
        self.moved.set()
        self.moved = asyncio.Event()


async def edits_landed() -> None:
    """Waits until the bot heard the answers to all its edits of progress."""
    async with asyncio.timeout(10):
        while any(task.get_name() == "progress-edit" for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)


LABELS = {
    Try.AGAIN: {"en": "Try again · 10", "ru": "Повторить · 10"},
    Try.OTHERS: {"en": "Try Luma · 10", "ru": "Luma · 10"},
    Try.WORDS: {"en": "✏️ Change the words", "ru": "✏️ Изменить описание"},
    Try.OPTIONS: {"en": "Other style", "ru": "Другой стиль"},
}


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_failure_is_told_without_upstreams_words(world: World, cause: Cause, language: str) -> None:
    person, chat = await world.person()
    messages = view(world)
    target = await messages.open(job(person.id))
    assert await messages.final(failed(person.id, target.message_id, cause, locale=language)) is None
    told = await chat.last()
    assert told.id == target.message_id
    assert {"en": "You were not charged.", "ru": "Кредиты не списаны."}[language] in told.text
    assert "a serene lake" in told.text
    assert "upstream" not in told.text
    assert told.buttons == [LABELS[each][language] for each in REMEDIES[cause]]


def test_every_cause_has_its_remedies_and_the_same_again_is_offered_only_where_it_can_help() -> None:
    assert set(REMEDIES) == set(Cause)
    assert all(REMEDIES.values())
    for hopeless in (Cause.REFUSED, Cause.UNAVAILABLE, Cause.UNKNOWN_MODEL, Cause.OPTION_REFUSED, Cause.NOT_SHOWN):
        assert Try.AGAIN not in REMEDIES[hopeless]
    for down in (Cause.BUSY, Cause.UPSTREAM_DOWN, Cause.TIMEOUT):
        assert REMEDIES[down][0] is Try.OTHERS, "the nearest other first"


async def test_an_unsteady_model_offers_the_others_that_are_on_sale(world: World) -> None:
    person, chat = await world.person()
    messages = view(world)
    target = await messages.open(job(person.id))
    await messages.final(failed(person.id, target.message_id, Cause.GENERATION_FAILED, model="luma", options={}))
    assert (await chat.last()).buttons == ["Try again · 10", "✏️ Change the words", "Try Pika · 10"]
    assert (await chat.last()).keyboard_rows[2][0]["callback_data"] == "j:abcdefghijkl2:with:pika"


async def test_a_cancelled_job_and_a_vanished_message(world: World) -> None:
    person, chat = await world.person()
    messages = view(world)
    cancelled = job(person.id, (await messages.open(job(person.id))).message_id, state=JobState.CANCELLED)
    await messages.final(cancelled)
    assert "Cancelled. You were not charged." in (await chat.last()).text
    assert await messages.final(cancelled) is None  # again after a crash: nothing changes
    assert len(await chat.messages()) == 2
    await chat.delete(await chat.last())
    moved = await messages.final(cancelled)
    assert moved == Target(person.id, None, (await chat.last()).id)


async def test_progress_that_waits_in_another_process_does_not_come_after_the_last_word(world: World) -> None:
    person, chat = await world.person()
    here = view(world)
    placed = job(person.id, (await here.open(job(person.id))).message_id, state=JobState.RUNNING)
    session = Session(api_url=world.server.base_url, redactor=Redactor())
    clock = Still()
    bot = EaselBot(world.bot.token, session=session, spawn=world.supervisor.spawn, rates=FAST, clock=clock)
    there = JobMessages(bot, TEXTS, Stall(), options())
    there.progress(placed, Progress(Stage.RUNNING, elapsed=10, typical=100))
    await chat.wait("usually about")
    await edits_landed()
    there.progress(placed, Progress(Stage.RUNNING, elapsed=20, typical=100))
    await here.final(replace(placed, state=JobState.CANCELLED))
    assert there.drop(placed) is False
    clock.move(60)
    await asyncio.sleep(0.05)
    await edits_landed()
    assert "Cancelled." in (await chat.last()).text
    await session.close()


async def test_a_failure_after_the_media_went_out_is_told_in_the_caption(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await messages.deliver(placed, (clip,))
    await messages.final(failed(person.id, placed.target.message_id, Cause.INTERNAL))
    assert "You were not charged." in (await chat.last()).caption


@pytest.mark.parametrize(("took", "ready_sent", "replies"), [(31, False, 1), (31, True, 0), (29, False, 0)])
async def test_ready_is_a_reply_once_and_only_after_a_while(
    world: World, clip: ResultFile, took: float, ready_sent: bool, replies: int
) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await messages.deliver(placed, (clip,))
    assert await messages.final(done(person.id, placed.target.message_id, took=took, ready_sent=ready_sent)) is None
    ready = [m for m in await chat.messages() if "Ready!" in m.text]
    assert len(ready) == replies
    assert all(m.message["reply_to_message"]["message_id"] == placed.target.message_id for m in ready)
    assert await world.statuses("editMessageReplyMarkup") == []  # the buttons are there already


async def test_in_a_group_ready_is_for_whoever_pays(world: World, clip: ResultFile) -> None:
    ann, _ = await world.person("Ann <3")
    group = await world.tg.group("Friends", [ann])
    messages = view(world)
    asked = job(group.id, user_id=ann.id, requester="Ann <3")
    placed = replace(asked, target=await messages.open(asked))
    chat = ann.in_(group)
    assert "👤 Ann <3 orders and pays" in (await chat.last()).text
    await messages.deliver(placed, (clip,))
    assert "👤 Ann <3" in (await chat.last()).caption
    await messages.final(
        replace(done(group.id, placed.target.message_id, took=60), user_id=ann.id, requester=asked.requester)
    )
    ready = await chat.last()
    assert ready.text == "Ann <3: ✅ Ready! Your video is here."
    assert ready.message["entities"] == [
        {"type": "text_mention", "offset": 0, "length": 6, "user": ready.message["entities"][0]["user"]}
    ]
    assert ready.message["entities"][0]["user"]["id"] == ann.id
    album = replace(
        done(group.id, placed.target.message_id, took=60),
        requester=asked.requester,
        delivered=(Delivered("x", "photo", 7),),
    )
    await messages.final(album)
    assert (await chat.last()).id != ready.id, "new messages in a group name nobody"
    lost = replace(failed(group.id, placed.target.message_id, Cause.TIMEOUT), requester=asked.requester)
    await messages.final(lost)
    assert "👤 Ann <3 orders and pays" in (await chat.refresh(await chat.wait("not charged"))).caption


async def test_ready_that_may_have_arrived_is_not_repeated_but_a_refused_one_is(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await messages.deliver(placed, (clip,))
    finished = done(person.id, placed.target.message_id, took=60)
    await world.tg.faults("429", method="sendMessage", retry_after=600)
    with pytest.raises(TryLater):
        await messages.final(finished)
    async with telegram() as other:
        person, chat = await other.person()
        messages = view(other)
        placed = job(person.id, (await messages.open(job(person.id))).message_id)
        await other.tg.faults("drop_after", method="sendMessage")
        assert await messages.final(done(person.id, placed.target.message_id, took=60)) is None
        assert sum("Ready!" in m.text for m in await chat.messages()) == 1


async def test_buttons_are_put_there_by_another_process(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    placed = job(person.id, (await view(world).open(job(person.id))).message_id)
    await view(world).deliver(placed, (clip,))
    finished = done(person.id, placed.target.message_id, took=1)
    assert await view(world).final(finished) is None  # the same buttons: "not modified" is success
    await chat.delete(await chat.last())
    assert await view(world).final(finished) is None
    assert await world.statuses("editMessageReplyMarkup") == [400, 400]


async def test_a_forum_topic_gets_everything_of_its_job(world: World, clip: ResultFile) -> None:
    ann, _ = await world.person()
    group = await world.tg.group("Friends", [ann], forum=True)
    topic = await group.topic(ann, "Videos")
    messages = view(world)
    asked = job(group.id, user_id=ann.id)
    asked = replace(asked, target=Target(group.id, topic, 0))
    target = await messages.open(asked)
    await ann.in_(group, topic).delete(await ann.in_(group, topic).last())
    delivery = await messages.deliver(replace(asked, target=target), (clip,))
    result = await ann.in_(group, topic).last()
    assert (result.kind, result.message["message_thread_id"]) == ("video", topic)
    assert delivery.target == Target(group.id, topic, result.id)


async def test_a_group_that_migrated_gets_its_result(world: World, clip: ResultFile) -> None:
    ann, _ = await world.person()
    group = await world.tg.group("Friends", [ann], kind="group")
    messages = view(world)
    asked = job(group.id, user_id=ann.id)
    target = await messages.open(asked)
    upgraded = await group.migrate()
    delivery = await messages.deliver(replace(asked, target=target), (clip,))
    assert delivery.target.chat_id == upgraded.id
    assert (await ann.in_(upgraded).last()).kind == "video"


async def test_a_file_that_is_no_video_still_arrives(world: World, tmp_path: Path) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(b"not a video at all" * MEGABYTE.bit_length())
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    delivery = await messages.deliver(placed, (ResultFile(path, "document", "application/x", path.stat().st_size),))
    assert (delivery.delivered[0].media, (await chat.last()).kind) == ("document", "document")
