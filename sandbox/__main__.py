"""Runs the local Telegram and the simulators of all services together until a signal ends them: python -m sandbox.

What it prints are settings: put them into the bot's environment and it lives in the sandbox.
"""

import argparse
import asyncio
import signal
import sys
from contextlib import AsyncExitStack

from sandbox.page import PageServer, furnish
from sandbox.services import AI_NOW_KEY, Services
from sandbox.telegram import Config, Limits, TelegramServer
from sandbox.telegram.chats.model import User

SERVICES = ("ai-now", "neuroartist", "naive", "neuroapi", "neuroflash")
WELCOME_CREDITS = "1000"


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line; ends the process with status 2 when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; nothing here is protected, keep it local")
    parser.add_argument("--telegram-port", type=_port, default=8081, help="0 takes a free one")
    for default, service in enumerate(SERVICES, 8082):
        parser.add_argument(f"--{service}-port", type=_port, default=default, help="0 takes a free one")
    parser.add_argument("--page-port", type=_port, default=8087, help="of the page in the browser; 0 takes a free one")
    parser.add_argument("--no-page", action="store_true", help="serve no page")
    parser.add_argument("--token", default=Config().token, help="the bot's token")
    parser.add_argument("--username", default=Config().bot_username, help="the bot's @username")
    parser.add_argument("--no-limits", action="store_true", help="switch Telegram's flood limits off")
    parser.add_argument("--key", default=AI_NOW_KEY, help="the AI-Now key; the others' keys are printed")
    parser.add_argument("--tokens", type=int, default=1_000_000, help="the AI-Now token balance")
    parser.add_argument(
        "--scale", type=_scale, default=0.05, help="times the services' documented durations (seconds to minutes)"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the durations")
    return parser.parse_args(argv)


async def serve(options: argparse.Namespace) -> None:
    """Starts all servers, prints the settings, stops them on SIGTERM or SIGINT. Raises OSError if a port is taken."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    limits = Limits(enabled=not options.no_limits)
    config = Config(token=options.token, bot_username=options.username, limits=limits, guest=True)
    telegram = TelegramServer(config)
    admin = furnish(telegram.core).olga
    services = Services(scale=options.scale, seed=options.seed, ai_now_key=options.key, ai_now_tokens=options.tokens)
    async with AsyncExitStack() as running:
        running.push_async_callback(telegram.stop)
        address = await telegram.start(options.host, options.telegram_port)
        running.push_async_callback(services.stop)
        await services.start(options.host, {name: getattr(options, f"{name}_port") for name in services.all})
        if not options.no_page:
            page = PageServer(telegram.core, services)
            running.push_async_callback(page.stop)
            # A comment, so that the whole output can be an environment file.
            sys.stdout.write(f"# Open {await page.start(port=options.page_port)} in a browser\n")
        settings = {
            "telegram_api_url": address,
            "bot_token": options.token,
            **services.settings(),
            **first_order(admin),
        }
        sys.stdout.write("".join(f"{name.upper()}={value}\n" for name, value in settings.items()))
        sys.stdout.flush()
        await ended.wait()


def first_order(admin: User) -> dict[str, str]:
    """Settings with which a person can pay for an order at once, and knows whom to ask for more."""
    return {"admin_ids": str(admin.id), "welcome_credits": WELCOME_CREDITS, "topup_contact": f"@{admin.username}"}


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


def _scale(text: str) -> float:
    scale = float(text)
    if not 0 <= scale <= 10:
        raise ValueError(text)
    return scale


def main(argv: list[str]) -> int:
    """The exit status: 0 after a signal, 1 if a port was taken."""
    try:
        asyncio.run(serve(arguments(argv)))
    except OSError as error:
        sys.stderr.write(f"the sandbox cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
