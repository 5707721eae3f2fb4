"""The table of failpoints is complete: a step that is new, renamed or gone fails here until somebody looks at it."""

import ast
import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.engine
from tests.crash import audit
from tests.crash.bots import Bots
from tests.crash.matrix import Databases
from tests.crash.points import EARLIER, TABLE, points
from tests.crash.scenes import SCENES, play

DIALECT = "sqlite"
pytestmark = pytest.mark.crash

NOT_IN_THE_SCENES = {
    "Originals.put_aside": "a result taken for another order, without a job under way",
    "PriceWatch._when_due": "the market's own rounds, without a job under way",
    "Stockroom._watch_balance": "the market's own rounds, without a job under way",
    "Stockroom.probe": "an operator's tap, without a job under way",
    "Shop.allow_probe": "an operator's tap, without a job under way",
    "hand_back": "for providers that can be asked again, and after a database that failed",
    "change": "an operator's one transaction, without a job under way",
    "erase.delete_result": "a finished job's result, deleted upstream first: doing it again is harmless",
    "forget": "a finished job's results, deleted: doing it again is harmless",
    "keep_the_good": "of several results one is no file: found out again after a crash",
    "probe_worked": "only where a pause waits for it; after a crash the end of the job does the same",
    "lift": "an operator's one transaction, without a job under way",
    "once.unless_it_fails": "a tap that failed: after a crash the same tap is put off for a while, and nothing else",
    "note": "the market's own rounds, without a job under way",
    "put": "an operator's one transaction, without a job under way",
    "say_again": "another process has said the last word: the same once more, and a crash costs no more than that",
    "stop_answer": "only a word to the process that reads the answer",
    "Upstream._until_stopped": "an answer stopped before its first word: like a cancel",
    "write": "an operator's one transaction, without a job under way",
    "refund_job": "an operator's one transaction, without a job under way",
}
"""Transactions of the engine that no scene passes, and why."""


def one_folder(base: Path, name: str) -> Path:
    """A folder for one bot."""
    folder = base / name.replace(" ", "-")
    folder.mkdir()
    return folder


async def seen_in(scene: str, bots: Bots, databases: Databases, folder: Path) -> set[str]:
    """The names that one undisturbed process passes, from its start to its graceful stop."""
    async with (
        databases.one(folder) as (url, bury),
        SCENES[scene].on(bots, url, folder, bury) as stage,
    ):
        bot = await stage.start(record=True)
        await play(stage, SCENES[scene])
        assert await stage.stop() == 0
        assert list(audit.money(await audit.books(stage.db))) == []
        return bot.seen


@pytest.mark.asyncio(loop_scope="module")
async def test_the_scenes_pass_exactly_what_the_table_lists(bots: Bots, databases: Databases, tmp_path: Path) -> None:
    listed = {point.at for point in points(DIALECT)}
    undisturbed = {point.at for point in points(DIALECT) if point.scene not in EARLIER}  # the others' deaths are met
    scenes = [scene for scene in SCENES if scene not in EARLIER]
    runs = (seen_in(scene, bots, databases, one_folder(tmp_path, scene)) for scene in scenes)
    passed = set[str]().union(*await asyncio.gather(*runs))
    differ = {"passed, not listed": sorted(passed - listed), "listed, not passed": sorted(undisturbed - passed)}
    assert not any(differ.values()), differ


def test_every_scene_is_in_the_table() -> None:
    assert set(TABLE) == set(SCENES)
    assert set(EARLIER) <= set(SCENES)


def test_the_engine_has_no_transaction_that_is_forgotten() -> None:
    listed = {what.removeprefix("tx:").removesuffix("[some]") for steps in TABLE.values() for what, *_ in steps}
    names = [name for path in Path(bot.engine.__path__[0]).glob("*.py") for name in transactions(path)]
    found = set(names)
    assert len(found) > 15
    twice = {name for name, count in Counter(names).items() if count > 1}
    assert sorted(twice - set(NOT_IN_THE_SCENES)) == []
    assert sorted(found - listed - set(NOT_IN_THE_SCENES)) == []
    assert sorted(set(NOT_IN_THE_SCENES) - found) == []


def transactions(path: Path) -> Iterator[str]:
    """What a module gives to `transaction(…)`, named as failpoints.name_of does."""

    def visit(node: ast.AST, around: tuple[str, ...]) -> Iterator[str]:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            around = (*around, node.name)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transaction":
            given = node.args[0]
            yield given.id if isinstance(given, ast.Name) else ".".join(around[-2:])
        for child in ast.iter_child_nodes(node):
            yield from visit(child, around)

    yield from visit(ast.parse(path.read_text()), (path.stem,))
