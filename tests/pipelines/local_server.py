"""A server on loopback that answers as a test tells it to, good and bad, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


def content(payload: bytes, **headers: str) -> Answer:
    """The bytes with status 200."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(payload)))
        request.end_headers()
        request.wfile.write(payload)

    return answer


def marked(payload: bytes, etag: str) -> Answer:
    """The bytes with an ETag, or 304 where the request names it."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("If-None-Match") == etag:
            request.send_response(304)
            request.end_headers()
        else:
            content(payload, ETag=etag)(request)

    return answer


def status(code: int) -> Answer:
    """An answer without content."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def redirect(to: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def cut(payload: bytes) -> Answer:
    """Half of the bytes that the header promises, then nothing."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(payload)))
        request.end_headers()
        request.wfile.write(payload[: len(payload) // 2])
        request.close_connection = True

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    """Zeros until the other side has had enough."""
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"0" * 65_536)
    except OSError:
        request.close_connection = True


class Server:
    """Paths with the answers they give in turn; the last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: dict[str, int] = defaultdict(int)
        self.open = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                server.asked[path] += 1
                turns = server.answers.get(path, [status(404)])
                turns[min(server.asked[path], len(turns)) - 1](self)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def hang(self, request: BaseHTTPRequestHandler) -> None:
        """No answer until the server closes."""
        self.open.wait(30)
        request.close_connection = True

    def close(self) -> None:
        self.open.set()
        self._http.shutdown()
        self._http.server_close()
