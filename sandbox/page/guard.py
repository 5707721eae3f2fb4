"""Who may use the page: only a browser that opened the printed link, and no other site in that browser."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Guard:
    """Protects an application whose paths all begin with /`token`/."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def protect(self, app: web.Application) -> None:
        """Refuses strangers (404 without the token, else 403), and puts the headers on every answer."""

        @web.middleware
        async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._check(request)
            return await handler(request)

        app.middlewares.append(checked)
        app.on_response_prepare.append(self._add_headers)

    def _check(self, request: web.Request) -> None:
        given = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._token):
            raise web.HTTPNotFound
        if not self._is_own(request):
            raise web.HTTPForbidden(text="This page answers only to itself.")

    @staticmethod
    def _is_own(request: web.Request) -> bool:
        if request.transport is None:
            return False
        port = request.transport.get_extra_info("sockname")[1]
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if host not in {f"127.0.0.1:{port}", f"localhost:{port}"}:  # another name for it: DNS rebinding
            return False
        if origin is not None and origin != f"http://{host}":
            return False
        return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}

    @staticmethod
    async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)
