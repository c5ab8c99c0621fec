"""docs/settings.md compared with the code."""

import re

from tests.processes.instance import TREE


def test_settings_page_lists_every_variable() -> None:
    read = set()
    for folder in ("netcrm", "accounts", "contacts", "favours"):
        for file in (TREE / folder).rglob("*.py"):
            read |= set(re.findall(r'env(?:iron)?\.\w+\(\s*"([A-Z_]+)"', file.read_text()))
    page = (TREE / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read - {"DJANGO_SETTINGS_MODULE"}


def test_compose_file_and_example_name_the_same_variables() -> None:
    example = set(re.findall(r"^([A-Z_]+)=", (TREE / ".env.example").read_text(), re.MULTILINE))
    used = set(re.findall(r"\$\{([A-Z_]+)", (TREE / "docker-compose.yml").read_text()))
    assert used - example == set()
