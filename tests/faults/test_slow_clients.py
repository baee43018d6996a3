"""Clients that dawdle or send too much: everybody else is answered meanwhile, and what is too much is refused early."""

from __future__ import annotations

import http.client
import json
import re
import select
import socket
import time
from pathlib import Path

import pytest

from tests.faults.conftest import children, until

CROWD = 50


def connect(server, text: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    client.sendall(text)
    return client


def head(server, line: str, *more: str) -> bytes:
    fields = (line + " HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "X-Atlas: upload", *more)
    return ("\r\n".join(fields) + "\r\n\r\n").encode()


def answered(client: socket.socket) -> bytes:
    """Everything until the other side has no more to say."""
    parts = []
    while block := client.recv(65_536):
        parts.append(block)
    return b"".join(parts)


def begun(server, total: int) -> tuple[str, str]:
    """The id of a new upload and the cookie of its session."""
    body = json.dumps({"name": "slow.csv", "total": total}).encode()
    with connect(server, head(server, "POST /upload", "Content-Type: application/json", "Connection: close",
                              f"Content-Length: {len(body)}") + body) as client:  # fmt: skip
        text = answered(client).decode()
    return json.loads(text.rpartition("\r\n\r\n")[2])["upload"], re.search(r"(?i)set-cookie: ([^;]+)", text)[1]


@pytest.fixture()
def server(serve):
    server = serve(THREADS="4")
    server.start()
    return server


@pytest.mark.parametrize("kind", ["nothing", pytest.param("half a head", marks=pytest.mark.long), pytest.param("half a body", marks=pytest.mark.long), "a slow upload"])
def test_fifty_slow_clients_delay_nobody(server, kind):
    """More than there are threads, by far: health is told, and a page and its start of an upload are answered."""
    upload, cookie = begun(server, 9_000_000)
    starts = {
        "nothing": b"",
        "half a head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: ",
        "half a body": head(server, "POST /upload", "Content-Type: application/json", "Content-Length: 900") + b"{",
        "a slow upload": head(server, f"PUT /upload/{upload}", f"Cookie: {cookie}", "X-Offset: 0",
                              "Content-Type: application/octet-stream", "Content-Length: 9000000") + b"a,b\n",
    }  # fmt: skip
    crowd = [connect(server, starts[kind]) for _ in range(CROWD)]
    try:
        time.sleep(0.5)
        for path in ("/healthz", "/readyz", "/", "/healthz"):
            assert server.get(path)[0] == 200, f"{path} while {CROWD} clients send {kind}"
        assert begun(server, 10)[0] != upload
    finally:
        for client in crowd:
            client.close()


def test_a_client_in_pieces_is_served_in_the_end(server):
    """Slow is no crime: a head that comes byte by byte is answered like any other, twice on one connection."""
    with connect(server) as client:
        for _ in range(2):
            for byte in head(server, "GET /healthz"):
                client.send(bytes([byte]))
            answer = http.client.HTTPResponse(client)
            answer.begin()
            assert (answer.status, answer.read()) == (200, b'{"status":"alive"}\n')


@pytest.mark.parametrize("how", ["announced", pytest.param("in one piece", marks=pytest.mark.long), pytest.param("without an end", marks=pytest.mark.long)])
def test_a_gigabyte_against_a_limit_of_200_mb_is_refused_early(serve, how):
    """Before a tenth of the limit was sent; the server takes none of it into memory."""
    server = serve(MAX_UPLOAD_MB="200")
    server.start()
    (worker,) = children(server.process.pid)
    before = resident(worker)
    upload, cookie = begun(server, 150_000_000)
    lines = {
        "announced": (head(server, "POST /upload", "Content-Type: application/json", "Content-Length: 39")
                      + b'{"name": "big.csv", "total":1000000000}', b"413"),
        "in one piece": (head(server, f"PUT /upload/{upload}", f"Cookie: {cookie}", "X-Offset: 0",
                              "Content-Length: 1000000000"), b"413"),
        "without an end": (head(server, f"PUT /upload/{upload}", f"Cookie: {cookie}", "X-Offset: 0",
                                "Transfer-Encoding: chunked"), b"411"),
    }  # fmt: skip
    text, status = lines[how]
    sent = 0
    with connect(server, text) as client:
        while not select.select([client], [], [], 0.01)[0] and sent < 1_000_000_000:
            try:
                sent += client.send(b"100000\r\n" if how == "without an end" and not sent else b"x" * 1_000_000)
            except OSError:
                break
        assert client.recv(65_536).split(b" ", 2)[1] == status
    assert sent < 20_000_000
    assert resident(worker) - before < 64
    until(lambda: server.get("/healthz")[0] == 200)


def resident(pid: int) -> float:
    """Megabytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6
