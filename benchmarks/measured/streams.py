"""AI-Now's adapter with many streams open, as a measured process.

python -m benchmarks.measured.streams <AI-Now url> <key> <how many>
"""

import asyncio
import gc
import sys
from contextlib import aclosing

import uvloop

from benchmarks.measured.tell import tell, until_terminated
from benchmarks.process import raise_file_limit
from bot.providers.ai_now import AiNow
from bot.providers.base import ProviderOrder, Running

PROMPT = "a lake [fault:stall]"


async def main(url: str, key: str, count: int) -> None:
    raise_file_limit()
    adapter = AiNow(base_url=url, key=key, connections=count + 16)
    left = count
    all_open = asyncio.Event()

    async def one(number: int) -> None:
        nonlocal left
        order = ProviderOrder("pika", f"{PROMPT} {number}", {"style": "4"}, 600.0)
        said = 0
        async with aclosing(adapter.run(order, job_id=f"job{number}")) as events:
            async for event in events:
                said += isinstance(event, Running)
                if said == 2:  # the simulator is silent from here on
                    left -= 1
                    if left == 0:
                        all_open.set()

    await adapter.ping()
    gc.collect()
    tell("ready")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number)) for number in range(count)]
        await all_open.wait()
        tell("open")
        await until_terminated()
        for task in tasks:
            task.cancel()
    await adapter.aclose()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
