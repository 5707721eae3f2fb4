"""How a bot gets its updates: offsets, conflicts, allowed types, redelivery, and webhooks with secret and retries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram.exceptions import TelegramConflictError
from aiohttp import web

from tests.sandbox.telegram_kit import Json, World, telegram

SECRET = "X-Telegram-Bot-Api-Secret-Token"


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_an_offset_confirms_them() -> None:
    async with telegram() as world:
        _, chat = await world.person()
        await chat.send("one")
        await chat.send("two")
        first = await world.updates()
        assert texts(first) == ["/start", "one", "two"]
        ids = [update["update_id"] for update in first]
        assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
        assert texts(await world.ok("getUpdates", limit=1)) == ["/start"]
        assert texts(await world.updates(ids[1])) == ["one", "two"]
        assert texts(await world.updates()) == ["one", "two"]
        assert texts(await world.ok("getUpdates", offset=-1)) == ["two"]
        assert await world.updates(ids[2] + 1) == []


async def polling(world: World, wanted: bool = True) -> None:
    """Waits until a poll is held open, or none."""
    async with asyncio.timeout(10):
        while (world.server.core.updates._poller is not None) is not wanted:
            await asyncio.sleep(0.005)


async def test_a_long_poll_ends_with_the_first_update_or_the_timeout() -> None:
    async with telegram() as world:
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert await world.ok("getUpdates", timeout=1) == []
        assert 0.9 < loop.time() - started < 10
        poll = asyncio.create_task(world.bot.get_updates(timeout=20))
        await polling(world)
        await world.person()
        update = (await asyncio.wait_for(poll, 10))[0]
        assert update.message
        assert update.message.text == "/start"


async def test_a_second_poller_ends_the_first_and_a_webhook_ends_both() -> None:
    async with telegram() as world:
        first = asyncio.create_task(world.bot.get_updates(timeout=20))
        await polling(world)
        second = asyncio.create_task(world.bot.get_updates(timeout=20))
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
            await asyncio.wait_for(first, 10)
        await world.bot.set_webhook("http://127.0.0.1:1/hook")
        with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
            await asyncio.wait_for(second, 10)
        with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
            await world.bot.get_updates()
        await world.bot.delete_webhook()
        assert await world.bot.get_updates() == []


async def test_a_poller_that_went_away_takes_nothing_with_it() -> None:
    async with telegram() as world:
        poll = asyncio.create_task(world.bot.get_updates(timeout=20))
        await polling(world)
        poll.cancel()
        await polling(world, False)
        await world.person()
        assert texts(await world.updates()) == ["/start"]


async def test_only_allowed_types_are_queued() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await ann.block()
        await ann.unblock()
        kinds = [next(key for key in update if key != "update_id") for update in await world.updates()]
        assert kinds == ["message", "my_chat_member", "my_chat_member"]
        await world.ok("getUpdates", offset=-1, allowed_updates=["message"])
        await ann.block()
        await ann.unblock()
        await chat.send("hi")
        assert texts((await world.updates())[1:]) == ["hi"]


async def test_redelivered_updates_have_their_old_numbers_and_come_once() -> None:
    async with telegram() as world:
        _, chat = await world.person()
        await chat.send("one")
        updates = await world.updates()
        after = updates[-1]["update_id"] + 1
        assert await world.updates(after) == []
        assert await world.tg.redeliver(1) == 1
        await chat.send("two")
        again = await world.updates(after)
        assert texts(again) == ["one", "two"]
        assert again[0]["update_id"] == updates[-1]["update_id"]
        assert texts(await world.updates(after)) == ["two"]


@dataclass(slots=True)
class Hook:
    """A bot's webhook that keeps what it got; `statuses` are answered first, `reply` is the body."""

    url: str = ""
    got: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    reply: Json | None = None

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get(SECRET))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.reply or {}, status=status)

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.got) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def hook(**fields: Any) -> AsyncIterator[Hook]:
    made = Hook(**fields)
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield made
    finally:
        await runner.cleanup()


async def test_a_webhook_gets_pending_and_new_updates_with_the_secret() -> None:
    async with telegram() as world, hook() as receiver:
        _, chat = await world.person()
        await world.bot.set_webhook(receiver.url, secret_token="s3cret_-")
        await chat.send("one")
        await receiver.wait(2)
        assert texts(receiver.got) == ["/start", "one"]
        assert receiver.secrets == ["s3cret_-"] * 2
        info = await world.bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (receiver.url, 0)
        await world.tg.redeliver(2)
        await receiver.wait(4)
        assert [update["update_id"] for update in receiver.got[2:]] == [
            update["update_id"] for update in receiver.got[:2]
        ]


async def test_a_failing_webhook_is_tried_again_in_order() -> None:
    async with telegram(webhook_backoff=0.05) as world, hook(statuses=[500, 502]) as receiver:
        await world.bot.set_webhook(receiver.url)
        ann, chat = await world.person()
        await chat.send("one")
        bob, _ = await world.person("Bob")
        await receiver.wait(5)
        senders = [(update["message"]["from"]["id"], update["message"]["text"]) for update in receiver.got]
        assert [text for sender, text in senders if sender == ann.id][-2:] == ["/start", "one"]
        assert (bob.id, "/start") in senders
        info = await world.bot.get_webhook_info()
        assert info.last_error_message
        assert info.last_error_message.startswith("Wrong response from the webhook: 50")


async def test_a_method_in_the_webhooks_response_is_executed() -> None:
    async with telegram() as world:
        ann = await world.tg.user("Ann")
        reply = {"method": "sendMessage", "chat_id": ann.id, "text": "by reply"}
        async with hook(reply=reply) as receiver:
            await world.bot.set_webhook(receiver.url)
            chat = ann.private()
            await chat.send("/start")
            await chat.expect("by reply")


async def test_webhook_parameters_are_checked() -> None:
    async with telegram() as world:
        refusal = world.refusal
        assert "invalid webhook URL" in await refusal("setWebhook", url="ftp://x")
        url = "https://e.org/hook"
        assert "unallowed characters" in await refusal("setWebhook", url=url, secret_token="с")
        assert "too long" in await refusal("setWebhook", url=url, secret_token="x" * 257)
