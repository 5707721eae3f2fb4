"""The command line: run the bot, play the demo, and what an operator does without a chat."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.allocator import spare_memory
from bot.cli import licences, texts, topup
from bot.domain.money import to_decimal
from bot.engine.catalog.file import CatalogError
from bot.engine.catalog.shop import Why
from bot.engine.use_cases import UseCases
from bot.providers.registry import FACTORIES
from bot.settings import Settings, SettingsError, load_settings, strange_names
from bot.storage.database import StorageError
from bot.storage.errors import reason
from bot.storage.migrate import migrate
from bot.telegram.i18n.texts import Texts, TextsError
from bot.wiring.catalog import shop_of
from bot.wiring.use_cases import reader_of

OK, PROBLEM, USAGE = 0, 1, 2
WHY_NOT: Mapping[Why, str] = {
    Why.NO_KEY: "no key",
    Why.PROVIDER_OFF: "its provider was switched off by an admin",
    Why.MODEL_OFF: "switched off by an admin",
    Why.NOT_ALLOWED: "not allowed by the provider",
    Why.UNKNOWN_MODEL: "paused: the provider does not know it",
    Why.NEEDS_MORE: "the provider requires a field that the catalogue does not send",
    Why.BAD_KEY: "paused: the key is refused",
    Why.NO_FUNDS: "paused: the balance with the provider is too low",
    Why.CIRCUIT_OPEN: "paused: the provider failed several times in a row",
    Why.NO_PRICE: "today's price could not be asked",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the process's exit code (0 fine, 1 a problem was found, 2 wrong settings or usage)."""
    options = _parser().parse_args(arguments)
    try:
        if options.command in WITHOUT_SETTINGS:
            return WITHOUT_SETTINGS[options.command](options)
        prefixes = [f"{name.upper()}_" for name in FACTORIES]
        settings = load_settings(also=prefixes)
        for line in strange_names(also=prefixes):
            _say_error(line)
        command: Callable[[Settings, argparse.Namespace], Awaitable[int]] = options.run
        return _with_uvloop(command(settings, options))
    except (SettingsError, StorageError, CatalogError, TextsError) as error:
        _say_error(str(error))
        return USAGE
    except DBAPIError as error:  # a database that was good at the start, or seemed so
        _say_error(f"The database cannot be used: {reason(error)}")
        return USAGE
    except KeyboardInterrupt:
        return OK


class _Intermixed(argparse.ArgumentParser):
    """Takes options also between positional arguments: `topup 7 50 --yes note`, which argparse refuses by default."""

    _reading = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """argparse calls it for a command, and `parse_known_intermixed_args` calls it twice itself."""
        if self._reading:
            return super().parse_known_args(args, namespace)
        self._reading = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._reading = False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Easel, a Telegram bot that sells generations.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Intermixed)
    commands.add_parser("run", help="run the bot until it is stopped (Ctrl+C, SIGTERM)").set_defaults(run=_run)
    demo = commands.add_parser("demo", help="play a conversation on the sandbox: no token, no key, no network")
    demo.add_argument("--prompt", default="A serene lake surrounded by mountains", help="what Ann orders")
    demo.add_argument("--model", default="pika", help="pika, run, luma or suno")
    demo.add_argument(
        "--style", default=None, help="a style of the model (watercolor for pika by default); none: no style"
    )
    demo.add_argument("--keep", action="store_true", help="leave sandbox and bot running after the conversation")
    demo.add_argument("--once", action="store_true", help="play, print and end, also in a terminal")
    commands.add_parser("migrate", help="bring the database to the present schema").set_defaults(run=_migrate)
    commands.add_parser("verify", help="prove the ledger: exit 1 and a list when anything is off").set_defaults(
        run=_verify
    )
    models = commands.add_parser("models", help="what is on sale, and why something is not")
    models.add_argument("--json", action="store_true", help="as JSON")
    models.set_defaults(run=_models)
    notices = commands.add_parser("notices", help="the licences of what is installed beside Easel")
    notices.add_argument("--lock", type=Path, default=None, help="only the packages that this lock file names")
    written = commands.add_parser("texts", help="an HTML page with every text of every language, as a reader sees it")
    written.add_argument("--more", type=Path, default=None, help="a folder with further languages, as LOCALES_DIR")
    shown = commands.add_parser("profile", help="what Telegram shows of the bot before Start; sets its name and photo")
    shown.add_argument("--name", default=None, help="the bot's name, for languages without one of their own")
    shown.add_argument("--language", default=None, help="two letters, such as ru: the name is for that language")
    shown.add_argument("--photo", type=Path, default=None, help="its picture, a square JPEG file")
    shown.add_argument("--descriptions", action="store_true", help="write both descriptions anew, over your own too")
    shown.set_defaults(run=_profile)
    top_up = commands.add_parser("topup", help="give credits without a chat (the bot must be stopped on SQLite)")
    topup.describe(top_up)
    top_up.set_defaults(run=topup.top_up)
    return parser


def _with_uvloop(work: Awaitable[int]) -> int:
    import uvloop  # noqa: PLC0415  # only commands that serve pay for its import

    async def run() -> int:
        return await work

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def _demo(options: argparse.Namespace) -> int:
    if find_spec("sandbox") is None:
        _say_error(
            "The demo needs the sandbox, which this image leaves out: clone the project and run `make demo` there."
        )
        return PROBLEM
    from bot.demo.play import play  # noqa: PLC0415  # as in _run
    from bot.demo.scenes import DemoOptions  # noqa: PLC0415

    return asyncio.run(play(DemoOptions(options.prompt, options.model, options.style, options.keep, options.once)))


def _notices(options: argparse.Namespace) -> int:
    """Needs no settings: what an image carries is asked of an image that runs nothing."""
    try:
        packages = licences.pinned(options.lock) if options.lock is not None else licences.installed()
    except PackageNotFoundError as missing:
        _say_error(f"{missing.name} is in the lock file but not installed: run `make install` first.")
        return USAGE
    sys.stdout.write(licences.notices(packages))
    return OK


def _texts(options: argparse.Namespace) -> int:
    """Needs no settings: a translator has none."""
    sys.stdout.write(texts.page(Texts(more=options.more), options.more))
    return OK


WITHOUT_SETTINGS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "notices": _notices,
    "texts": _texts,
}


async def _run(settings: Settings, _: argparse.Namespace) -> int:
    from bot.app import Easel, spare_collections  # noqa: PLC0415  # the chat's library takes seconds to import
    from bot.wiring.file_checks import check_files  # noqa: PLC0415
    from bot.wiring.parts import configure_logs  # noqa: PLC0415

    spare_memory()
    configure_logs(settings)
    await asyncio.to_thread(check_files, settings)
    await asyncio.to_thread(migrate, settings.database_url)
    async with Easel(settings) as easel:
        spare_collections()
        await easel.until_stopped()
    return OK


async def _profile(settings: Settings, options: argparse.Namespace) -> int:
    from bot.cli.profile import profile  # noqa: PLC0415  # as in _run

    return await profile(settings, options)


async def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    await asyncio.to_thread(migrate, settings.database_url)
    _say("The database is up to date.")
    return OK


async def _verify(settings: Settings, _: argparse.Namespace) -> int:
    async with reader_of(settings) as db:
        problems = await UseCases.over(db).books.verify()
    for problem in problems:
        _say(f"{problem.rule}: {problem.subject}: {problem.detail}")
    _say(f"{len(problems)} problems." if problems else "The ledger is clean.")
    return PROBLEM if problems else OK


async def _models(settings: Settings, options: argparse.Namespace) -> int:
    async with reader_of(settings) as db:
        offers = await shop_of(settings, db).everything()
    rows: list[dict[str, object]] = [
        {
            "slug": offer.model.slug,
            "title": offer.model.title.of("en"),
            "kind": offer.model.kind.value,
            "provider": offer.model.provider,
            "price": f"{to_decimal(offer.price):f}",
            "price_is": "approximate" if offer.approximate else "live" if offer.model.live else "fixed",
            "typical_seconds": round(offer.typical),
            "options": [option.name for option in offer.model.options],
            "styles": sum(len(option.choices) for option in offer.model.options if option.name == "style"),
            "on_sale": offer.available,
            "why": offer.why.value if offer.why is not None else "",
            "why_not": WHY_NOT[offer.why] if offer.why is not None else "",
        }
        for offer in offers
    ]
    _say(json.dumps(rows, indent=2, ensure_ascii=False) if options.json else _table(rows))
    return OK


def _table(rows: list[dict[str, object]]) -> str:
    lines = []
    for row in rows:
        state = "on sale" if row["on_sale"] else f"off: {row['why_not']}"
        about = "~" if row["price_is"] == "approximate" else ""
        lines.append(
            f"{row['slug']:<16}{row['kind']:<8}{row['provider']:<12}{about:>2}"
            f"{row['price']:>7} credits  ~{row['typical_seconds']} s  {state}"
        )
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _say_error(text: str) -> None:
    sys.stderr.write(text + "\n")
