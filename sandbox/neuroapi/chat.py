"""POST /chat/completions, and the list of models."""

import asyncio
from collections.abc import Callable
from random import Random

from aiohttp import web

from sandbox.kit.api import Order, query
from sandbox.kit.check import Refused, json_object
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.results import break_off
from sandbox.kit.spoil import send
from sandbox.kit.stream import open_stream, write
from sandbox.neuroapi.contract import CHAT, IMAGES, Chat, check_chat
from sandbox.neuroapi.errors import NeuroApi
from sandbox.neuroapi.forms import LABELS, shaped
from sandbox.neuroapi.replies import SPEED, Reply, play, reply
from sandbox.neuroapi.state import State


class ChatRoutes(NeuroApi):
    """`context_max` is how many tokens a conversation may have."""

    def __init__(self, state: State, result_url: Callable[[str], str], context_max: int) -> None:
        super().__init__(state, result_url)
        self._context_max = context_max

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/chat/completions", self.order(self.complete))
        router.add_get("/v1/models", self.models, allow_head=False)

    async def complete(self, request: web.Request, record: Order) -> web.StreamResponse:
        chat = check_chat(json_object(request.content_type, await request.read()))
        record.model, record.prompt, record.body = chat.model, chat.question, dict(chat.body)
        if chat.prompt_tokens > self._context_max:
            raise Refused("This model's maximum context length is exceeded", "context_length_exceeded")
        fault = self.fault(record)
        if refusal := self.refused(fault):
            record.end("refused", refusal.status)
            return refusal
        answer = reply(chat, self.state.seed, fault)
        spoilt = at(fault, Stage.ANSWER)
        whole = chat.body.get("stream") is not True or spoilt or (fault and fault.name == "not_streamed")
        record.status = 200
        if not whole:
            return await self._stream(request, record, answer, fault)
        await asyncio.sleep(self.state.seconds(0.5, 1.5, chat.question) + self.state.scale * answer.tokens / SPEED)
        self._charge(record, answer.counted()["total_tokens"])
        record.end("completed")
        (told,) = shaped([answer.whole()], fault.name if fault else "")
        return await send(request, told, spoilt)

    async def models(self, request: web.Request) -> web.StreamResponse:
        """As OpenAI lists them; the document does not name this endpoint, only the compatibility."""

        def produce() -> object:
            query(request)
            fixed = {"object": "model", "created": 1_700_000_000, "owned_by": "simulated"}
            return {"object": "list", "data": [{"id": name, **fixed} for name in (*CHAT, *IMAGES)]}

        return await self.read(request, "models", produce)

    async def _stream(
        self, request: web.Request, record: Order, answer: Reply, fault: Fault | None
    ) -> web.StreamResponse:
        script = play(answer, self._rng(answer.chat), fault)
        name = fault.name if fault else ""
        response = await open_stream(
            request, LABELS.get(name, "text/event-stream"), coding="gzip" if name == "gzip" else ""
        )
        sent = 0
        try:
            for beat in script.beats:
                await asyncio.sleep(beat.gap * self.state.scale)
                sent += 1
                await write(response, beat)
        finally:  # a client that leaves pays for what was said until then
            said = min(answer.tokens, round(answer.tokens * sent / max(1, len(script.beats))))
            self._charge(record, answer.chat.prompt_tokens + said)
        record.end(script.outcome)
        return response if script.proper_end else break_off(request, response)

    def _rng(self, chat: Chat) -> Random:
        return Random(f"{self.state.seed}\x1f{chat.question}")

    def _charge(self, record: Order, used: int) -> None:
        record.cost = used
        self.state.balance -= used
