"""Telling a busy server from a frozen one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netcrm.postgresql import silence
from netcrm.postgresql.silence import SSL_REQUEST, Outage, gives_sign_of_life

HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def short_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "LONGEST_PING", 0.2)


@pytest.fixture(params=["TCP", "Unix"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str, int]]:
    """A listening socket with its host and port. The kernel accepts connections, but no server answers."""
    if request.param == "TCP":
        with socket.create_server((HOST, 0)) as server:
            yield server, HOST, server.getsockname()[1]
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(tmp_path / ".s.PGSQL.5432"))
            server.listen()
            yield server, str(tmp_path), 5432


def answer_once(server: socket.socket, act: Callable[[socket.socket], object]) -> None:
    with server.accept()[0] as client:
        assert client.recv(len(SSL_REQUEST)) == SSL_REQUEST
        act(client)


def test_frozen_server_gives_no_sign(listener: tuple[socket.socket, str, int]) -> None:
    assert not gives_sign_of_life(*listener[1:])


@pytest.mark.parametrize(
    "act", [lambda client: client.sendall(b"N"), lambda client: client.close()], ids=["answers", "hangs up"]
)
def test_living_server_gives_a_sign(
    listener: tuple[socket.socket, str, int], act: Callable[[socket.socket], object]
) -> None:
    living = threading.Thread(target=answer_once, args=(listener[0], act))
    living.start()
    assert gives_sign_of_life(*listener[1:])
    living.join()


@pytest.mark.parametrize(("host", "port"), [(HOST, 1), ("/nowhere", 5432)])
def test_server_that_is_gone_gives_no_sign(host: str, port: int) -> None:
    assert not gives_sign_of_life(host, port)


def test_outage_is_remembered_for_a_while_by_the_thread_that_met_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(silence, "monotonic", lambda: now[0])
    outage, elsewhere = Outage(), list[bool]()
    assert not outage.is_recent
    outage.note()
    assert outage.is_recent
    other = threading.Thread(target=lambda: elsewhere.append(outage.is_recent))
    other.start()
    other.join()
    assert elsewhere == [False]
    now[0] += silence.PAUSE
    assert not outage.is_recent
