"""The buttons of a conversation fit into Telegram's bounds and say what they cost."""

from bot.domain.catalog.models import Kind
from bot.domain.money import CREDIT, Credits
from bot.telegram.chat.keyboards import OTHERS, ChatAction, draft_number, retry_buttons
from tests.telegram.kit import TEXTS, job, model


def test_other_models_are_offered_with_their_prices() -> None:
    others = [(model(f"chat_{n}_" + "x" * 20, Kind.ASK), Credits(n * CREDIT)) for n in range(1, 9)]
    rows = retry_buttons(TEXTS.of("en"), job(5, kind=Kind.ASK), others).inline_keyboard
    assert len(rows) == 1 + OTHERS
    assert rows[0][0].text == "↻ Try again"
    assert rows[2][0].text.endswith("· up to 2")
    data = ChatAction.unpack(rows[2][0].callback_data or "")
    assert (data.act, data.id, data.arg) == ("retry", job(5).id, others[1][0].slug)


def test_a_draft_has_an_id_that_telegram_takes() -> None:
    numbers = {draft_number(f"job{n}") for n in range(1000)}
    assert len(numbers) > 990
    assert all(0 < number < 2**31 for number in numbers)
    assert draft_number("a") == draft_number("a")
