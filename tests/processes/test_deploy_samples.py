"""The samples in docs/deploy, used verbatim except for paths and ports: units, settings and nginx."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.deployment import COMMANDS
from tests.processes.instance import TREE, clean_environment
from tests.servers import PATIENCE, REQUIRE_ALL, Broker, Postgres, dying_with, free_port, wait_until

SAMPLES = TREE / "docs" / "deploy"
UNITS = sorted((SAMPLES / "systemd").iterdir())
PROGRAMS = Path(sys.executable).parent


def here(text: str) -> str:
    """Return a sample with the paths of the tree under test."""
    return text.replace("/opt/netcrm/.venv/bin", str(PROGRAMS)).replace("/opt/netcrm", str(TREE))


def started_by(name: str) -> list[str]:
    """Return the command of a unit."""
    text = here((SAMPLES / "systemd" / f"netcrm-{name}.service").read_text())
    (command,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    return shlex.split(command)


def settings_of_sample(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


@pytest.mark.skipif(not (REQUIRE_ALL or shutil.which("systemd-analyze")), reason="this machine has no systemd-analyze")
def test_units_are_sound(tmp_path: Path) -> None:
    units = []
    for unit in UNITS:
        units.append(tmp_path / unit.name)
        units[-1].write_text(here(unit.read_text()))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_units_are_confined(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    for line in ("User=netcrm", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"):
        assert line in lines


def test_page_names_every_sample() -> None:
    page = (TREE / "docs" / "deploying.md").read_text()
    assert [file.name for file in SAMPLES.rglob("*.*") if file.name not in page] == []


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the web server, once the commands of all units run with the settings of the sample."""
    folder = tmp_path_factory.mktemp("deployed")
    with contextlib.ExitStack() as stack:
        database, broker = stack.enter_context(Postgres()), stack.enter_context(Broker())
        free = free_port()
        text = (SAMPLES / "netcrm.env").read_text()
        for place, instead in {
            "/var/lib/netcrm": str(folder / "data"),
            "/etc/netcrm": str(folder),
            "127.0.0.1:8000": f"127.0.0.1:{free}",
            "127.0.0.1:5432": f"127.0.0.1:{database.port}",
            "127.0.0.1:6379": f"127.0.0.1:{broker.port}",
        }.items():
            assert place in text
            text = text.replace(place, instead)
        for name in ("secret_key", "database_password"):
            (folder / name).write_text(f"some {name}\n")
        environment = clean_environment(NETCRM_SWEEP_SECONDS="1", **settings_of_sample(text))
        prepared = subprocess.run(
            started_by("prepare"), cwd=TREE, env=environment, capture_output=True, text=True, check=False
        )
        assert (prepared.returncode, prepared.stderr) == (0, "")
        for name in COMMANDS:
            process = subprocess.Popen(
                started_by(name),
                cwd=TREE,
                env=environment,
                stderr=subprocess.DEVNULL,
                preexec_fn=dying_with(os.getpid()),
            )
            stack.callback(process.wait, PATIENCE)
            stack.callback(process.terminate)
        wait_until(lambda: status(f"http://127.0.0.1:{free}/health/") == 200, "all units are well")
        yield free


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except OSError:
        return 0


def test_units_start_what_the_page_says(port: int) -> None:
    page = (TREE / "docs" / "deploying.md").read_text()
    for name, command in COMMANDS.items():
        program, *arguments = started_by(name)
        assert [Path(program).name, *arguments][: len(command)] == command
        assert f"| `{' '.join(command)}` |" in page
    assert status(f"http://127.0.0.1:{port}/health/") == 200


@pytest.mark.skipif(
    not (REQUIRE_ALL or (shutil.which("nginx") and shutil.which("openssl"))), reason="this machine has no nginx"
)
def test_nginx_stands_in_front(port: int, tmp_path: Path) -> None:
    plain, secure = free_port(), free_port()
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=netcrm.example.org"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    sample = (SAMPLES / "nginx" / "netcrm.conf").read_text()
    for place, instead in {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/etc/letsencrypt/live/netcrm.example.org": str(tmp_path),
        "/var/log/nginx": str(tmp_path),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{port}",
    }.items():
        assert place in sample
        sample = sample.replace(place, instead)
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = tmp_path / "nginx.conf"
    user = "user root;\n" if os.getuid() == 0 else ""
    main.write_text(f"{user}pid {tmp_path}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{temporary}{sample}}}\n")
    command = ["nginx", "-c", str(main), "-e", str(tmp_path / "netcrm-error.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert (tested.returncode, "warn" in tested.stderr) == (0, False), tested.stderr
    server = subprocess.Popen(command, preexec_fn=dying_with(os.getpid()))
    try:
        trust = ssl.create_default_context(cafile=str(certificate))
        trust.check_hostname = False

        def asked(path: str) -> tuple[int, list[str]]:
            request = urllib.request.Request(
                f"https://127.0.0.1:{secure}{path}", headers={"Host": "netcrm.example.org"}
            )
            with urllib.request.urlopen(request, timeout=PATIENCE, context=trust) as answer:
                return answer.status, answer.headers.get_all("Set-Cookie") or []

        def answers() -> bool:
            with contextlib.suppress(OSError):
                return asked("/health/")[0] == 200
            return False

        wait_until(answers, "nginx answers")
        answered, cookies = asked("/accounts/login/?next=/contacts/%3Fq=Annabel")
        assert answered == 200
        assert [cookie for cookie in cookies if not cookie.startswith("__Host-")] == []
        log = (tmp_path / "netcrm.log").read_text()
        assert "GET 200" in log
        assert ("Annabel" in log, "127.0.0.1" in log) == (False, False)
    finally:
        server.terminate()
        server.wait(PATIENCE)
