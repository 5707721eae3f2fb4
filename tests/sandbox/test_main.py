"""The sandbox as a process: it tells its addresses, serves all of them and ends on a signal."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sandbox.__main__ import SERVICES

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def sandbox(*arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", *arguments), cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def settings(process: Process) -> dict[str, str]:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(8 + 2 * len(SERVICES))]
    page, *told = lines
    assert page.startswith("# Open http://127.0.0.1:")
    return {"PAGE": page.split()[2], **dict(line.split("=", 1) for line in told)}


FREE = tuple(word for name in ("telegram", "page", *SERVICES) for word in (f"--{name}-port", "0"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_prints_settings_serves_and_stops_cleanly(number: signal.Signals) -> None:
    options = (*FREE, "--token", "77:abc", "--key", "sk-x", "--scale", "1")
    async with sandbox(*options) as process:
        told = await settings(process)
        assert (told["BOT_TOKEN"], told["AI_NOW_API_KEY"], told["ALLOW_PRIVATE_RESULT_HOSTS"]) == (
            *("77:abc", "sk-x", "true"),
        )
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            me = await client.get(f"{told['TELEGRAM_API_URL']}/bot77:abc/getMe")
            assert me.json()["result"]["id"] == 77
            headers = {"Authorization": "Bearer sk-x"}
            assert (await client.get(f"{told['AI_NOW_BASE_URL']}/api/ping", headers=headers)).text == "pong"
            body = {"model": "pika", "prompt": "x"}
            url = f"{told['AI_NOW_BASE_URL']}/api/generate"
            async with client.stream("POST", url, headers=headers, json=body) as stream:
                await anext(stream.aiter_lines())
                process.send_signal(number)
                async with asyncio.timeout(10):
                    assert await process.wait() == 0
        assert process.stderr is not None
        assert await process.stderr.read() == b""


async def test_every_service_answers_under_the_settings_it_tells() -> None:
    reads = {
        "NEUROARTIST": "/balance",
        "NAIVE": "/v1/usage",
        "NEUROAPI": "/models",
        "NEUROFLASH": "/models",
        "AI_NOW": "/api/ping",
    }
    async with sandbox(*FREE) as process, httpx.AsyncClient(trust_env=False, verify=False) as client:
        told = await settings(process)
        services = {name.removesuffix("_BASE_URL") for name in told if name.endswith("_BASE_URL")} - {"TELEGRAM"}
        assert services == set(reads), "a simulated service that this test does not ask"
        assert {f"{name}_API_KEY" for name in reads} <= set(told)
        for name, path in reads.items():
            headers = {"Authorization": f"Bearer {told[f'{name}_API_KEY']}"}
            headers["x-workspace-id"] = told["NEUROFLASH_WORKSPACE_ID"]
            answer = await client.get(told[f"{name}_BASE_URL"] + path, headers=headers)
            assert answer.status_code == 200, name


async def test_its_settings_let_a_person_pay_and_its_page_has_people_and_chats() -> None:
    async with sandbox(*FREE) as process, httpx.AsyncClient(trust_env=False, verify=False) as client:
        told = await settings(process)
        world = (await client.get(told["PAGE"] + "world")).json()
        olga = next(person for person in world["people"] if person["first_name"] == "Olga")
        assert told["ADMIN_IDS"] == str(olga["id"])
        assert told["TOPUP_CONTACT"] == "@olga"
        assert int(told["WELCOME_CREDITS"]) > 0
        assert (world["speed"], world["guest"]) == (0.05, True)


async def test_without_the_page_only_settings_are_printed() -> None:
    async with sandbox(*FREE, "--no-page") as process:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert (await process.stdout.readline()).startswith(b"TELEGRAM_API_URL=")


async def test_a_taken_port_is_said_in_a_sentence() -> None:
    async with sandbox(*FREE) as first:
        port = (await settings(first))["AI_NOW_BASE_URL"].rsplit(":", 1)[1]
        async with sandbox(*FREE, "--ai-now-port", port) as second:
            _, errors = await second.communicate()
            assert second.returncode == 1
            assert errors.decode().startswith("the sandbox cannot start: ")
            assert b"Traceback" not in errors


@pytest.mark.parametrize("wrong", [("--scale", "11"), ("--scale", "nan"), ("--ai-now-port", "70000"), ("--what",)])
async def test_a_wrong_command_line_is_explained(wrong: tuple[str, ...]) -> None:
    async with sandbox(*wrong) as process:
        _, errors = await process.communicate()
        assert process.returncode == 2
        assert b"usage: python -m sandbox" in errors
