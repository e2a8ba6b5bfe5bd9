"""A connection that one thread reads while another writes, and that any thread can cut."""

from __future__ import annotations

import contextlib
import io
import selectors
import socket
import ssl
import threading
from typing import Any, Callable, Optional

_PIECE_BYTES = 64 * 1024

# Neither needs a descriptor of its own, and the first knows no highest one.
_Selector: Any = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Wire:
    """Stands where a socket would in a connection of ``http.client``.

    The socket itself never blocks; whoever waits, waits beside it. So reading and writing wait for different times, TLS,
    which lets one thread at a time into a connection, is never kept by one that waits, and a cut wakes both at once.

    :param silence: seconds that a reader waits for a byte.
    """

    def __init__(self, sock: socket.socket, silence: float) -> None:
        self._sock = sock
        self._silence = silence
        self._turn = threading.Lock()
        sock.setblocking(False)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Answer(self))

    def sendall(self, data: bytes) -> None:
        """Sends all of it, however long that takes: a gateway that does not read has enough rows for now."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._step(lambda: self._sock.send(rest[:_PIECE_BYTES]), selectors.EVENT_WRITE, None):]

    def receive(self, buffer: Any) -> int:
        """Bytes that were put into the buffer; 0 at the end.

        :raises socket.timeout: none came.
        """
        return self._step(lambda: self._sock.recv_into(buffer), selectors.EVENT_READ, self._silence)

    def cut(self) -> None:
        """Ends both directions; a reader still gets what has arrived. Once more does nothing."""
        with contextlib.suppress(OSError):
            # The plain socket's: that of TLS takes the connection away from whoever is in it.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def end(self) -> None:
        """Gives the socket back, when no thread uses it any more."""
        self._sock.close()

    def close(self) -> None:
        """Nothing: the library lets go of a connection that its answer will close, while lines still go up on it."""

    def _step(self, step: Callable[[], int], event: int, patience: Optional[float]) -> int:
        while True:
            wanted = event
            try:
                with self._turn:
                    return step()
            except ssl.SSLWantReadError:
                wanted = selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                wanted = selectors.EVENT_WRITE
            except BlockingIOError:
                pass
            with _Selector() as selector:
                selector.register(self._sock, wanted)
                if not selector.select(patience) and patience is not None:
                    raise socket.timeout(f"nothing came for {patience:g} s")


class _Answer(io.RawIOBase):
    """What comes down a wire, for a buffered reader."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.receive(buffer)
