"""The project's own source files, each read and parsed once for all tests that inspect the source."""

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
    """Return the text of a file."""
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file. It is cached, so the caller must not change it."""
    return ast.parse(text_of(path))


def relative(path: Path) -> str:
    """Return a path relative to the project's root, such as "contacts/text.py"."""
    return path.relative_to(ROOT).as_posix()
