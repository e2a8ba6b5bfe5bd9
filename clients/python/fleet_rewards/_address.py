"""Where the gateway is, and what opens a connection to it."""

from __future__ import annotations

import base64
import http.client
import socket
import urllib.parse
from typing import Dict, Optional, Union

_CONNECT_SECONDS = 30.0

# An answer may be silent for long; the other machine, or what forwards to it, must not be gone unnoticed for as long.
_KEEP_ALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))

Connection = Union[http.client.HTTPConnection, http.client.HTTPSConnection]


class Address:
    """A gateway's address, and the headers of every request to it."""

    def __init__(self, url: str, api_key: Optional[str]) -> None:
        parts = urllib.parse.urlsplit(url if "//" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a gateway; expected is one such as http://127.0.0.1:8080.")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self.headers: Dict[str, str] = {"User-Agent": "fleet-rewards/0.1"}
        if api_key:
            self.headers["Authorization"] = f"Bearer {api_key}"
        elif parts.username is not None:
            pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()

    def __str__(self) -> str:
        return f"{self._host}:{self._port}" if self._port else self._host

    def path(self, path: str) -> str:
        """A path of the gateway below the one in its address."""
        return self._prefix + path

    def connect(self, silence: float) -> Connection:
        """A new connection, of the caller's own.

        :param silence: seconds without a byte after which it counts as dead.
        """
        kind = http.client.HTTPSConnection if self._scheme == "https" else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=min(_CONNECT_SECONDS, silence))
        connection.connect()
        connection.sock.settimeout(silence)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEP_ALIVE:
            if hasattr(socket, name):
                connection.sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return connection
