"""The sandbox's front door: cheroot speaks HTTP/1.1, the gateway here sends the tenant's bytes unchanged.

Everything runs in daemon threads, so that a sandbox which nobody closed never keeps a process alive.
"""

from __future__ import annotations

import logging
import socket
import ssl
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, Protocol

import trustme
from cheroot.makefile import MakeFile
from cheroot.server import Gateway, HTTPConnection, HTTPServer
from cheroot.ssl import Adapter

from ._tenant import Reply, Request

WORKERS = 64
STOP_SECONDS = 0.1
BODY_BYTES = 1 << 20
HEADER_BYTES = 1 << 18


class Replies(Protocol):
    """Who is behind the door, such as a Tenant; called in many threads."""

    def reply(self, request: Request) -> Reply: ...


class Server:
    """Listens from its making to close(); over TLS if there is a CA."""

    def __init__(self, tenant: Replies, port: int, ca: trustme.CA | None) -> None:
        self._http = _HTTPServer(port, tenant, None if ca is None else _TLS(_context(ca)))
        listening: Future[None] = Future()
        self._thread = Thread(target=_run, args=(self._http, listening), name="zuora sandbox", daemon=True)
        self._thread.start()
        try:
            listening.result()
        except OSError:  # cheroot's text quotes its own tuples
            raise OSError(f"port {port} of 127.0.0.1 is taken, or may not be listened on") from None
        self.port: int = self._http.bind_addr[1]

    def close(self) -> None:
        self._http.stop()
        self._thread.join()


def _context(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    return context


def _run(server: HTTPServer, listening: Future[None]) -> None:
    try:
        server.prepare()
    except BaseException as error:
        listening.set_exception(error)
        return
    listening.set_result(None)
    server.serve()


class _HTTPServer(HTTPServer):
    request_queue_size = 128
    timeout = 60
    expiration_interval = STOP_SECONDS  # how long stop() may wait for the selector
    shutdown_timeout = STOP_SECONDS  # type: ignore[assignment]  # its stub says int; it is only ever compared
    max_request_header_size = HEADER_BYTES
    max_request_body_size = BODY_BYTES

    def __init__(self, port: int, tenant: Replies, tls: _TLS | None) -> None:
        super().__init__(("127.0.0.1", port), _Gateway, minthreads=WORKERS, maxthreads=WORKERS)
        self.tenant = tenant
        self.ssl_adapter = tls
        self.ConnectionClass = _Connection

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """Bind, so that the port can be bound again at once; cheroot 11 forgets to close what it cannot bind."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        socket_.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return socket_

    def clear_stats(self) -> None:
        """Count nothing: cheroot 11 hangs every server's counters on the logging module, where they stay for ever."""
        self._start_time = None
        self._run_time = 0
        self.stats = {"Enabled": False, "Worker Threads": {}}

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Clients that hang up are what tests do; cheroot would tell stderr."""
        logging.getLogger("zuora_connect.sandbox").debug(msg, exc_info=traceback)


class _TLS(Adapter):
    """TLS by a context; cheroot's own adapter wants files and shakes hands in the thread that accepts."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: Any) -> Any:
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), {}

    def get_environ(self) -> dict[str, str]:
        return {}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        return MakeFile(sock, mode, bufsize)


class _Connection(HTTPConnection):
    def communicate(self) -> bool:
        """Shake hands first, in a worker: a client that is silent in the handshake must not hold up the others."""
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.do_handshake()
        except OSError:
            return False
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Drop what a client that hung up did not take: cheroot 11 leaves it to be flushed when it is collected."""
        super().close()
        with suppress(OSError):
            self.wfile.close()


class _Gateway(Gateway):
    def respond(self) -> None:
        """Answer one request with exactly the tenant's bytes: cheroot would add headers of its own."""
        req = self.req
        headers = {name.decode("latin-1").lower(): value for name, value in req.inheaders.items()}
        method, path, query = (part.decode("latin-1") for part in (req.method, req.path, req.qs))
        reply = req.server.tenant.reply(Request(method, path, headers, req.rfile.read(), query))
        req.close_connection = req.close_connection or reply.closes or req.chunked_read
        req.sent_headers = True
        req.conn.wfile.write(reply.data)
