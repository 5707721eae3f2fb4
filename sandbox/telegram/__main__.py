"""Runs the local Telegram by itself: python -m sandbox.telegram --port 8081 --token 42:secret."""

import argparse
import asyncio
import signal
import sys

from sandbox.telegram.control.config import Config, Limits
from sandbox.telegram.server import TelegramServer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--token", default=Config().token, help="the only token that is let in")
    parser.add_argument("--username", default=Config().bot_username, help="the bot's @username")
    parser.add_argument("--no-limits", action="store_true", help="switch the flood limits off")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    limits = Limits(enabled=not arguments.no_limits)
    server = TelegramServer(Config(token=arguments.token, bot_username=arguments.username, limits=limits))
    base_url = await server.start(arguments.host, arguments.port)
    sys.stdout.write(f"{base_url}\n")
    sys.stdout.flush()
    try:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
    finally:
        await server.stop()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
