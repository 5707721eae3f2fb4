"""A group that became a supergroup, told of twice and without a chat."""

from bot.domain.jobs import Target
from bot.engine.accounts import groups
from bot.engine.dialogs import drafts
from bot.engine.groups.migration import GroupMigrations, Moved
from bot.engine.jobs import store
from bot.engine.jobs.run import message_moves
from bot.engine.orders.order_drafts import OrderDrafts
from bot.storage.database import Database
from tests.engine.kit import engine
from tests.engine.listening import told

OLD, NEW = -7, -100_7


async def test_jobs_and_menus_wait_for_their_messages_in_the_new_chat_once(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        job = (await kit.order(ann)).job
        await database.transaction(lambda conn: message_moves.move(conn, job, Target(OLD, None, 5)))

        await database.transaction(
            lambda conn: drafts.create(
                conn,
                id="d",
                user_id=ann.id,
                purpose="order",
                chat_id=OLD,
                thread_id=None,
                data={},
                message_id=6,
            )
        )
        migrations = GroupMigrations(database)
        async with told(database, groups.CHANGED):
            assert await migrations.move(OLD, NEW) == Moved((job.id,), ("d",))
        assert await migrations.move(OLD, NEW) == Moved()

        assert await migrations.waiting(job.id, OLD) is None
        assert await migrations.waiting(job.id, NEW) is not None
        async with told(database, message_moves.MOVED):
            assert await migrations.placed(job.id, Target(NEW, None, 8))
        assert not await migrations.placed(job.id, Target(NEW, None, 9))
        assert await migrations.waiting(job.id, NEW) is None
        now_there = await database.read(lambda conn: store.get(conn, job.id))
        assert now_there is not None
        assert now_there.target == Target(NEW, None, 8)

        found = await migrations.menu("d", "order", NEW)
        assert found is not None
        assert found[1] == ann
        assert await migrations.menu("d", "forget", NEW) is None
        assert await migrations.menu("d", "order", OLD) is None
        await OrderDrafts(database).shown("d", NEW, 9)
        assert await migrations.menu("d", "order", NEW) is None, "it has its message"
        await database.transaction(lambda conn: drafts.delete(conn, "d"))
        assert await migrations.menu("d", "order", NEW) is None
