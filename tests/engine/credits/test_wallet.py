"""What people see of their own credits."""

from bot.domain.money import CREDIT, Credits
from bot.engine.credits.wallet import Wallet, Wallets
from bot.storage.database import Database
from tests.engine.chat_kit import answered, chatting
from tests.engine.kit import engine


async def test_what_is_held_can_not_be_spent(database: Database) -> None:
    async with engine(database, start=False) as kit:
        poor, ann = await kit.person(1, balance=0), await kit.person(2, balance=100)
        wallets = Wallets(database)
        assert await wallets.of(poor.account_id) == Wallet(Credits(0), Credits(0), Credits(0))
        job = (await kit.order(ann)).job
        wallet = await wallets.of(ann.account_id)
        assert wallet.held == job.quote > 0
        assert wallet.available == 100 * CREDIT - job.quote


async def test_what_answers_cost_is_told_apart(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann = await kit.person(1, 10)
        job = await kit.job(await answered(kit, ann, "why?"))
        wallet = await Wallets(database).of(ann.account_id)
        assert wallet.answers == job.charged
        assert wallet.available == 10 * CREDIT - wallet.answers < 10 * CREDIT
