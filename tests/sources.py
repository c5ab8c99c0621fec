"""The project's own files, each read and parsed once for all tests that look at the source."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "contacts", "favours", "netcrm")
SOURCES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
MODULES = [path for path in SOURCES if "migrations" not in path.parts]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


@cache
def text_of(path: Path) -> str:
    """What is written in a file."""
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file, which whoever asks must not change."""
    return ast.parse(text_of(path))


def relative(path: Path) -> str:
    """The path as it is spoken of: "contacts/text.py"."""
    return path.relative_to(ROOT).as_posix()
