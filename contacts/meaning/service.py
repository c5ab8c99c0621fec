"""The engine process, which holds the models and the vectors of recently used networks for all other processes.

    python -m contacts.meaning.service SOCKET

It does not use the database: its clients send the rows that it does not have yet. So it can be killed at any time, and
it needs no password. Rows stay in its memory until other networks need the room.
"""

from __future__ import annotations

import contextlib
import logging
import socketserver
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from contacts.meaning.encoding import Encoder, Side
from contacts.meaning.engines import installed_engines
from contacts.meaning.shelves import Rows, Shelf
from contacts.meaning.wire import Message, WireError, receive, send

logger = logging.getLogger(__name__)

OTHER_SIDE: dict[str, Side] = {"asked": "told", "told": "asked"}

MOST_BYTES = 32 * 1024 * 1024
"""Maximum bytes of the vectors in memory. The least recently used networks are dropped; a single one may be larger."""

BYTES_PER_KEY = 200

AT_ONCE = 4
"""Texts of a batch that are encoded before other threads get their turn, which takes about a tenth of a second."""


class Turns:
    """Lets one thread work at a time. Threads that answer a request go before those that compute rows in advance."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._is_busy = False
        self._urgent = 0

    @contextlib.contextmanager
    def urgent(self) -> Iterator[None]:
        with self._condition:
            self._urgent += 1
            self._condition.wait_for(lambda: not self._is_busy)
            self._urgent -= 1
            self._is_busy = True
        with self._taken():
            yield

    @contextlib.contextmanager
    def patient(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._is_busy and not self._urgent)
            self._is_busy = True
        with self._taken():
            yield

    @contextlib.contextmanager
    def _taken(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._condition:
                self._is_busy = False
                self._condition.notify_all()


class _Side:
    """The stored needs or the stored answers of a network: their keys, and their rows in the same order."""

    def __init__(self, dimensions: Sequence[int]) -> None:
        self.keys: list[int] = []
        self.numbers: dict[int, int] = {}
        self.shelf = Shelf(dimensions)

    def add(self, keys: Sequence[int], rows: Rows) -> None:
        self.numbers |= {key: number for number, key in enumerate(keys, start=len(self.keys))}
        self.keys.extend(keys)
        self.shelf.add(rows)


@dataclass
class _Network:
    """The stored rows of a network, up to the primary key `newest`, and their `count`."""

    sides: dict[str, _Side]
    newest: int = 0

    @property
    def count(self) -> int:
        return sum(len(side.keys) for side in self.sides.values())

    @property
    def size(self) -> int:
        return sum(side.shelf.size + BYTES_PER_KEY * len(side.keys) for side in self.sides.values())


class Service:
    """The models and the rows of recently used networks, which `answer` queries. Thread-safe."""

    def __init__(self, encoder: Encoder, *, most_bytes: int = MOST_BYTES) -> None:
        self._encoder = encoder
        self._most_bytes = most_bytes
        self._turns = Turns()
        self._networks: OrderedDict[str, _Network] = OrderedDict()

    def warm_up(self) -> None:
        """Load the models, so that the first question does not have to wait for them."""
        self.answer({"do": "encode", "side": "asked", "texts": ["."]}, b"")

    def answer(self, head: dict[str, Any], body: bytes) -> Message:
        """Answer one message, whose `do` is one of these:

        - `hello`: nothing but the version
        - `encode` with `side` and `texts`: the rows of the texts
        - `load` with `network`, `version`, `newest`, `side` and `keys`: add the rows in the body
        - `drop` with `network`: forget its rows
        - `nearest` with `network`, `newest`, `count`, `asks` and `limit`: find its nearest texts; see `_nearest`

        Each answer has the `version` of the engines. Raises KeyError and ValueError if something is missing or wrong.
        """
        acts: dict[str, Callable[[], Message]] = {
            "hello": lambda: ({}, b""),
            "encode": lambda: self._encode(head["texts"], head["side"]),
            "load": lambda: self._load(head, body),
            "drop": lambda: self._drop(head["network"]),
            "nearest": lambda: self._nearest(head),
        }
        answer, rows = acts[head["do"]]()
        return {"version": self._encoder.version, "engines": self._encoder.names, **answer}, rows

    def _encode(self, texts: Sequence[str], side: Side) -> Message:
        parts = []
        for start in range(0, len(texts), AT_ONCE):
            with self._turns.patient():
                parts.append(self._encoder.rows(texts[start : start + AT_ONCE], side).tobytes())
        return {}, b"".join(parts)

    def _load(self, head: dict[str, Any], body: bytes) -> Message:
        rows = np.frombuffer(body, np.int8).reshape(len(head["keys"]), sum(self._encoder.dimensions))
        if head["version"] != self._encoder.version:
            raise ValueError("These rows are of another version.")
        with self._turns.urgent():
            known = self._networks.setdefault(head["network"], self._blank())
            self._networks.move_to_end(head["network"])
            known.sides[head["side"]].add(head["keys"], rows)
            known.newest = max(known.newest, head["newest"])
            self._make_room()
        return {}, b""

    def _drop(self, network: str) -> Message:
        with self._turns.urgent():
            self._networks.pop(network, None)
        return {}, b""

    def _nearest(self, head: dict[str, Any]) -> Message:
        """Return as `found`, for each of `asks`, texts of a network: their key and the cosine of each engine.

        An ask has the `text`, its `side`, its `key` in case the network has it, and the keys `also` wanted. The texts
        are the `limit` nearest ones of the other side. If the rows held here do not match `newest` and `count`, the
        answer is `known` instead: the newest key held here and the number of rows.
        """
        with self._turns.urgent():
            known = self._networks.get(head["network"]) or self._blank()
            if (known.newest, known.count) != (head["newest"], head["count"]):
                return {"known": [known.newest, known.count]}, b""
            if head["network"] in self._networks:
                self._networks.move_to_end(head["network"])
            return {"found": [self._found(known, ask, head["limit"]) for ask in head["asks"]]}, b""

    def _found(self, known: _Network, ask: dict[str, Any], limit: int) -> list[list[float]]:
        own, other = known.sides[ask["side"]], known.sides[OTHER_SIDE[ask["side"]]]
        if not other.keys:
            return []
        number = own.numbers.get(ask["key"])
        row = own.shelf.row(number) if number is not None else self._encoder.rows([ask["text"]], ask["side"])[0]
        cosines = other.shelf.cosines(row)
        total = cosines.sum(axis=1)
        best = np.argpartition(-total, limit)[:limit] if len(total) > limit else np.arange(len(total))
        wanted = dict.fromkeys([*best.tolist(), *(other.numbers[key] for key in ask["also"] if key in other.numbers)])
        return [[other.keys[number], *cosines[number].round(4).tolist()] for number in wanted]

    def _blank(self) -> _Network:
        return _Network({side: _Side(self._encoder.dimensions) for side in OTHER_SIDE})

    def _make_room(self) -> None:
        while len(self._networks) > 1 and sum(known.size for known in self._networks.values()) > self._most_bytes:
            self._networks.popitem(last=False)


class _Handler(socketserver.BaseRequestHandler):
    """Reads the messages of one connection, and sends the answer to each, until the client closes it."""

    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(WireError, OSError):
            while True:
                head, body = receive(self.request)
                try:
                    answer = self.server.service.answer(head, body)
                except Exception as problem:
                    logger.exception("A question could not be answered.")
                    answer = {"error": type(problem).__name__}, b""
                send(self.request, *answer)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, service: Service) -> None:
        self.service = service
        super().__init__(str(path), _Handler)


def server_on(path: Path, service: Service) -> _Server:
    """Return a server on the socket `path`, for this process's user only. Replaces a socket that a killed one left."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    server = _Server(path, service)
    path.chmod(0o600)
    return server


def serve(path: Path) -> None:
    """Answer on the socket `path` until the process ends."""
    service = Service(Encoder(installed_engines()))
    with server_on(path, service) as server:
        threading.Thread(target=service.warm_up, name="warm-up", daemon=True).start()
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    serve(Path(sys.argv[1]))
