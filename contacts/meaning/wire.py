"""The protocol of the engine process. A message is a JSON object followed by bytes, each preceded by its length."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, TypeAlias

LENGTHS = struct.Struct(">II")

LONGEST_HEAD = 4 * 1024 * 1024
LONGEST_BODY = 64 * 1024 * 1024
"""Maximum bytes of the two parts of a message."""

Message: TypeAlias = tuple[dict[str, Any], bytes]
"""The JSON object of a message, and the vectors that belong to it."""


class WireError(Exception):
    """The other side closed the connection, or sent something that is not a message."""


def send(connection: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Send one message. Raises OSError."""
    words = json.dumps(head, separators=(",", ":")).encode()
    connection.sendall(LENGTHS.pack(len(words), len(body)) + words + body)


def receive(connection: socket.socket) -> Message:
    """Receive one message. Raises WireError and OSError."""
    head_length, body_length = LENGTHS.unpack(_exactly(connection, LENGTHS.size))
    if head_length > LONGEST_HEAD or body_length > LONGEST_BODY:
        raise WireError("The message is too long.")
    try:
        head = json.loads(_exactly(connection, head_length))
    except ValueError as problem:
        raise WireError("The message is no JSON.") from problem
    if not isinstance(head, dict):
        raise WireError("The message is no object.")
    return head, _exactly(connection, body_length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    received = bytearray(length)
    view = memoryview(received)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise WireError("The other side left.")
        view = view[count:]
    return bytes(received)
