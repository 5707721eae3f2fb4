"""Nonsense never breaks the emulator: every method and route refuses it as Telegram would, and goes on."""

import asyncio
import itertools
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from sandbox.telegram.chats.posting import post
from sandbox.telegram.methods import NAMES
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.routes_bot import BotApi
from tests.sandbox.telegram_kit import Json, telegram

ROOT = Path(__file__).resolve().parents[3]
FIELDS = (
    *("chat_id", "from_chat_id", "message_id", "message_ids", "text", "caption", "parse_mode", "entities", "media"),
    *("photo", "video", "audio", "document", "animation", "voice", "reply_markup", "reply_parameters", "action"),
    *(
        "callback_query_id",
        "commands",
        "scope",
        "language_code",
        "user_id",
        "reaction",
        "file_id",
        "menu_button",
        "url",
    ),
)
NONSENSE: list[Any] = ["", "x", "{", "[1]", 0, -1, True, None, [], [1], [{}], {}, {"type": "photo"}, 10**30]
ROUTE_FIELDS = (
    *("id", "chat_id", "user_id", "members", "kind", "text", "message_id", "reply_to", "status", "wait", "limit"),
    *("faults", "times", "chat_burst", "is_premium", "by"),
)
ROUTES = (
    *("users", "groups", "topics", "send", "edit", "click", "delete_message", "delete_chat", "member", "limits"),
    *("faults", "redeliver"),
)


async def test_nonsense_in_one_field_is_refused_by_every_method() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        core = world.server.core
        api = BotApi(core)
        for field, nonsense, method in itertools.product(FIELDS, NONSENSE, NAMES):
            if method.startswith("edit"):
                post(core, core.store.chat(ann.id), Params(), text=("hi", []))
            newest = next(reversed(core.store.chat(ann.id).messages))
            good = {"chat_id": ann.id, "from_chat_id": ann.id, "message_id": newest, "text": "x"}
            status, body = await api.run(method, Params({**good, field: nonsense}))
            assert status in {200, 400, 403, 409}, (method, field, nonsense, body)
            assert body["ok"] is (status == 200)
        await world.bot.send_message(ann.id, "still here")
        assert (await chat.last()).text == "still here"


async def test_nonsense_in_one_field_is_refused_by_every_client_route() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Friends", [ann])
        good: Json = {"user_id": ann.id, "chat_id": grp.id, "kind": "group", "text": "x", "message_id": 1}
        good |= {"status": "left", "members": [ann.id]}
        for route, field, nonsense in itertools.product(ROUTES, ROUTE_FIELDS, NONSENSE):
            async with world.http.post(f"{world.base}/client/{route}", json={**good, field: nonsense}) as response:
                assert response.status in {200, 400, 403}, (route, field, nonsense, await response.text())
        assert (await world.tg.bot())["me"]["id"] == world.bot.id


async def test_it_runs_by_itself_until_a_signal() -> None:
    command = (sys.executable, "-m", "sandbox.telegram", "--port", "0", "--token", "7:seven")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    try:
        assert process.stdout
        base = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with telegram() as world, world.http.get(f"{base}/bot7:seven/getMe") as response:
            assert (await response.json())["result"]["id"] == 7
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
