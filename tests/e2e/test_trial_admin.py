"""What an operator stumbled over in the first days: each was seen in a chat first."""

import asyncio
from decimal import Decimal

import pytest

from tests.drivers.app import ADMIN_ID, World, easel


async def test_an_operator_who_writes_for_the_first_time_gets_the_command_list_at_once(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        while len(await scopes(world)) < 6:  # the test's own time limit bounds it: two scopes in three languages
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        await world.admin()
        while len(found := await scopes(world)) < 9:
            await asyncio.sleep(0.05)
        assert all(("topup" in listed) is (str(ADMIN_ID) in scope) for scope, listed in found.items())


async def scopes(world: World) -> dict[str, str]:
    """Scope and language of each list that was registered, and its commands."""
    return {f"{c['scope']} {c['language_code']}": str(c["commands"]) for c in (await world.tg.bot())["commands"]}


@pytest.mark.parametrize(("after", "sent"), [(30.0, "no"), (0.0, "yes")])
async def test_a_jobs_card_says_whether_ready_was_really_sent(sqlite_url: str, after: float, sent: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50), ready_after_seconds=after) as world:
        olga, chat = await world.admin(), (await world.person()).private()
        await chat.send("/pika --style 4 a lake")
        await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
        job = await world.finished()
        assert any("Ready!" in m.text for m in await chat.messages()) is (sent == "yes")
        await olga.private().send(f"/job {job.id}")
        await olga.private().click("Progress", on=await olga.private().wait(button="Progress"))
        await olga.private().expect(f"“Ready” sent: {sent}")


async def test_the_lists_of_commands_begin_as_the_menu_does(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        commands: list[str] = []
        while not commands:  # the test's own time limit bounds it
            await asyncio.sleep(0.05)
            told = (await world.tg.bot())["commands"]
            commands = [c["command"] for listed in told[:1] for c in listed["commands"]]
        assert commands[:2] == ["video", "music"]
