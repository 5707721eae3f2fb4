"""AI-Now's own lever beside those of every simulator: the token balance."""

from aiohttp import web

from sandbox.ai_now.state import State
from sandbox.kit import control as kit

TOKENS_MAX = 10**12


class ControlRoutes(kit.ControlRoutes[State]):
    """Adds POST /sandbox/tokens."""

    def add_to(self, router: web.UrlDispatcher) -> None:
        super().add_to(router)
        router.add_post("/sandbox/tokens", self.tokens)

    async def tokens(self, request: web.Request) -> web.Response:
        tokens = await kit.member(request, "tokens")
        if type(tokens) is not int or not 0 <= tokens <= TOKENS_MAX:
            return kit.refuse(f"tokens is a whole number from 0 to {TOKENS_MAX}")
        self._state.tokens = tokens
        return self.answer()
