"""Refuse requests with large bodies before they are read."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Fail the reading of a body over the limit, so that the app words the error itself."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app, self.largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counting `receive`."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        stated = Headers(scope=scope).get("content-length", "0")
        total = int(stated) if stated.isdecimal() else 0
        counted = 0

        async def limited() -> Message:
            nonlocal counted
            if total > self.largest:
                raise HTTPException(413)
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.largest:
                raise HTTPException(413)
            return message

        return await self.app(scope, limited, send)
