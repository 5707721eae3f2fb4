"""No list and no card outgrows a message, whatever people call themselves and providers answer; nothing is raw HTML."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiogram.types import InlineKeyboardMarkup
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs import Asset, Cause, Delivered, JobState, Target
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts.users import User
from bot.engine.catalog.pauses import BAD_KEY, CIRCUIT, NOT_PERMITTED, OUT_OF_FUNDS, UNKNOWN_MODEL, Pause
from bot.engine.catalog.shop import Offer, Why
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind
from bot.engine.jobs.costly_ends import Often
from bot.engine.jobs.queries import QueueLine, Reconciliation
from bot.engine.jobs.records import JobRecord
from bot.engine.operations.overview import Figures, Money
from bot.engine.operations.provider_admin import ProviderAnswer, ProviderState, Record
from bot.ledger import Entry, Problem
from bot.telegram.admin.credits.adjustment import question
from bot.telegram.admin.credits.requests import request_of
from bot.telegram.admin.jobs.card import PAGES, job_markup, job_page
from bot.telegram.admin.market.providers import provider_text
from bot.telegram.admin.replies import AdminReplies, person_line
from bot.telegram.admin.status.needs import State, needs
from bot.telegram.admin.status.pages import (
    Head,
    first_page,
    jobs_page,
    modes_page,
    money_page,
    off_page,
    safety_page,
)
from bot.telegram.admin.status.pause_texts import bounded, pause_lines
from bot.telegram.admin.status.status import PROBLEMS, verify_text
from bot.telegram.admin.users.list import entry_line
from bot.telegram.api.plain_times import TAG
from bot.telegram.context.context import Context
from bot.telegram.context.inline_feedback import Feedback
from bot.telegram.context.safety import Safety
from bot.telegram.context.staging import Staging, Trouble
from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.i18n.texts import Html, Texts, escape
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, clip, one_line
from bot.telegram.ui.paging import PER_PAGE, Page, page_of, turn_row, wanted
from bot.telegram.ui.screen import HEIGHT, height
from tests.telegram.kit import CATALOG, job, options

WORST = "&<>\"'😀" * 500
TEXTS = Texts(strict=True)
LANGUAGES = ("en", "ru")
USER = User(2**51, 2**40, "u" * 32, WORST[:128], None, "en", 1.0)
LONG_ID = "a" * 32


def length(markup: str) -> int:
    """As Telegram counts it for times, which are longer than what is read; escaped letters are left as long as they
    are."""
    return units(TAG.sub("", markup))


def entry(kind: str) -> Entry:
    return Entry(2**50, f"{kind}:{LONG_ID}", kind, Credits(-(10**15)), LONG_ID, 5, WORST[:200], 1.0)


def replace_options(office: AdminReplies, **changes: Any) -> Context:
    own = {**vars(office.ctx), "options": options(**changes)}
    return cast("Context", SimpleNamespace(**own))


def replies_in(language: str) -> AdminReplies:
    shop = SimpleNamespace(
        catalog=CATALOG, models=CATALOG.models, has_key=lambda _name: True, provider_off=lambda _name: False
    )
    own = {"safety": Safety(), "staging": Staging(), "feedback": Feedback()}
    ctx = SimpleNamespace(shop=shop, options=options(private_result_hosts=True), **own)
    return AdminReplies(cast("Any", ctx), USER, TEXTS.of(language))


@given(st.text(max_size=80), st.integers(1, 60))
def test_clipping_counts_escapes_and_loses_nothing_that_fits(text: str, limit: int) -> None:
    kept = clip(text, limit)
    assert units(escape(kept)) <= limit
    assert kept == text if units(escape(text)) <= limit else kept.endswith("…")


def test_names_cannot_turn_the_line_around() -> None:
    assert one_line("Ann\u202e\n  (id\t7)\x00", 40) == "Ann (id 7)"
    assert one_line("👩\u200d🎨", 40) == "👩\u200d🎨"
    assert "\u200b" not in person_line(TEXTS.of("en"), USER)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(JobState))
def test_a_job_card_fits(language: str, state: JobState) -> None:
    worst = job(
        -(2**51),
        2**31,
        id=LONG_ID,
        user_id=USER.id,
        prompt=WORST,
        options={WORST: WORST, "b": WORST, "c": WORST, "d": "x"},
        target=Target(-(2**51), 2**31, 2**31),
        state=state,
        owner=WORST,
        created_at=1.0,
        submitted_at=2.0,
        deadline=3.0,
        delivering_at=4.0,
        finished_at=5.0,
        upstream_ref=WORST,
        assets=tuple(Asset(f"https://cdn.example/{WORST}") for _ in range(9)),
        cost=WORST,
        delivered=tuple(Delivered("f", WORST) for _ in range(9)),
        charged=Credits(10 * CREDIT),
        refunded=True,
        cause=Cause.INTERRUPTED,
        detail=WORST,
        facts={"seed": WORST, "warning": WORST, "deleted": WORST, "call": WORST},
    )
    transfers = [entry(kind) for kind in ("hold", "capture", "refund")]
    reconciliation = Reconciliation(LONG_ID, "toy", WORST, 1.0)
    known = JobRecord(worst, USER, 12, transfers, {5: USER}, reconciliation, 9.0)
    for page in PAGES:
        said = job_page(replies_in(language), known, page)
        assert length(said) <= MESSAGE_MAX
        assert height(said) <= HEIGHT, f"{page}: {said}"
        assert WORST[:8] not in said
        assert page not in ("job", "card-result", "card-words") or "<code>&amp;" in said


def labels(state: JobState, **fields: Any) -> list[str]:
    rows = job_markup(TEXTS.of("en"), job(5, state=state, **fields)).inline_keyboard
    return [button.text for row in rows for button in row]


def test_a_job_offers_only_what_is_legal() -> None:
    more = ["Description", "Progress", "Result", "Credits", "↻ Refresh", "‹ All orders"]
    assert labels(JobState.QUEUED) == ["Cancel…", *more]
    assert labels(JobState.DELIVERING) == more
    assert labels(JobState.DONE, charged=Credits(CREDIT)) == ["Refund…", *more]
    assert labels(JobState.DONE, charged=Credits(CREDIT), refunded=True) == more
    assert labels(JobState.DONE, charged=Credits(0)) == more
    assert labels(JobState.FAILED) == more


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_statement_fits(language: str) -> None:
    t = TEXTS.of(language)
    kinds = ("hold", "capture", "release", "refund", "top_up", "debit", "welcome")
    for kind in kinds:
        line = entry_line(t, entry(kind), {5: USER}, NAME, 120)
        assert (length(line) + 2) * PER_PAGE + 400 <= MESSAGE_MAX
        assert "−1" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_of_a_move_fits_and_shows_both_balances(language: str) -> None:
    move = Adjustment(AdjustmentKind.DEBIT, "k", USER, Credits(5 * CREDIT), WORST[:200])
    text = question(TEXTS.of(language), move, Credits(12 * CREDIT))
    assert length(text) <= MESSAGE_MAX
    assert "12 → 7" in text
    assert str(USER.id) in text


SLUGS = [f"model_{n}" for n in range(40)]
ASKED = ProviderAnswer(Decimal("1234567.89"), None, WORST[:200])
OFF_MODES = ("inline-status-no-inline", "inline-status-no-guest")
TERMS = [replace(CATALOG.terms["toy"], provider=f"toy{n}", title=WORST[:40]) for n in range(12)]
OFF = tuple(Offer(m, Credits(CREDIT), 1.0, False, why) for m in CATALOG.models for why in Why)


HEAD = Head("0.0.0", "3 h", "postgresql")
MANY_PAUSES = (
    Pause("toy", BAD_KEY, Decimal(0), 1.0, None, None),
    Pause("toy", OUT_OF_FUNDS, Decimal(10), 1.0, 700.0, None),
    Pause("toy", CIRCUIT, Decimal(0), 1.0, 700.0, None),
    Pause("gone", OUT_OF_FUNDS, Decimal(10), 1.0, 700.0, LONG_ID),
    *(
        Pause("toy", f"{kind}:{m}", Decimal(0), 1.0, None, None)
        for m in SLUGS
        for kind in (NOT_PERMITTED, UNKNOWN_MODEL)
    ),
)
OPEN_ENDS = [Reconciliation(LONG_ID, "toy", WORST, 1.0) for _ in range(3)]
OFTEN = tuple(Often(2**51 + n, WORST[:128], 99, 1.0) for n in range(3))
WORST_STATE = State(
    Figures(100.0, {"toy": QueueLine("toy", 3, 2, 1)}, 99, OPEN_ENDS, 4, 6, OFTEN, 7, 1.0),
    MANY_PAUSES,
    5000,
    0,
    OFF_MODES,
)


def shown_on(page: tuple[Html, InlineKeyboardMarkup]) -> list[str | None]:
    return [b.callback_data for row in page[1].inline_keyboard for b in row]


def worst_office(language: str) -> AdminReplies:
    office = replies_in(language)
    office.ctx.safety.words.problem = WORST
    office.ctx.staging.trouble, office.ctx.staging.detail = Trouble.REFUSED, WORST
    office.ctx.feedback.missed = 12_345
    return office


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_status_is_one_screen_at_its_worst(language: str) -> None:
    office = worst_office(language)
    ctx, t = office.ctx, office.t
    told = ProviderState(TERMS[0], True, False, MANY_PAUSES, QueueLine("toy", 3, 2, 1), Record(3, 4, 60.0), 9, ASKED)
    states = [replace(told, terms=one) for one in TERMS]
    money = Money(Credits(10**15), Credits(10**12))
    for number in range(9):
        for page in (
            first_page(ctx, t, WORST_STATE, HEAD, number),
            jobs_page(t, WORST_STATE, number),
            money_page(t, money, states, WORST_STATE.figures, number),
            safety_page(ctx, t, WORST_STATE, number),
            modes_page(ctx, t, WORST_STATE, number),
            off_page(t, OFF, number),
        ):
            assert height(page[0]) <= HEIGHT, page[0]
            assert length(page[0]) <= MESSAGE_MAX


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_provider_is_one_screen_with_every_model_paused(language: str) -> None:
    office = replies_in(language)
    told = ProviderState(TERMS[0], True, False, MANY_PAUSES, QueueLine("toy", 3, 2, 1), Record(3, 4, 60.0), 9, ASKED)
    text = bounded(lambda most: provider_text(office.ctx, office.t, told, 1.0, most))
    assert height(text) <= HEIGHT
    assert WORST[:8] not in text


def test_what_needs_the_operator_comes_first_each_with_its_next_step() -> None:
    office = worst_office("en")
    told = needs(office.ctx, office.t, WORST_STATE)
    assert [text[0] for text in told] == list("📒🛒🔑💸🚫❓🔌🧪📝📤🎯📬🔍💔💔💔")
    assert all("\n→ " in text for text in told)
    page = first_page(office.ctx, office.t, WORST_STATE, HEAD)
    assert page[0].startswith("⚠️ <b>Needs you: 16</b>\n\n📒")
    assert [data for data in shown_on(page) if data and "probe" in data] == ["a:probe:toy:"]
    assert "a:status::.1" in shown_on(page)


def test_where_all_is_well_nothing_else_is_said() -> None:
    office = replies_in("en")
    ctx = replace_options(office, private_result_hosts=False)
    state = State(Figures(100.0, {}, 1, [], 0, 0), (), 0, 4)
    page = first_page(ctx, office.t, state, HEAD)
    assert page[0].splitlines() == [
        "✅ <b>All is well.</b> Nothing needs you.",
        "",
        "Orders under way: 0. Models on sale: 4.",
        "Easel 0.0.0 · running for 3 h · database: postgresql",
    ]
    assert shown_on(page) == [
        "a:prov::",
        "a:status::jobs",
        "a:status::money",
        "a:status::safety",
        "a:status::modes",
        "a:status::",
    ]


@pytest.mark.parametrize(
    ("pause", "words"),
    [
        (Pause("toy", BAD_KEY, Decimal(0), 1.0, None, None), "TOY_API_KEY"),
        (Pause("toy", OUT_OF_FUNDS, Decimal(10), 1.0, 700.0, None), "Top it up"),
        (Pause("toy", CIRCUIT, Decimal(0), 1.0, 700.0, None), "in 10 min one order is a test"),
        (Pause("toy", CIRCUIT, Decimal(0), 1.0, 50.0, None), "the next order is a test"),
        (Pause("toy", f"{NOT_PERMITTED}:pika", Decimal(0), 1.0, None, None), "/models off pika"),
        (Pause("toy", f"{UNKNOWN_MODEL}:luma", Decimal(0), 1.0, None, None), "/models sync"),
    ],
)
def test_the_next_step_fits_the_fault(pause: Pause, words: str) -> None:
    office = replies_in("en")
    (told,) = needs(
        replace_options(office, private_result_hosts=False),
        office.t,
        State(Figures(100.0, {}, 0, [], 0, 0), (pause,), 0, 4),
    )
    assert "Toy" in told
    assert words in told


def test_a_provider_tells_how_its_pause_ends() -> None:
    office = replies_in("en")

    def said(pause: Pause) -> str:
        return pause_lines(office.ctx, office.t, pause, 100.0)

    assert "health check" in said(Pause("toy", BAD_KEY, Decimal(0), 1.0, None, None))
    assert "in 10 min" in said(Pause("toy", OUT_OF_FUNDS, Decimal(30), 1.0, 700.0, None))
    assert "The next order will be sent as a test" in said(Pause("toy", OUT_OF_FUNDS, Decimal(30), 1.0, 50.0, None))
    assert "<code>abc</code>" in said(Pause("toy", OUT_OF_FUNDS, Decimal(30), 1.0, 50.0, "abc"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_verify_tells_the_first_problems_and_how_many_there_are(language: str) -> None:
    problems = [Problem("balance", WORST, WORST) for _ in range(PROBLEMS + 7)]
    text = verify_text(TEXTS.of(language), problems)
    assert height(text) <= HEIGHT
    shown = text.count("<b>balance</b>")
    assert shown > 2
    assert str(PROBLEMS + 7 - shown) in text.splitlines()[-1]
    assert verify_text(TEXTS.of(language), problems[:2]).count("<b>balance</b>") == 2


@pytest.mark.parametrize(("arg", "number"), [("", 0), ("3", 3), ("-1", 0), ("x", 0), ("²", 0), ("9" * 9, 0)])
def test_page_numbers_are_untrusted(arg: str, number: int) -> None:
    assert wanted(arg) == number


def test_pages_turn_both_ways_and_stop_at_the_ends() -> None:
    assert page_of(99, 17) == Page(2, more=False, count=3)
    assert page_of(0, 0) == Page(0, more=False, count=1)
    assert turn_row(page_of(0, PER_PAGE), "users") == []
    assert [b.text for b in turn_row(page_of(1, 17), "users")[0]] == ["‹", "2/3", "›"]
    assert [b.callback_data for b in turn_row(Page(1, more=True), "ledger", str(2**51))[0]] == [
        f"a:ledger:{2**51}:{n}" for n in (0, 1, 2)
    ]


REQUEST = "abcdefgh23456"


def test_all_buttons_of_a_request_have_one_key() -> None:
    maximum = Credits(1000 * CREDIT)
    first = request_of(AdminAction(act="topup", id="7", arg=f"50.{REQUEST}"), maximum)
    second = request_of(AdminAction(act="topup", id="7", arg=f"100.{REQUEST}"), maximum)
    assert first is not None
    assert second is not None
    assert (first.amount, second.amount) == (50 * CREDIT, 100 * CREDIT)
    assert first.key == second.key


@given(st.text(max_size=30), st.text(max_size=30))
def test_forged_requests_are_no_requests(user: str, arg: str) -> None:
    assert request_of(AdminAction(act="topup", id=user, arg=arg), Credits(1000 * CREDIT)) is None


@pytest.mark.parametrize("arg", ["50", f"0.{REQUEST}", f"1001.{REQUEST}", f"-5.{REQUEST}", f"5.5.{REQUEST}"])
def test_amounts_that_no_button_of_ours_has(arg: str) -> None:
    assert request_of(AdminAction(act="topup", id="7", arg=arg), Credits(1000 * CREDIT)) is None
