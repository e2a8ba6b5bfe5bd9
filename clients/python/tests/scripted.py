"""A gateway that does what a test tells it to: says no, hangs up, answers late."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, List, Optional


class ScriptedGateway:
    """Each request takes the next step of the script; the last step stays."""

    def __init__(self, *script: Callable[[BaseHTTPRequestHandler], None], tls: Optional[ssl.SSLContext] = None) -> None:
        self.requests: List[Any] = []
        self.connections = set()
        steps = list(script)
        lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                with lock:
                    outer.connections.add(self.client_address)
                    outer.requests.append((self.path, dict(self.headers)))
                    step = steps.pop(0) if len(steps) > 1 else steps[0]
                step(self)

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> "ScriptedGateway":
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()


def result(line: int, reward: float = 1.0) -> dict:
    return {"id": None, "line": line, "domain": "d", "status": "scored", "cause": "response", "score": reward, "reward": reward, "reason": "ok"}


def answer(handler: BaseHTTPRequestHandler) -> None:
    """Scores every row of a JSON body with its ``n``, or 1."""
    body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
    reply(handler, 200, {"rows": [result(i + 1, row.get("n", 1)) for i, row in enumerate(body)]})


def refuse(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def step(handler: BaseHTTPRequestHandler) -> None:
        if "Content-Length" in handler.headers:
            handler.rfile.read(int(handler.headers["Content-Length"]))
        else:
            handler.close_connection = True
        reply(handler, status, {"status": status, "code": "full", "detail": "Come back."}, **headers)

    return step


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def lines(count: int, seen: Optional[list] = None) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers that many lines of a stream and hangs up in the middle of the next; ``seen`` gets the rows that it read."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        welcome(handler)
        number = 0
        for line in chunked_lines(handler):
            number += 1
            if seen is not None:
                seen.append(json.loads(line))
            if number > count:
                handler.wfile.write(b'{"id": null, "line": ')
                return
            handler.wfile.write(json.dumps(result(number, json.loads(line)["n"])).encode() + b"\n")
            handler.wfile.flush()

    return step


def last(handler: BaseHTTPRequestHandler) -> None:
    """Answers the lines of a stream when there are no more, as a gateway that compares all of them."""
    welcome(handler)
    rows = [json.loads(line) for line in chunked_lines(handler)]
    handler.wfile.write(b"".join(json.dumps(result(number, row["n"])).encode() + b"\n" for number, row in enumerate(rows, 1)))


def welcome(handler: BaseHTTPRequestHandler) -> None:
    """Begins to answer with lines, until the connection ends."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Type", "application/x-ndjson")
    handler.end_headers()


def chunked_lines(handler: BaseHTTPRequestHandler) -> Any:
    rest = b""
    while True:
        size = int(handler.rfile.readline(), 16)
        data = handler.rfile.read(size)
        handler.rfile.readline()
        if size == 0:
            return
        rest += data
        while b"\n" in rest:
            line, rest = rest.split(b"\n", 1)
            yield line


def reply(handler: BaseHTTPRequestHandler, status: int, body: Any, **headers: str) -> None:
    content = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)
