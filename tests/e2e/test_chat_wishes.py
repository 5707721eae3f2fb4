"""From a conversation to an order, and from an order to better words: always a confirmation, never a silent charge."""

from decimal import Decimal

import pytest

from bot.domain.jobs import Cause, JobState
from bot.domain.money import CREDIT, Credits
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Texts
from sandbox.client import ChatView
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")
EVERYTHING = ("ai_now", "neuroapi", "neuroartist")


async def test_draw_me_a_fox_ends_in_a_confirmation(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/ask draw me a fox in watercolour")
        order = await chat.wait("a fox, watercolour", button="Confirm")
        assert "DALL·E 3" in order.text
        job = await world.finished()
        assert (job.kind.value, job.state) == ("ask", JobState.DONE)
        assert 0 < (job.charged or 0) < job.quote
        assert len(await world.jobs()) == 1
        await chat.click("Confirm", on=order)
        await chat.wait_for(lambda msg: msg.kind == "photo", timeout=20)
        assert (await world.finished()).kind.value == "image"


async def test_a_style_on_sale_is_chosen(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/ask make a video of a lake in watercolour")
        order = await chat.wait("Watercolor", button="Confirm")
        assert "Pika" in order.text
        assert "watercolour" not in order.text
        await world.finished()


async def test_orders_without_a_question_still_need_one_here(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/settings")
        await chat.click("Confirmation", on=await chat.wait("Settings"))
        await chat.click("Up to 50", on=await chat.wait("Price without a question"))
        await chat.send("/ask draw a fox")
        await chat.wait("a fox", button="Confirm")
        await world.finished()
        assert [job.kind.value for job in await world.jobs()] == ["ask"]


@pytest.mark.parametrize("fault", ["broken_arguments", "unknown_tool"])
async def test_a_call_that_cannot_be_read_is_told(sqlite_url: str, fault: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        world.services.neuroapi.faults.add(fault)
        await chat.send("/ask draw a fox")
        told = await chat.wait("not what")
        assert "/image, /video, /music" in told.text
        assert (await world.finished()).state is JobState.DONE


async def test_in_a_group_the_confirmation_replies_to_the_question(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        asked = await chat.send("/ask draw me a fox")
        order = await chat.wait("a fox", button="Confirm")
        assert order.ephemeral
        done = await chat.wait("Please see below")
        assert done.message["reply_to_message"]["message_id"] == asked.id
        await world.finished()


async def order(chat: ChatView, prompt: str) -> None:
    await chat.send(f"/image --model dalle {prompt}")
    await chat.wait(prompt, button="Improve my prompt")


async def test_a_prompt_is_improved_for_free_and_taken_back(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await order(chat, "a fox")
        toast = await chat.click("Improve my prompt · free")
        assert "better words" in toast.text
        improved = await chat.wait("a fox, soft light, fine detail", button="Use my original")
        job = await world.finished()
        assert job.charged == 0
        assert await world.balance(ann) == (100, 0)
        await chat.click("Use my original", on=improved)
        await chat.wait_for(lambda msg: "soft light" not in msg.text and msg.button("Confirm") is not None)
        await chat.click("Improve my prompt")
        await chat.wait("soft light", button="Confirm")
        await world.finished()
        await chat.click("Confirm")
        await chat.wait_for(lambda msg: msg.kind == "photo", timeout=20)
        done = await world.finished()
        assert done.prompt.startswith("a fox, soft light")
        await chat.send("/retry")
        await chat.wait("no question to answer again")


async def test_an_improvement_has_its_price_where_it_is_not_free(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, improve_prompt_free=False) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await order(chat, "a fox")
        await chat.click("Improve my prompt · 0.49")
        await chat.wait("soft light", button="Use my original")
        job = await world.finished()
        assert 0 < (job.charged or 0) < job.quote
        assert (await world.balance(ann))[0] < 100


def after(credits: Decimal) -> str:
    """What a confirmation says of the balance that its order leaves."""
    t = Texts(strict=True).of("en")
    return t.plain("order-balance-after", balance=credits_text(t, Credits(int(credits * CREDIT))))


@pytest.mark.parametrize("credits", ["0", "9.6"])
async def test_a_free_improvement_needs_no_credits_and_hides_none(database_url: str, credits: str) -> None:
    """9.6 credits are exactly what the picture costs."""
    async with easel(database_url, providers=CHAT) as world:
        ann = await world.person(credits=float(credits))
        chat = ann.private()
        await order(chat, "a fox")
        await chat.click("Improve my prompt · free")
        improved = await chat.wait("soft light", button="Use my original")
        assert (after(Decimal(0)) in improved.text) == (credits != "0")
        assert (await world.finished()).quote == 0
        assert await world.balance(ann) == (float(credits), 0)


async def test_beside_a_paid_improvement_the_balance_is_the_one_after_it(database_url: str) -> None:
    async with easel(database_url, providers=CHAT, improve_prompt_free=False) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await order(chat, "a fox")
        await chat.click("Improve my prompt · 0.49")
        improved = await chat.wait("soft light", button="Use my original")
        job = await world.finished()
        left = Decimal("90.4") - Decimal(job.charged or 0) / CREDIT
        assert after(left) in improved.text


async def test_an_improvement_that_fails_leaves_the_order_alone(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await order(chat, "a fox")
        world.services.neuroapi.faults.add("empty_answer")
        await chat.click("Improve my prompt")
        failed = await chat.wait("could not be improved", button="Confirm")
        assert "You were not charged" in failed.text
        assert (await world.finished()).cause is Cause.NO_WORDS


async def test_an_improvement_of_an_order_that_is_gone_is_not_charged(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, improve_prompt_free=False) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await order(chat, "a fox")
        world.services.neuroapi.state.scale = 0.5
        await chat.click("Improve my prompt")
        await chat.click("Cancel")
        await chat.wait("Cancelled")
        job = await world.finished()
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert await world.balance(ann) == (100, 0)
        assert "Cancelled" in (await chat.last()).text


async def test_without_a_chat_model_nothing_is_improved(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=100)
        await _no_button(world, ann.private())


async def _no_button(world: World, chat: ChatView) -> None:
    await chat.send("/music a calm tune")
    confirmation = await chat.wait("calm tune", button="Confirm")
    assert confirmation.button("Improve") is None
    assert confirmation.button("Confirm") is not None
