"""gunicorn's own error responses, and static files, have the same headers as pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.instance import TREE, clean_environment
from tests.servers import PATIENCE, dying_with, free_port, wait_until

EXPECTED = {
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
}


def answer_to(port: int, request: bytes) -> tuple[int, dict[str, str]]:
    """Send the bytes of a request to the server, and return the status and headers of its response."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (piece := client.recv(65536)):
            answer += piece
    first, *lines = answer.partition(b"\r\n\r\n")[0].decode("latin1").split("\r\n")
    return int(first.split()[1]), {line.partition(":")[0].lower(): line.partition(": ")[2] for line in lines}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the web server logs to."""
    return tmp_path_factory.mktemp("web") / "log"


@pytest.fixture(scope="module")
def port(prepared: Path, log: Path) -> Iterator[int]:
    """The port of a web server behind HTTPS, from which tests only read."""
    free = free_port()
    environment = clean_environment(
        NETCRM_DATA=str(prepared), NETCRM_BASE_URL="https://netcrm.example.org", NETCRM_BIND=f"127.0.0.1:{free}"
    )
    command = [str(Path(sys.executable).parent / "gunicorn"), "--config", "python:netcrm.web", "--workers", "1"]
    with log.open("wb") as file:
        server = subprocess.Popen(command, cwd=TREE, env=environment, stderr=file, preexec_fn=dying_with(os.getpid()))

    def answers() -> bool:
        try:
            return answer_to(free, get("/health/db/"))[0] == 200
        except OSError:
            return False

    try:
        wait_until(answers, "gunicorn answers")
        yield free
    finally:
        server.terminate()
        server.wait(PATIENCE)


def get(path: str, *more: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: netcrm.example.org", "X-Forwarded-Proto: https", "Connection: close", *more]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (get("/" + "x" * 9000), 414),
        (get("/", "X-Long: " + "x" * 9000), 431),
        (get("/", "Bad Header: x"), 400),
        (get("/", "Transfer-Encoding: nonsense"), 501),
        (get("/static/css/base.css"), 200),
        (get("/static/icons.svg"), 200),
        (get("/static/manifest.webmanifest"), 200),
        (get("/accounts/login/"), 200),
        (get("/nowhere/"), 404),
    ],
    ids=lambda value: value if isinstance(value, int) else value.decode()[:40].split("\r")[0],
)
def test_every_answer_has_the_headers(port: int, request_bytes: bytes, status: int) -> None:
    answered, headers = answer_to(port, request_bytes)
    assert (answered, EXPECTED - headers.keys()) == (status, set())
    assert "access-control-allow-origin" not in headers
    assert headers["strict-transport-security"] == "max-age=63072000"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/health/db/", "/static/css/base.css", "/"])
def test_head_has_the_headers_of_get_and_no_body(port: int, log: Path, path: str) -> None:
    told, before = [], log.read_text()
    for request in (get(path), get(path).replace(b"GET", b"HEAD", 1)):
        status, headers = answer_to(port, request)
        told.append((status, headers.keys(), headers.get("content-length")))
    assert told[0] == told[1]
    assert "body" not in log.read_text().removeprefix(before)
