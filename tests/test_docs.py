"""The documentation compared with the tree: every path, command and option it names exists."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
APPS = ("netcrm", "accounts", "contacts", "favours")

PATH = r"\.?[\w-]+(/[\w.-]+)*(/|/[\w.-]+|\.(py|md|toml|yml|lock|js|css|html))"
NO_PATHS = {"Europe/Berlin"}
"""Words with a slash that are not paths."""
REQUIREMENTS_OF_LEVEL_1 = 70
"""Number of level 1 requirements in OWASP ASVS 5.0.0."""
MADE_WHEN_RUN = ("erased/", "mail/", "var/", ".venv/")
"""Folders that are created by installing or running netcrm."""


def paths_in(text: str) -> set[str]:
    """Return the paths in backticks, the targets of links, and pages of docs/ named in prose."""
    quoted = {word for code in re.findall(r"`([^`\n]+)`", text) for word in code.split()}
    named = {word for word in quoted if re.fullmatch(PATH, word)}
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    prose = re.findall(r"\bdocs/\w+\.md\b", text)
    return {path for path in {*named, *links, *prose} - NO_PATHS if not path.startswith(MADE_WHEN_RUN)}


def exists(path: str, document: Path) -> bool:
    """Return whether a path exists from the root or from the document; a bare file name may be that of any module."""
    if (ROOT / path).exists() or (document.parent / path).exists():
        return True
    return "/" not in path and any(next((ROOT / app).rglob(path), None) for app in APPS)


def commands_in(text: str) -> list[tuple[str, set[str]]]:
    """Return the manage.py commands named in a text or its table, each with the options shown with it."""
    calls = re.findall(r"manage\.py ([a-z]\w*)((?: [\w.@/:-]+| \[[^]]+\])*)", text)
    rows = re.findall(
        r"^\| `([a-z]+(?:_[a-z]+)*)((?: [^`]*)?)` \|", text.partition("## The command line")[2], re.MULTILINE
    )
    return [(name, set(re.findall(r"--[a-z][\w-]*", rest))) for name, rest in [*calls, *rows]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_exists(document: Path) -> None:
    assert {path for path in paths_in(document.read_text()) if not exists(path, document)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_exists_with_its_options(document: Path) -> None:
    commands = get_commands()
    for name, options in commands_in(document.read_text()):
        assert name in commands, f"manage.py {name}"
        app = commands[name]
        parser = (load_command_class(app, name) if isinstance(app, str) else app).create_parser("manage.py", name)
        assert options - set(parser._option_string_actions) == set(), name


@pytest.mark.parametrize("app", ["accounts", "contacts", "favours"])
def test_architecture_page_describes_every_room(app: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == [app])
    page = (ROOT / "docs" / "architecture.md").read_text()
    sections = dict(re.findall(r"^###? (.*)\n((?:(?!##).*\n)*)", page, re.MULTILINE))
    described = set(re.findall(r"`(\w+)`", sections["The rooms every app has"] + sections[app]))
    assert {room for layer in layers for room in layer.split(" : ")} - described == set()


def test_documents_name_paths_and_commands() -> None:
    texts = [document.read_text() for document in DOCUMENTS]
    assert "contacts/files/" in set().union(*map(paths_in, texts))
    assert ("digest", {"--owner", "--as-of", "--out"}) in [found for text in texts for found in commands_in(text)]


def test_security_requirements_say_where_they_are_met() -> None:
    """Each number occurs once, with its level and state, and a place or a reason."""
    page = (ROOT / "docs" / "asvs.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in re.findall(r"^\| \d.*\|$", page, re.MULTILINE)
    ]
    numbers = [number for row in rows for number in row[0].split(", ")]
    assert [number for number in numbers if not re.fullmatch(r"\d+\.\d+\.\d+", number)] == []
    assert len(numbers) == len(set(numbers))
    assert sum(len(row[0].split(", ")) for row in rows if row[1] == "1") == REQUIREMENTS_OF_LEVEL_1
    for number, level, requirement, state, where in rows:
        assert level in {"1", "2"}, number
        assert state in {"met", "open", "none"}, number
        assert requirement, number
        assert len(where) >= len("Python"), number
