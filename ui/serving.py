"""Start everything in one process: the chat page at / beside the HTTP service."""

from __future__ import annotations

import socket
import sys
import threading

import typer
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.assistant import Assistant, open_assistant
from assistant.settings import Settings
from ingest.errors import PlanAssistantError

LARGEST_HISTORY = 2_000_000
_SERVICE = ("/api/", "/plans/", "/health", "/ready", "/openapi.json")


class AddressError(PlanAssistantError):
    """Raised for an address that cannot be listened on."""


class Front:
    """Send requests for the service to it and all others to the chat page."""

    def __init__(self, service: ASGIApp, page: ASGIApp) -> None:
        self.service, self.page = service, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        ours = scope["type"] == "http" and scope["path"].startswith(_SERVICE)
        await (self.service if ours else self.page)(scope, receive, send)


def make_site(assistant: Assistant) -> Front:
    """Make the whole site from an assistant."""
    from ui.api import create_app
    from ui.limits import BodyLimit
    from ui.page import create_page

    return Front(create_app(assistant), BodyLimit(create_page(assistant), LARGEST_HISTORY))


def serve(settings: Settings, host: str, port: int) -> None:
    """Listen until interrupted; what cannot work fails before the page is up."""
    listener = listen(host, port)
    assistant = open_assistant(settings)
    warming = Warming(assistant)
    site = make_site(assistant)
    warming.finish()
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    typer.echo(f"{address}  (Ctrl+C 停止 / to stop)")
    sys.stdout.flush()
    config = uvicorn.Config(site, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
    uvicorn.Server(config).run([listener])


def listen(host: str, port: int) -> socket.socket:
    """Take the port; raise AddressError when it is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, UnicodeError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(
            f"Cannot listen on {host} port {port} ({reason}): stop what uses it, or choose another --port or --host.",
            f"无法监听 {host} 的 {port} 端口({reason}):请停止占用它的程序,或用 --port、--host 另选。",
        ) from error
    return listener


class Warming:
    """Load the default plan in another thread while the page is imported."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._assistant.warm()
        except BaseException as error:
            self._error = error

    def finish(self) -> None:
        """Wait for it; raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
