"""A job's inline message in a real chat without the bot: results through the staging chat, and when nothing works."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent

from bot.domain.jobs import Asset, Cause, Delivered, JobState, Target
from bot.domain.money import Credits
from bot.domain.results import ResultFile, TooLarge
from bot.engine.ports import NotShown, Progress, Stage, TargetGone
from bot.telegram.context.staging import Staging, Trouble
from bot.telegram.inline.inline_view import InlineMessages
from bot.telegram.inline.keyboards import Agreed, again_query
from sandbox.client import ChatView, Msg, Person
from tests.telegram.kit import TEXTS, Stall, World, job, options

NO_LINK = (Asset("blob:a"),)


async def card(world: World) -> tuple[Person, ChatView, Msg, str]:
    """A guest's card in a group where the bot is not, and its name."""
    world.server.config.guest = True
    ann = await world.tg.user("Ann")
    group = await world.tg.group("Friends", [ann], bot="left")
    chat = ann.in_(group)
    await chat.send("@easel_bot a lake")
    core = world.server.core
    guest = next(reversed(core.inline._guests))
    content = InputTextMessageContent(message_text="Card")
    result = InlineQueryResultArticle(id="a", title="Card", input_message_content=content)
    sent = await world.bot.answer_guest_query(guest, result)
    return ann, chat, await chat.last(), sent.inline_message_id


def view(world: World, staging: Staging | None = None) -> InlineMessages:
    return InlineMessages(world.bot, TEXTS, Stall(), options(), staging or Staging(world.bot))


async def staged(world: World) -> Staging:
    olga = await world.tg.user("Olga")
    staging = Staging(world.bot, (await world.tg.group("Staging", [olga])).id)
    assert (staging.trouble, staging.works) == (Trouble.UNKNOWN, True)
    await staging.check()
    assert staging.works
    return staging


async def test_progress_then_the_file_through_the_staging_chat_then_the_last_word(
    world: World, clip: ResultFile
) -> None:
    ann, chat, msg, name = await card(world)
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id)
    messages = view(world, await staged(world))
    assert await messages.open(placed) == placed.target
    messages.progress(placed, Progress(Stage.RUNNING, elapsed=65, typical=130))
    shown = await chat.wait("1 min 5 s", button="Cancel")
    assert shown.id == msg.id
    assert "credits" not in shown.text
    noted: list[Delivered] = []

    async def keep(found: object) -> None:
        noted.extend(found)  # type: ignore[arg-type]

    delivery = await messages.deliver(placed, (clip,), keep)
    assert delivery.target == placed.target
    assert tuple(noted) == (replace(delivery.delivered[0], aside=True),)  # not shown yet
    assert (await chat.refresh(msg)).kind == "video"
    messages.progress(placed, Progress(Stage.DELIVERING))
    done = replace(placed, state=JobState.DONE, delivered=delivery.delivered, finished_at=2000.0)
    assert await messages.final(done) is None
    assert await messages.deliver(done, ()) == delivery  # after a crash: the file is not uploaded again
    assert await world.statuses("sendVideo") == [200]
    assert not [each for each in await chat.messages() if "Ready" in each.words]


async def test_without_any_place_for_the_upload_it_is_a_link_or_not_shown(world: World, clip: ResultFile) -> None:
    ann, chat, msg, name = await card(world)  # she never wrote to the bot
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id)
    messages = view(world)
    assert (await messages.deliver(placed, (clip,))).delivered == (Delivered("", "link"),)
    assert "https://cdn.example/a.mp4" in str((await chat.refresh(msg)).message)
    large = await view(world).deliver(placed, (TooLarge(placed.assets[0]),))
    assert large.delivered == (Delivered("", "link", large=True),)
    assert "50 MB" in (await chat.refresh(msg)).text
    with pytest.raises(NotShown):
        await view(world).deliver(replace(placed, assets=NO_LINK), (clip,))


async def test_several_results_of_which_links_are_all_that_is_left_have_no_numbers(
    world: World, clip: ResultFile
) -> None:
    ann, chat, msg, name = await card(world)
    two = (Asset("https://cdn.example/a.mp4"), Asset("https://cdn.example/b.mp4"))
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id, assets=two)
    delivery = await view(world).deliver(placed, (clip, clip))
    assert delivery.delivered == (Delivered("", "link"),) * 2
    linked = ["🔁 Once more", "💬 Open the bot"]
    assert (await chat.refresh(msg)).buttons == linked
    done = replace(placed, state=JobState.DONE, delivered=delivery.delivered, finished_at=2000.0)
    await view(world).final(done)
    assert (await chat.refresh(msg)).buttons == linked

    await ann.private().send("/start")
    sent = await view(world, await staged(world)).deliver(placed, (clip, TooLarge(two[1])))
    assert [each.media for each in sent.delivered] == ["video", "link"]
    assert (await chat.refresh(msg)).buttons == linked


async def test_a_link_that_is_not_written_yet_does_not_stand(world: World, clip: ResultFile) -> None:
    """The order's person deletes the message before the first edit: neither the file put aside nor the link was had."""
    ann, chat, msg, name = await card(world)
    two = (Asset("https://cdn.example/a.mp4"), Asset("https://cdn.example/b.mp4"))
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id, assets=two)
    noted: list[list[Delivered]] = []

    async def keep(found: Sequence[Delivered]) -> None:
        noted.append(list(found))

    await chat.delete(msg)
    with pytest.raises(TargetGone):
        await view(world, await staged(world)).deliver(placed, (TooLarge(two[0]), clip), keep)
    assert [[each.media for each in found] for found in noted] == [["link", "video"]]
    assert not any(each.stands for each in noted[0])


async def test_a_message_that_is_gone_and_a_file_that_is_refused(world: World, clip: ResultFile) -> None:
    ann, chat, msg, name = await card(world)
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id)
    messages = view(world, await staged(world))
    stale = replace(placed, delivered=(Delivered("no-such-file", "video"),))
    assert (await messages.deliver(stale, ())).delivered == (Delivered("", "link"),)
    await chat.delete(msg)
    with pytest.raises(TargetGone):
        await view(world, await staged(world)).deliver(placed, (clip,))
    failed = replace(placed, state=JobState.FAILED, cause=Cause.TIMEOUT, finished_at=1.0)
    assert await messages.final(failed) is None


async def test_a_staging_chat_that_takes_no_files_is_none(world: World, clip: ResultFile) -> None:
    """The bot may stand in it, and even write."""
    ann, chat, msg, name = await card(world)
    await ann.private().send("/start")
    olga = await world.tg.user("Olga")
    group = await world.tg.group("Staging", [olga])
    await group.set_bot("restricted")
    staging = Staging(world.bot, group.id)
    placed = job(0, target=Target(0, None, 0, name), user_id=ann.id)
    noted: list[Delivered] = []

    async def keep(found: object) -> None:
        noted.extend(found)  # type: ignore[arg-type]

    assert (await view(world, staging).deliver(placed, (clip,), keep)).delivered[0].media == "video"
    assert [each.stands for each in noted] == [True]  # in Ann's own chat, where she has it
    assert (await chat.refresh(msg)).kind == "video"
    assert (staging.works, staging.detail) == (False, "Bad Request: not enough rights to send videos to the chat")


async def test_the_staging_chat_is_told_apart_from_telegram_being_away(world: World) -> None:
    staging = await staged(world)
    await world.tg.faults("500", method="sendChatAction", times=1)
    assert not await staging.check()
    assert staging.works
    nowhere = Staging(world.bot, -1_000_000_000_000)
    assert await nowhere.check()
    assert not nowhere.works
    assert (nowhere.trouble, nowhere.detail) == (Trouble.REFUSED, "Bad Request: chat not found")
    assert Staging().trouble is Trouble.NOT_SET


def test_what_a_button_agrees_to_and_an_order_as_it_is_typed() -> None:
    said = Agreed("pika", Credits(10_500_000), "abc")
    assert said.to_arg() == "pika.1050.abc"
    assert Agreed.from_arg("pika.1050.abc") == said
    forged = ["", "pika", "pika.5", ".5.", "pika..", "pika.-5.", "pika.1e9.", f"pika.{'9' * 12}.", "pika.٣x.", "a.5.b."]
    assert not any(Agreed.from_arg(each) for each in forged)
    assert again_query(job(1)) == "--model pika --style 4 a serene lake"
    assert again_query(job(1, prompt="a" * 250)) == ""


async def test_another_try_shows_its_progress_where_the_first_one_failed(world: World) -> None:
    ann, chat, _msg, name = await card(world)
    first = job(0, target=Target(0, None, 0, name), user_id=ann.id)
    messages = view(world)
    await messages.final(replace(first, state=JobState.FAILED, cause=Cause.TIMEOUT, finished_at=1.0))
    await chat.wait("You were not charged")
    messages.progress(first, Progress(Stage.STARTING))  # late: it stays as it ended
    messages.progress(replace(first, id="another"), Progress(Stage.RUNNING, elapsed=65, typical=130))
    shown = await chat.wait("1 min 5 s")
    assert "Starting" not in str(await chat.history(shown))
