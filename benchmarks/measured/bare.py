"""The floor: aiohttp's server and client alone, one outgoing POST per update, no bot at all.

python -m benchmarks.measured.bare <telegram url> [asyncio|uvloop]
"""

import asyncio
import sys

import aiohttp
import orjson
import uvloop
from aiohttp import web

from benchmarks.measured.tell import tell, until_terminated
from benchmarks.telegram import TOKEN


async def main(telegram: str) -> None:
    url = f"{telegram}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession() as session:

        async def receive(request: web.Request) -> web.Response:
            message = orjson.loads(await request.read())["message"]
            call = orjson.dumps({"chat_id": message["chat"]["id"], "text": message["text"]})
            async with session.post(url, data=call, headers={"Content-Type": "application/json"}) as answer:
                await answer.read()
            return web.Response()

        app = web.Application()
        app.router.add_post("/telegram", receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tell("ready", url=f"http://127.0.0.1:{runner.addresses[0][1]}")
        await until_terminated()
        await runner.cleanup()


if __name__ == "__main__":
    if sys.argv[2:] == ["asyncio"]:
        asyncio.run(main(sys.argv[1]))
    else:
        uvloop.run(main(sys.argv[1]))
