"""Orders that cannot be paid, as chats: what their card offers, and how they come back when credits come."""

import argparse
import asyncio
from decimal import Decimal

import pytest

from bot.cli import topup
from bot.domain.jobs import JobState
from bot.domain.money import CREDIT, Credits
from bot.engine.credits import notices
from bot.engine.orders import waiting_orders
from bot.engine.use_cases import UseCases
from sandbox.client import ChatView, Msg
from tests.drivers.app import easel

BACK = {"en": "This order was waiting", "ru": "Их ждал этот заказ"}
LACKS = {"en": "Not enough credits", "ru": "Кредитов на это не хватает"}
WAITS = {"en": "24 hours", "ru": "24 часа"}
CHECK = {"en": "🔄 Check again", "ru": "🔄 Проверить снова"}
STILL = {"en": "Still not enough", "ru": "всё ещё не хватает"}
ASK = {"en": "Ask for credits", "ru": "Попросить пополнение"}
OFF_SALE = {"en": "Its model is not on sale", "ru": "Его модели сейчас нет в продаже"}
CONFIRM = {"en": "Confirm", "ru": "Подтвердить"}
languages = pytest.mark.parametrize("language", ["en", "ru"])


@languages
async def test_an_order_without_credits_comes_back_when_an_admin_gives_some(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url) as world:
        olga = await world.admin()
        ann = await world.person(language=language, credits=5)
        chat = ann.private()
        await chat.send("/luma a lake")
        card = await chat.wait(LACKS[language], button=CHECK[language])
        assert WAITS[language] in card.text
        assert "a lake" in card.text
        assert "@operator" in card.text
        assert not any(CONFIRM[language] in label for label in card.buttons)
        assert STILL[language] in (await chat.click(CHECK[language], on=card)).text
        await chat.click(ASK[language], on=card)
        await olga.private().click("+25", on=await olga.private().wait("Ann", button="+25"))
        told = await chat.wait("25")
        back = await chat.wait(BACK[language], button=CONFIRM[language], timeout=15)
        assert back.id > told.id > card.id, "first the credits, then the order, below everything"
        assert back.buttons[0].startswith(CONFIRM[language])
        await chat.wait_gone(card)  # one card of one order
        assert await world.balance(ann) == (30, 0), "nothing is charged without a Confirm"
        await chat.click(CONFIRM[language], on=back)
        assert (await world.finished()).state is JobState.DONE
        assert await world.balance(ann) == (0, 0)
        await asyncio.sleep(4)
        assert sum(BACK[language] in m.text for m in await chat.messages()) == 0, "the card became the result"
        assert len(await world.jobs()) == 1


@languages
async def test_the_nearest_model_one_can_pay_is_a_tap_away(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url) as world:
        chat = (await world.person(language=language, credits=12)).private()
        await chat.send("/luma a lake")
        card = await chat.wait(LACKS[language])
        (cheaper,) = [label for label in card.buttons if " · 1" in label]
        await chat.click(cheaper, on=card)
        swapped = await chat.wait_for(lambda m: LACKS[language] not in m.text and "a lake" in m.text)
        assert swapped.id == card.id
        world.easel.db.shift_clock(3)
        await asyncio.sleep(4)
        assert not any(BACK[language] in m.text for m in await chat.messages()), "it waits no more"


@languages
async def test_from_a_group_it_comes_back_in_private(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person("Ann", language=language, credits=5), await world.person("Bob")
        group = await world.tg.group("Club", [ann, bob])
        here, chat = ann.in_(group), ann.private()
        await here.send("/luma a lake")
        card = await here.wait(LACKS[language])
        assert card.ephemeral
        assert WAITS[language] in card.text
        assert not any(CONFIRM[language] in label for label in card.buttons)
        assert "25" not in card.text, "what is missing would tell the balance"
        await world.give(ann, 25)
        back = await chat.wait(BACK[language], button=CONFIRM[language], timeout=15)
        await chat.click(CONFIRM[language], on=back)
        job = await world.finished()
        assert (job.state, job.target.chat_id) == (JobState.DONE, ann.id)
        assert await world.balance(ann) == (0, 0)
        assert "expired" in (await here.click(CHECK["en"], on=card)).text if language == "en" else True


async def test_a_changed_price_is_told_and_the_order_goes_on_waiting(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=5)
        chat = ann.private()
        await chat.send("/luma a lake")
        await chat.wait("Not enough credits")
        await world.restart(ai_now_credits_per_token=Decimal("1.333"))
        await world.give(ann, 25)
        back = await chat.wait("Its price has changed, it was 30 credits", timeout=15)
        assert "Not enough credits" in back.text
        assert not any("Confirm" in label for label in back.buttons)
        await world.give(ann, 10)
        back = await chat.wait("was waiting for them", button="Confirm · 39.99", timeout=15)
        await chat.click("Confirm", on=back)
        assert (await world.finished()).state is JobState.DONE


async def test_cancelled_or_a_day_old_it_does_not_come_back(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person("Ann", credits=5), await world.person("Bob", credits=5)
        chat, his = ann.private(), bob.private()
        await chat.send("/luma a lake")
        await chat.click("Cancel", on=await chat.wait("Not enough credits"))
        await his.send("/luma a sea")
        await his.wait("Not enough credits")
        await world.give(ann, 50)
        world.easel.db.shift_clock(waiting_orders.KEPT + 1)
        await world.give(bob, 50)
        await asyncio.sleep(6)
        for view in (chat, his):
            assert not any("was waiting for them" in m.text for m in await view.messages())


async def test_twice_topped_up_and_after_a_restart_it_comes_back_once(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=5)
        chat = ann.private()
        await chat.send("/luma a lake")
        await chat.wait("Not enough credits")
        await world.give(ann, 20)
        await world.give(ann, 20)
        await world.restart()
        await chat.wait("was waiting for them", button="Confirm · 30", timeout=15)
        await world.give(ann, 20)
        await asyncio.sleep(6)
        assert sum("was waiting for them" in m.text for m in await chat.messages()) == 1


async def test_without_an_operator_to_ask_the_card_says_so(sqlite_url: str) -> None:
    async with easel(sqlite_url, admin_ids=(), topup_contact="") as world:
        chat = (await world.person(credits=5)).private()
        await chat.send("/luma a lake")
        card = await chat.wait("Not enough credits")
        assert "I cannot take requests right now" in card.text
        assert "💳 Ask for credits" not in card.buttons


async def _waits(chat: ChatView) -> Msg:
    """The card of an order that lacks credits."""
    await chat.send("/luma a lake")
    return await chat.wait("Not enough credits", button="Check again")


@languages
async def test_checked_again_the_card_shows_the_balance_and_says_so_only_if_it_is_the_same(
    sqlite_url: str, language: str
) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(language=language, credits=5)
        chat = ann.private()
        await chat.send("/luma a lake\n\n  with <b>boats</b> & birds")
        card = await chat.wait(LACKS[language], button=CHECK[language])
        assert STILL[language] in (await chat.click(CHECK[language], on=card)).text
        await world.give(ann, 10)
        assert not (await chat.click(CHECK[language], on=card)).text, "the card says it"
        redrawn = await chat.wait(LACKS[language])
        assert redrawn.id == card.id
        assert "15" in redrawn.text.replace(card.text, "")
        assert sum(" · 1" in label for label in redrawn.buttons) == 1, "there is a model for that now"
        assert STILL[language] in (await chat.click(CHECK[language], on=redrawn)).text
        await world.give(ann, 15)
        assert not (await chat.click(CHECK[language], on=redrawn)).text
        await chat.wait("a lake", button=CONFIRM[language])


@languages
async def test_what_went_off_sale_meanwhile_comes_back_with_other_models(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url) as world:
        operator, ann = (await world.admin()).private(), await world.person(language=language, credits=5)
        chat = ann.private()
        await chat.send("/luma a lake")
        card = await chat.wait(LACKS[language])
        await operator.send("/models off luma")
        await operator.wait("off sale")
        await world.give(ann, 50)
        back = await chat.wait(BACK[language], timeout=15)
        assert back.id > card.id
        assert OFF_SALE[language] in back.text
        assert "a lake" in back.text
        assert back.button(CONFIRM[language]) is None
        await chat.click("Pika", on=back)
        await chat.wait("a lake", button=CONFIRM[language])
        await asyncio.sleep(4)
        assert await world.balance(ann) == (55, 0)
        assert sum(BACK[language] in m.text for m in await chat.messages()) == 0, "it came once"


async def test_credits_of_the_command_line_bring_it_back(database_url: str) -> None:
    async with easel(database_url) as world:
        ann = await world.person(credits=5)
        chat = ann.private()
        await _waits(chat)
        asked = argparse.Namespace(user=str(ann.id), yes=True)
        assert await topup.give(UseCases.over(world.easel.db), asked, Credits(25 * CREDIT), "by hand") == topup.GIVEN
        told = await chat.wait("You were given", timeout=15)
        back = await chat.wait("was waiting for them", button="Confirm", timeout=15)
        assert back.id > told.id, "first the credits"
        await chat.click("Confirm", on=back)
        assert (await world.finished()).state is JobState.DONE
        assert await world.balance(ann) == (0, 0)


async def test_it_waits_for_a_person_who_blocked_the_bot(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=5)
        chat = ann.private()
        await _waits(chat)
        await ann.block()
        await world.give(ann, 25)
        await asyncio.sleep(7)
        await ann.unblock()
        assert not any("was waiting for them" in m.text for m in await chat.messages())
        world.easel.db.shift_clock(notices.LATER + 1)
        back = await chat.wait("was waiting for them", button="Confirm", timeout=15)
        await chat.click("Confirm", on=back)
        assert (await world.finished()).state is JobState.DONE
        assert len(await world.jobs()) == 1


async def test_where_all_see_the_menu_it_tells_nothing_of_the_balance(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        world.telegram.config.ephemeral = False
        ann, bob = await world.person("Ann", credits=17), await world.person("Bob")
        hers = ann.in_(await world.tg.group("Club", [ann, bob]))
        card = await _waits(hers)
        assert not card.ephemeral

        def tells(message: Msg) -> bool:
            words = [message.text, *message.buttons]
            return any(figure in text for text in words for figure in ("17", "13", "You have", " · 1"))

        assert not tells(card)
        assert "Still not enough" in (await hers.click("Check again", on=card)).text
        await world.give(ann, 3)
        assert "Still not enough" in (await hers.click("Check again", on=card)).text
        assert not tells(await hers.refresh(card))
        await world.give(ann, 20)
        assert not (await hers.click("Check again", on=card)).text
        payable = await hers.wait("a lake", button="Confirm")
        assert "Balance" not in payable.text
        await hers.click("Confirm", on=payable)
        assert (await world.finished()).state is JobState.DONE
        assert await world.balance(ann) == (10, 0)
