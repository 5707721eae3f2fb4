"""The table of failpoints is complete: a step that is new, renamed or gone fails here until somebody looks at it."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.crash import audit
from tests.crash.bots import Bots
from tests.crash.matrix import Databases
from tests.crash.points import EARLIER, TABLE, points
from tests.crash.reading import Code
from tests.crash.scenes import SCENES, play

DIALECT = "sqlite"
pytestmark = pytest.mark.crash

NOT_IN_THE_SCENES = {
    "bot.engine.results.originals.Originals.put_aside": "a result taken for another order, without a job under way",
    "bot.engine.operations.price_watch.PriceWatch._when_due": "the market's own rounds, no job under way",
    "bot.engine.operations.provider_admin.ProviderAdmin._watch_balance": "the market's own rounds, no job under way",
    "bot.engine.operations.provider_admin.ProviderAdmin.probe": "an operator's tap, no job under way",
    "bot.engine.catalog.shop.Shop.allow_probe": "an operator's tap, no job under way",
    "bot.engine.jobs.run.worker.Worker._hand_back.hand_back": "for providers asked again, and failed databases",
    "bot.engine.operations.provider_admin.ProviderAdmin.switch.change": "an operator's, no job under way",
    "bot.engine.jobs.upstream_cleanup.delete_result": "a finished job's result, deleted upstream first: harmless twice",
    "bot.engine.results.originals.Originals.delete.forget": "a finished job's results, deleted: harmless twice",
    "bot.engine.jobs.fetch_results.collect.keep_the_good": "one of several is no file: found out again after a crash",
    "bot.engine.jobs.fetch_results._proved.probe_worked": "only where a pause waits; else the job's end does it",
    "bot.engine.operations.discovery.Discovery._found_again.lift": "an operator's one transaction, no job under way",
    "bot.engine.operations.price_watch.PriceWatch.ask_listing.note": "the market's own rounds, no job under way",
    "bot.engine.operations.price_watch.PriceWatch.ask_prices.note": "the market's own rounds, no job under way",
    "bot.engine.operations.discovery.Discovery.put_on_sale.put": "an operator's one transaction, no job under way",
    "bot.engine.operations.discovery.Discovery.adopt.put_adopted": "the market's own rounds, no job under way",
    "bot.engine.operations.adoption.Adoption._one": "the market's own rounds, no job under way",
    "bot.engine.operations.adoption.Adoption._tell._may_tell": "an alert is given twice rather than never",
    "bot.engine.operations.adoption.Adoption._note_told.note": "an alert is given twice rather than never",
    "bot.engine.jobs.run.crash_handling.told_again.say_again": "the last word once more: a crash costs no more",
    "bot.engine.jobs.questions.Asks.stop.stop_answer": "only a word to the process that reads the answer",
    "bot.engine.jobs.run.provider_run.ProviderRun._stopped_before_a_word": "stopped before a word: like a cancel",
    "bot.engine.operations.discovery.Discovery.relabel.write": "an operator's one transaction, no job under way",
    "bot.engine.accounts.people.People.open.open_account": "the command line's: an account without credits",
    "bot.engine.accounts.moderation.Moderation.ban.ban_user": "an operator's one transaction, no job under way",
    "bot.engine.accounts.moderation.Moderation.unban.lift_ban": "an operator's one transaction, no job under way",
    "bot.engine.credits.notices.DueNotices.claim": "a notice that was claimed and not told is due again",
    "bot.engine.credits.notices.DueNotices.refused": "a notice that was claimed and not told is due again",
    "bot.engine.credits.notices.DueNotices.told": "a notice is told twice rather than never",
    "bot.engine.credits.requests.CreditRequests.begin.take_request": "a request for credits moves none",
    "bot.engine.credits.requests.CreditRequests.withdraw": "a request for credits moves none",
    "bot.engine.dialogs.confirmations.Confirmations.asked_again.change_question": "a question asked anew moves nothing",
    "bot.engine.dialogs.confirmations.Confirmations.call_off.drop": "a question called off moves nothing",
    "bot.engine.dialogs.confirmations.Confirmations.save": "the plan of a new model, saved as an operator edits it",
    "bot.engine.privacy.erasure_requests.ErasureRequests.carry_out.erase": "a later tap finds nothing to forget",
    "bot.engine.results.renewal.Renewals.pay_back.give_back": "a lost result's refund: once by its key",
}
"""Transactions of the engine, and of the rest of the bot those that move money, that no scene passes, by their full
path, and why."""

WITHOUT_ORDERS = (
    "bot.engine.groups.settings.",
    "bot.engine.accounts.personal_settings.",
    "bot.engine.dialogs.cooldowns.",
    "bot.engine.dialogs.expiring_messages.",
    "bot.engine.groups.migration.",
    "bot.engine.orders.",
    "bot.engine.privacy.erasure_requests.",
    "bot.engine.results.library.",
    "bot.engine.results.renewal.",
    "bot.engine.results.shows.",
    "bot.engine.templates.",
)
"""Use cases that write nothing of a confirmed order: each is one transaction, asked for once more after a crash. Those
of them that move credits matter all the same."""


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


def test_no_transaction_that_matters_is_forgotten() -> None:
    """Of the engine all matter, elsewhere those that move money or end an order. A failpoint's name is short: what the
    table lists must be one function, and what it does not list is exempt by its full path."""
    listed = {what.removeprefix("tx:").removesuffix("[some]") for steps in TABLE.values() for what, *_ in steps}
    found = Code().transactions()
    matter = {t.path: t for t in found if t.moves or (t.in_the_engine and not t.path.startswith(WITHOUT_ORDERS))}
    assert len(matter) > 25
    bare = {path: t for path, t in matter.items() if path not in NOT_IN_THE_SCENES}
    assert sorted(path for path, t in bare.items() if t.failpoint not in listed) == []
    assert sorted(NOT_IN_THE_SCENES - matter.keys()) == []
    names = Counter(t.failpoint for t in bare.values())
    assert sorted(name for name, count in names.items() if count > 1) == []


MOVING = {
    "bot.engine.credits.adjustments.Adjustments.make.move_credits",
    "bot.engine.jobs.refunds.Refunds.refund.refund_job",
    "bot.engine.jobs.questions.Asks.ask.place_ask",
    "bot.engine.jobs.questions.Asks.ask_waiting.place_waiting",
    "bot.engine.jobs.run.job_runner.JobRunner._charge.finish",
    "bot.engine.jobs.run.provider_run.ProviderRun._stopped_before_a_word",
    "bot.engine.privacy.erasure_requests.ErasureRequests.carry_out.erase",
    "bot.engine.results.renewal.Renewals.pay_back.give_back",
    "bot.engine.accounts.people.People.meet.meet",
}


def test_the_reading_finds_money_wherever_it_moves_and_nowhere_else() -> None:
    moving = {t.path for t in Code().transactions() if t.moves}
    assert moving >= MOVING
    assert not {path for path in moving for calm in (".personal_settings.", ".groups.settings.") if calm in path}
