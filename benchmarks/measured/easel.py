"""The whole bot as a measured process: the app by webhook, against a Telegram and with a provider of the benchmark's.

python -m benchmarks.measured.easel <telegram url> <database url> [--provider silent] [--concurrency N]
"""

import argparse
import sys
import time
from typing import Any

import uvloop
from pydantic import SecretStr

from benchmarks.measured.providers import Finishing, Polled, Silent
from benchmarks.measured.tell import tell
from benchmarks.telegram import SECRET, TOKEN
from bot.allocator import spare_memory
from bot.app import Easel, Wrap, spare_collections
from bot.engine.jobs.submit import Placed
from bot.settings import Settings
from bot.telegram.outbox.flood_limits import Rates
from bot.wiring.parts import configure_logs

UNLIMITED = Rates(scale=1000.0)
"""The flood limits would be the measurement: 30 answers a second."""


def settings(options: argparse.Namespace) -> Settings:
    return Settings(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        telegram_api_url=options.telegram,
        database_url=options.database,
        ai_now_api_key=SecretStr("sk-benchmark"),
        ai_now_concurrency=options.concurrency,
        welcome_credits="1000",
        welcome_per_hour=0,
        orders_per_minute=0,
        all_orders_per_minute=0,
        new_user_orders_per_day=0,
        updates_per_minute=options.updates_per_minute,
        queue_length=100_000,
        allow_private_result_hosts=True,
        webhook_url="http://127.0.0.1/telegram",
        webhook_secret=SecretStr(SECRET),
        http_port=0,
        drain_seconds=0,
        log_level="warning",
    )


class Stamps:
    """Tells when orders came in and when the provider was called: each one, or only once so many were."""

    def __init__(self, each: bool, expected: int) -> None:
        self._each = each
        self._expected = expected
        self._count = 0
        self.resumed = 0

    def called(self, job_id: str, moment: float, resumed: bool) -> None:
        self._count += 1
        self.resumed += resumed
        if self._each:
            tell("called", job=job_id, at=moment)
        if self._count == self._expected:
            tell("all_called", at=moment, resumed=self.resumed)

    def watch(self, app: Easel) -> None:
        """Stamps the moment at which a confirmed order reaches the engine."""
        submit = app.orders.submit

        async def stamped(order: Any, **rest: Any) -> Placed:
            tell("submitted", job=order.id, at=time.monotonic())
            return await submit(order, **rest)

        if self._each:
            app.orders.submit = stamped  # type: ignore[method-assign]


async def main(options: argparse.Namespace) -> None:
    made = settings(options)
    configure_logs(made)
    stamps = Stamps(options.each, options.expected)
    stand_in: Silent | Polled | Finishing
    match options.provider:
        case "polled":
            stand_in = Polled(stamps.called)
        case "finishing":
            stand_in = Finishing(stamps.called, options.film)
        case _:
            stand_in = Silent(stamps.called)
    tell("starting", at=time.monotonic())
    rates = UNLIMITED if options.unlimited else None
    async with Easel(made, wrap=Wrap(provider=lambda _: stand_in), rates=rates) as app:
        spare_collections()
        stamps.watch(app)
        tell("ready", url=app.http_url, at=time.monotonic())
        await app.until_stopped()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("telegram")
    parser.add_argument("database")
    parser.add_argument("--provider", choices=("silent", "polled", "finishing"), default="silent")
    parser.add_argument("--film", default="", help="address of the result, where the provider finishes")
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--each", action="store_true", help="tell of every order and every call of the provider")
    parser.add_argument("--expected", type=int, default=0, help="tell when the provider was called so often")
    parser.add_argument("--updates-per-minute", type=int, default=0, help="of one person; 0: any number")
    parser.add_argument("--unlimited", action="store_true", help="no flood limits of our own")
    return parser.parse_args()


if __name__ == "__main__":
    spare_memory()
    uvloop.run(main(arguments()))
    sys.exit(0)
