"""Messages that vanish by themselves, as one process after the other looks after them."""

from bot.engine.dialogs.expiring_messages import AGAIN, SHOWN, ExpiringMessages, Fleeting
from bot.storage.database import Database

HERE = Fleeting(-7, 0, 5)


async def test_a_message_is_claimed_when_its_time_is_over_until_it_is_forgotten(database: Database) -> None:
    expiring = ExpiringMessages(database)
    await expiring.note(HERE)
    assert await expiring.claim(limit=20) == []
    database.shift_clock(SHOWN)
    assert await expiring.claim(limit=20) == [HERE]
    assert await expiring.claim(limit=20) == []  # the first still has it
    database.shift_clock(AGAIN)
    assert await expiring.claim(limit=20) == [HERE]
    for _ in range(2):
        await expiring.forget(HERE)
    database.shift_clock(AGAIN)
    assert await expiring.claim(limit=20) == []


async def test_what_is_noted_again_stands_longer(database: Database) -> None:
    expiring = ExpiringMessages(database)
    await expiring.note(HERE)
    database.shift_clock(SHOWN - 1)
    await expiring.note(HERE)
    database.shift_clock(2)
    assert await expiring.claim(limit=20) == []
