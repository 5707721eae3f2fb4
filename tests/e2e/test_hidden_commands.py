"""Commands that are ephemeral themselves, for they answer such a message: none of them has a lasting number."""

from functools import partial

from bot.domain.jobs import JobState
from sandbox.client import Msg
from tests.drivers.app import easel


def done(msg: Msg, *, amount: int) -> bool:
    """The outcome of a top-up. The announcement before it names the amount, too."""
    return "Topped up" in msg.words and f"by {amount} credit" in msg.words


async def test_each_hidden_command_is_one_of_its_own(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=("ai_now", "neuroapi")) as world:
        ann, olga = await world.person(credits=100), await world.admin()
        group = await world.tg.group("Friends", [ann, olga])
        mine, hers = ann.in_(group), olga.in_(group)
        for view in (mine, hers):
            await view.send("/help")
        help_ = await mine.wait("/image")
        for words in ("one?", "two?"):
            await mine.send(f"/ask {words}", reply_to=help_)
            await mine.wait(f"Simulated answer: {words}")
            await world.finished()
        assert [job.state for job in await world.jobs()] == [JobState.DONE, JobState.DONE]
        help_ = await hers.wait("/image")
        for amount in (1, 2):
            await hers.send(f"/topup {ann.id} {amount}", reply_to=help_)
            await olga.private().wait_for(partial(done, amount=amount))
        available, _ = await world.balance(ann)
        assert 102 < available <= 103
