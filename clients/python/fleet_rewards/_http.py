"""Connections that are kept, and requests that are tried again."""

from __future__ import annotations

import base64
import email.utils
import http.client
import json
import random
import socket
import ssl
import threading
import time
import urllib.parse
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from .errors import GatewayError, GatewayUnavailable

RETRIED = frozenset((429, 502, 503, 504))
BROKEN = (http.client.HTTPException, ConnectionError, socket.timeout, ssl.SSLError, OSError)

Connection = Union[http.client.HTTPConnection, http.client.HTTPSConnection]


class Retry:
    """How often a request is tried again, and how long between: exponential with full jitter, or what the gateway says."""

    def __init__(self, attempts: int = 8, first: float = 0.25, longest: float = 15.0, patience: float = 300.0, seed: Optional[int] = None) -> None:
        if attempts < 1:
            raise ValueError(f"attempts is {attempts}; at least 1 is expected.")
        self.attempts = attempts
        self.first = first
        self.longest = longest
        self.patience = patience
        self._random = random.Random(seed)

    def pause(self, attempt: int, retry_after: Optional[float]) -> float:
        """Seconds to wait after an attempt, counted from 0."""
        jittered = self._random.uniform(0, min(self.longest, self.first * 2**attempt))
        # Everybody was told the same time: come after it, and not all at once.
        return jittered if retry_after is None else retry_after + min(jittered, max(1.0, retry_after))


def retry_after_of(header: Optional[str]) -> Optional[float]:
    """The seconds that a ``Retry-After`` header asks for; it may be a number or a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


class Gateway:
    """The gateway's address with the connections to it. May be used by many threads at once."""

    def __init__(self, url: str, api_key: Optional[str], timeout: float, retry: Retry, sleep: Callable[[float], Any] = time.sleep) -> None:
        parts = urllib.parse.urlsplit(url if "//" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a gateway; expected is one such as http://127.0.0.1:8080.")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self.retry = retry
        self._sleep = sleep
        self._idle: List[Connection] = []
        self._lock = threading.Lock()
        self.headers: Dict[str, str] = {"User-Agent": "fleet-rewards/0.1"}
        if api_key:
            self.headers["Authorization"] = f"Bearer {api_key}"
        elif parts.username is not None:
            pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()

    def connect(self) -> Connection:
        """A new connection, of the caller's own."""
        kind = http.client.HTTPSConnection if self._scheme == "https" else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def path(self, path: str) -> str:
        return self._prefix + path

    def request(self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[Dict[str, str]] = None) -> bytes:
        """Asks until there is an answer. Scoring a row twice gives the same result, so a broken request may be sent again."""
        start = time.monotonic()
        last: Optional[BaseException] = None
        for attempt in range(self.retry.attempts):
            retry_after: Optional[float] = None
            try:
                status, answer, fields = self._once(method, path, body, headers or {})
                if status < 300:
                    return answer
                last = problem_of(status, answer)
                if status not in RETRIED:
                    raise last
                retry_after = retry_after_of(fields.get("retry-after"))
            except BROKEN as broken:
                last = broken
            pause = self.retry.pause(attempt, retry_after)
            if attempt + 1 == self.retry.attempts or time.monotonic() - start + pause > self.retry.patience:
                break
            self._sleep(pause)
        raise GatewayUnavailable(f"The gateway at {self._host}:{self._port} gave no answer: {last}", last)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _once(self, method: str, path: str, body: Optional[bytes], headers: Dict[str, str]) -> Tuple[int, bytes, Dict[str, str]]:
        while True:
            connection, is_kept = self._take()
            try:
                connection.request(method, self.path(path), body=body, headers={**self.headers, **headers})
                response = connection.getresponse()
                answer = response.read()
            except BROKEN as broken:
                connection.close()
                # A connection that the other side let go while it was idle says nothing about the gateway.
                if is_kept and isinstance(broken, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)):
                    continue
                raise
            if response.will_close:
                connection.close()
            else:
                with self._lock:
                    self._idle.append(connection)
            return response.status, answer, {name.lower(): value for name, value in response.getheaders()}

    def _take(self) -> Tuple[Connection, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        return self.connect(), False


def problem_of(status: int, answer: bytes) -> GatewayError:
    """The error that an answer tells."""
    try:
        problem = json.loads(answer)
        return GatewayError(status, str(problem["code"]), str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return GatewayError(status, "error", answer[:200].decode("utf-8", "replace"))
