"""Connections that are kept, and requests that are tried again."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._address import Address, Connection
from ._fork import renew_in_child
from ._retry import RETRIED, Attempts, Retry, retry_after_of
from .errors import GatewayError, GatewayUnavailable

BROKEN = (http.client.HTTPException, ConnectionError, socket.timeout, ssl.SSLError, OSError)
_GONE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)

# The gateway's own limits where a call names none: request_timeout_s, and for streams call_timeout_s.
REQUEST_SECONDS = 600.0
STREAM_SECONDS = 3600.0

# Whatever ran out of time is still answered, a little later.
_MARGIN_SECONDS = 60.0


class Gateway:
    """One gateway with the connections to it. May be used by many threads at once."""

    def __init__(self, address: Address, timeout: Optional[float], retry: Retry, sleep: Callable[[float], Any] = time.sleep) -> None:
        self.address = address
        self.retry = retry
        self._timeout = timeout
        self._sleep = sleep
        self._idle: List[Connection] = []
        self._lock = threading.Lock()
        renew_in_child(self)

    def silence(self, limit: Optional[float], usual: float) -> float:
        """Seconds without a byte after which a connection counts as dead: never fewer than its call may take.

        :param limit: seconds that the call may take, where it says so.
        :param usual: seconds that the gateway gives a call that does not.
        """
        own = usual + _MARGIN_SECONDS if self._timeout is None else self._timeout
        return own if limit is None else max(own, limit + _MARGIN_SECONDS)

    def request(
        self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[Dict[str, str]] = None, limit: Optional[float] = None
    ) -> bytes:
        """Asks until there is an answer. Scoring a row twice gives the same result, so a broken request may be sent again.

        :param limit: seconds that the call may take, where it says so.
        """
        attempts = Attempts(self.retry)
        silence = self.silence(limit, REQUEST_SECONDS)
        while True:
            retry_after: Optional[float] = None
            last: Exception
            try:
                status, answer, fields = self._once(method, path, body, headers or {}, silence, attempts)
                if status < 300:
                    return answer
                last = problem_of(status, answer)
                if status not in RETRIED:
                    raise last
                retry_after = retry_after_of(fields.get("retry-after"))
            except BROKEN as broken:
                last = broken
            pause = attempts.pause(retry_after)
            if pause is None:
                raise GatewayUnavailable(f"The gateway at {self.address} gave no answer: {last}", last)
            self._sleep(pause)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def renew(self) -> None:
        """In a forked child: lets go of the connections. Two processes on one would read each other's answers."""
        self._lock = threading.Lock()
        self.close()

    def _once(
        self, method: str, path: str, body: Optional[bytes], headers: Dict[str, str], silence: float, attempts: Attempts
    ) -> Tuple[int, bytes, Dict[str, str]]:
        while True:
            connection, is_kept = self._take(silence, attempts)
            is_whole = True
            try:
                try:
                    connection.request(method, self.address.path(path), body=body, headers={**self.address.headers, **headers})
                except (BrokenPipeError, ConnectionResetError):
                    # A gateway that refuses a body does not read it to its end; why it does may lie there already.
                    is_whole = False
                response = connection.getresponse()
                answer = response.read()
            except BROKEN as broken:
                connection.close()
                # A connection that the other side let go while it was idle says nothing about the gateway.
                if is_kept and isinstance(broken, _GONE):
                    continue
                raise
            if response.will_close or not is_whole:
                connection.close()
            else:
                with self._lock:
                    self._idle.append(connection)
            return response.status, answer, {name.lower(): value for name, value in response.getheaders()}

    def _take(self, silence: float, attempts: Attempts) -> Tuple[Connection, bool]:
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is None:
            with attempts.connecting():
                return self.address.connect(silence), False
        kept.sock.settimeout(silence)
        return kept, True


def problem_of(status: int, answer: bytes) -> GatewayError:
    """The error that an answer tells."""
    try:
        problem = json.loads(answer)
        return GatewayError(status, str(problem["code"]), str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return GatewayError(status, "error", answer[:200].decode("utf-8", "replace"))
