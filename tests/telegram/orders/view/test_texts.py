"""Every text that ordering and the menus ask for exists in every language, and receipts fit an alert."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import bot.telegram
from bot.domain.catalog.models import Kind, Option, OptionType, Translations
from bot.domain.jobs import Cause, JobState
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.lengths import TOAST_MAX
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.texts import card, label, list_text, money_line, receipt
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.ui.keyboards import LOOKS
from bot.telegram.ui.option_texts import said_value
from tests.telegram.order_kit import CATALOG, EN, RU, job_of

MINE = sorted(Path(bot.telegram.__file__).parent.rglob("*.py"))
LARGEST = Credits(10_000_000 * 1_000_000 - 10_000)


KEY = re.compile(r'"((?:order|tap|menu|settings|credits|jobs|job|receipt|help|unknown|command)-[a-z-]+)"')


def keys_in(source: str) -> set[str]:
    """Text keys in a module; routers have names of the same form."""
    return set(KEY.findall(re.sub(r"Router\(name=[^)]*\)", "", source)))


@pytest.mark.parametrize("t", [EN, RU])
def test_every_text_that_the_code_names_exists(t: Speech) -> None:
    named = set().union(*(keys_in(path.read_text(encoding="utf-8")) for path in MINE))
    assert len(named) > 80
    assert [key for key in sorted(named) if not t.has(key)] == []


@pytest.mark.parametrize("t", [EN, RU])
def test_every_text_that_follows_from_data_exists(t: Speech) -> None:
    wanted = [f"{prefix}-{kind.value}" for kind in Kind for prefix in ("order-kind", "order-example")]
    wanted += [f"jobs-state-{state.value}" for state in JobState]
    wanted += [f"job-failed-{cause.value}" for cause in Cause]
    wanted += [f"menu-{act}" for act in LOOKS]
    assert [key for key in wanted if not t.has(key)] == []


@pytest.mark.parametrize("t", [EN, RU])
@pytest.mark.parametrize("state", list(JobState))
@pytest.mark.parametrize("refunded", [False, True])
def test_a_receipt_fits_an_alert_whatever_the_amounts(t: Speech, state: JobState, refunded: bool) -> None:
    done = state is JobState.DONE
    job = replace(job_of("pika", {"style": "4"}, state=state), quote=LARGEST, refunded=refunded and done)
    job = replace(job, charged=LARGEST if done else None, finished_at=1000.0 + 86_000 if state.finished else None)
    text = receipt(t, job, LARGEST)
    assert len(text) <= TOAST_MAX
    assert "<" not in text
    assert "&" not in text


def test_the_money_of_a_job_is_told_by_how_it_ended() -> None:
    done = job_of("pika", {})
    assert money_line(EN, done) == "Charged: 10 credits"
    assert money_line(EN, replace(done, refunded=True)) == "Charged and refunded: 10 credits"
    assert money_line(EN, job_of("pika", {}, state=JobState.FAILED)) == "You were not charged."
    assert (
        money_line(EN, job_of("pika", {}, state=JobState.RUNNING))
        == "Price: 10 credits, charged when the result arrives"
    )


@pytest.mark.parametrize("t", [EN, RU])
def test_lists_and_cards_fit_a_message_with_the_worst_prompts(t: Speech) -> None:
    worst = [
        replace(job_of("run", {"style": "gone"}, prompt="<&" * 1000), cause=Cause.TIMEOUT, state=s) for s in JobState
    ]
    assert len(list_text(t, CATALOG, worst[:6], count=99)) <= 4096
    for job in worst:
        assert len(card(t, CATALOG, job)) <= 4096
        assert len(label(t, CATALOG, job)) <= 60


def test_the_alert_about_a_cancel_limit_reads_well_for_none_one_and_many() -> None:
    said = [EN.plain("jobs-toast-too-many-cancels", limit=n) for n in (0, 1, 5)]
    assert said[0] == "Orders that are already being made cannot be cancelled."
    assert said[1].startswith("You can cancel one order")
    assert said[2].startswith("You can cancel 5 orders")
    assert all(len(RU.plain("jobs-toast-too-many-cancels", limit=n)) <= TOAST_MAX for n in (0, 1, 2, 21, 1000))


@pytest.mark.parametrize(
    ("amount", "english", "russian"),
    [
        (1_000_000, "1 credit", "1 кредита"),
        (2_000_000, "2 credits", "2 кредитов"),
        (720_000, "0.72 credits", "0,72 кредита"),
        (25_000_000, "25 credits", "25 кредитов"),
    ],
)
def test_amounts_behind_up_to(amount: int, english: str, russian: str) -> None:
    assert (credits_limit(EN, Credits(amount)), credits_limit(RU, Credits(amount))) == (english, russian)


def test_words_of_an_option_are_quoted_as_the_language_quotes() -> None:
    stop = Option("stop", Translations({"en": "Stop"}), type=OptionType.TEXT, maximum=Decimal(60))
    assert (said_value(EN, stop, "END"), said_value(RU, stop, "END")) == ("“END”", "«END»")
    assert said_value(EN, stop, "x" * 60) == f"“{'x' * 39}…”"


def test_an_order_without_words_stands_in_the_list_without_a_dash() -> None:
    wordless = job_of("pika", {}, prompt="")
    assert "– " not in list_text(EN, CATALOG, [wordless], count=1)
    assert "– " in list_text(EN, CATALOG, [job_of("pika", {})], count=1)


def test_a_name_in_a_group_turns_no_words_around_it() -> None:
    def named(name: str) -> str:
        return requester(User(7, 1, None, name, None, "", 0.0), -100)

    assert [named("\u202eevil \u200b\n Ann"), named("\u2067\u200b"), named("👩\u200d🚀")] == [
        "evil Ann",
        "7",
        "👩\u200d🚀",
    ]
