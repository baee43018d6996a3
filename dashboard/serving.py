"""How gunicorn's worker waits: no thread is given to a request before it has arrived.

With threads alone, as many slow clients as there are threads would stop the server (slowloris): gunicorn lends a thread
to a connection that says nothing, or half a request. Here the poller collects a request's head and, if it is small, its
body; requests with long bodies share half of the threads.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections import deque
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

SMALL = 65_536
HEAD_SECONDS = 10.0
SILENT_SECONDS = 10
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_UNSEEN = re.compile(rb"\r\n(?:transfer-encoding|expect|upgrade):", re.IGNORECASE)


class Arriving(TConn):
    """A connection with what has arrived of its request; ``long`` once it is known to bring a long body."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.arrived = bytearray()
        self.long = False

    def whole(self) -> bool:
        """True when a thread can take the request: it is all there, or too long to be waited for."""
        end = self.arrived.find(_END)
        if end < 0:
            self.long = len(self.arrived) > SMALL
            return self.long
        head = bytes(self.arrived[: end + len(_END)])
        length = _LENGTH.search(head)
        body = int(length[1]) if length else 0
        self.long = body > SMALL or _UNSEEN.search(head) is not None
        return self.long or len(self.arrived) >= len(head) + body

    def hand_over(self) -> None:
        """Give the parser what has arrived."""
        if self.parser is None:
            self.parser = get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived.clear()
        self.data_ready = True


class PatientWorker(ThreadWorker):
    """gunicorn's worker of threads, whose threads wait for nobody."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting: deque[Arriving] = deque()
        self._long = 0

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection to the poller, not to a thread."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            client, address = listener.accept()
            self.nr_conns += 1
            # a thread that reads a long body gives up on a client that has gone silent
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENT_SECONDS, 0))
            self._collect(Arriving(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Arriving, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn)

    def on_pending_socket_readable(self, conn: Arriving, client: socket.socket) -> None:
        """More of a request has arrived."""
        try:
            block = client.recv(SMALL)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if block:
            conn.arrived += block
            if not conn.whole():
                return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if block:
            conn.hand_over()
            self.enqueue_req(conn)
        else:
            self.nr_conns -= 1
            conn.close()

    def enqueue_req(self, conn: Arriving) -> None:
        """Give a thread to a request; one with a long body waits while others of its kind hold half of them."""
        if conn.long and self._long >= max(1, self.cfg.threads // 2):
            self._waiting.append(conn)
            return
        self._long += conn.long
        super().enqueue_req(conn)

    def finish_request(self, conn: Arriving, fs: Any) -> None:
        """A thread is free again."""
        was_long, conn.long = conn.long, False
        super().finish_request(conn, fs)
        if was_long:
            self._long -= 1
            if self._waiting:
                self.enqueue_req(self._waiting.popleft())

    def murder_pending(self) -> None:
        """Close connections whose request does not arrive; all that have said nothing yet, when the worker leaves."""
        super().murder_pending()
        if not self.alive:
            for conn in [one for one in self.pending_conns if not one.arrived]:
                self.pending_conns.remove(conn)
                self.poller.unregister(conn.sock)
                self.nr_conns -= 1
                conn.close()

    def _collect(self, conn: Arriving) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
