"""The bot's way to Telegram with 200 jobs on it, as a measured process.

python -m benchmarks.measured.lives <Telegram url> <token> <scale> <person or group id> ...
"""

import sys
import time

import uvloop

from benchmarks.lives import Rehearsal, lives
from benchmarks.measured.tell import tell, until_terminated
from bot.engine.supervisor import Supervisor
from bot.logs import Redactor
from bot.telegram.api.session import Session
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.flood_limits import Rates, RealClock
from bot.telegram.outbox.outbox import Outbox


async def main(url: str, token: str, scale: float, chats: list[int]) -> None:
    supervisor = Supervisor()
    session = Session(api_url=url, redactor=Redactor())
    bot = EaselBot(token, session=session, spawn=supervisor.spawn)
    clock = RealClock()
    rehearsal = Rehearsal(bot.direct, clock, scale=scale)
    rehearsal.outbox = Outbox(rehearsal.carry, spawn=supervisor.spawn, rates=Rates(scale=scale), clock=clock)
    cast = lives([chat for chat in chats if chat > 0], [chat for chat in chats if chat < 0])
    tell("ready", jobs=len(cast))
    began = time.process_time()
    told = await rehearsal.play(cast)
    tell(
        "played",
        delays=told.delays,
        floods=told.floods,
        calls=told.calls,
        processor=time.process_time() - began,
        often=[(life.chat > 0, told.edits.get(life.number, 0), life.takes) for life in cast],
    )
    await until_terminated()
    await supervisor.stop()
    await session.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(main(given[0], given[1], float(given[2]), [int(chat) for chat in given[3:]]))
