"""docs/settings.md compared with the code."""

import re

from tests.sources import ROOT


def test_settings_page_lists_every_variable() -> None:
    read = set()
    for folder in ("netcrm", "accounts", "contacts", "favours"):
        for file in (ROOT / folder).rglob("*.py"):
            read |= set(re.findall(r'env(?:iron)?\.\w+\(\s*"([A-Z_]+)"', file.read_text()))
    page = (ROOT / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read - {"DJANGO_SETTINGS_MODULE"}


def test_compose_file_and_example_name_the_same_variables() -> None:
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used - example == set()
