"""The rules of docs/architecture.md that a machine can enforce."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.views import View

from contacts.models import Network, Owned

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "contacts", "favours", "netcrm")
SOURCES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# The models of an instance, which belong to no network.
INSTANCE_APPS = ("netcrm", "accounts")
# An index that is rebuilt from the contacts; no URL or export ever identifies its rows.
WITHOUT_UUID = {"SearchWord"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def defined_in(path: Path) -> list[object]:
    """Return the classes and functions that a module itself defines."""
    module = importlib.import_module(module_name(path))
    return [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]


def has_forms(path: Path) -> bool:
    """Whether a module defines a form, a form field or a widget, whatever the module is called."""
    kinds = (forms.BaseForm, forms.BaseFormSet, forms.Field, forms.Widget)
    return any(isinstance(value, type) and issubclass(value, kinds) for value in defined_in(path))


def has_views(path: Path) -> bool:
    """Whether a module defines a view: a subclass of Django's View, or a public function that takes a request first."""
    for value in defined_in(path):
        if isinstance(value, type) and issubclass(value, View):
            return True
        is_public = inspect.isfunction(value) and not value.__name__.startswith("_")
        if is_public and next(iter(inspect.signature(value).parameters), "") == "request":
            return True
    return False


def is_in(path: Path, *rooms: str) -> bool:
    return bool({*path.relative_to(ROOT).with_suffix("").parts[1:]} & set(rooms))


def is_presentation(path: Path) -> bool:
    """Whether a module is a view, form or template tag, which must reach rows only through `request.network`."""
    if path.relative_to(ROOT).parts[0] not in {"contacts", "favours"} or is_in(path, "admin"):
        return False  # The admin site scopes its rows in its base class, tested in tests/contacts/admin.
    return is_in(path, "views", "forms", "templatetags") or has_forms(path) or has_views(path)


# Modules outside `views` that take a request, with the reason.
TAKES_REQUESTS = {
    "netcrm/admin.py": "the admin site answers its own pages",
    "netcrm/errors.py": "handlers of errors, named by the project's urls",
    "netcrm/health.py": "the address of load balancers, above all apps",
}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_forms_and_views_live_in_their_rooms(path: Path) -> None:
    """Import-linter's contracts know only rooms, so this is what makes them apply to every form and view."""
    if not is_in(path, "admin"):
        assert not has_forms(path) or is_in(path, "forms")
        assert (has_views(path) and not is_in(path, "views")) == (relative(path) in TAKES_REQUESTS)


def unguarded_access(tree: ast.AST) -> Iterator[int]:
    """Yield lines that reach a model's rows without a network: `Model.objects`, `get_object_or_404(Model, ...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[:1].isupper():
            if node.attr in {"objects", "with_trash", "_default_manager", "_base_manager"}:
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            target = node.args[0] if node.args else None
            is_model = isinstance(target, ast.Name) and target.id[:1].isupper()
            if is_model and node.func.id in {"get_object_or_404", "get_list_or_404"}:
                yield node.lineno


@pytest.mark.parametrize("path", [p for p in SOURCES if is_presentation(p)], ids=relative)
def test_presentation_reaches_rows_through_the_network_alone(path: Path) -> None:
    assert list(unguarded_access(ast.parse(path.read_text()))) == []


def test_unguarded_access_is_seen() -> None:
    source = "Contact.objects.all()\nget_object_or_404(Contact, pk=1)\nrequest.network.contacts.all()\n"
    assert sorted(unguarded_access(ast.parse(source))) == [1, 2]


def functions_with_late_network(tree: ast.Module) -> list[str]:
    """Return the public functions of a module that take a network, but not as their first argument."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            if "network" in names and names[0] != "network":
                found.append(node.name)
    return found


@pytest.mark.parametrize("path", [p for p in SOURCES if not is_presentation(p)], ids=relative)
def test_domain_functions_take_the_network_first(path: Path) -> None:
    assert functions_with_late_network(ast.parse(path.read_text())) == []


def test_every_model_of_a_member_carries_its_network_and_a_public_identifier() -> None:
    wrong = []
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in APPS or app in INSTANCE_APPS or model is Network:
            continue
        names = {field.name for field in model._meta.concrete_fields}
        required = {"network"} if model.__name__ in WITHOUT_UUID else {"network", "uuid"}
        if not issubclass(model, Owned) or not required <= names:
            wrong.append(model.__name__)
    assert wrong == []


def test_every_owned_table_has_an_index_that_begins_with_the_network_or_a_row_of_it() -> None:
    """A network's rows are found without a scan, by an index or constraint that starts with the network."""
    without = []
    for model in apps.get_models():
        if not issubclass(model, Owned):
            continue
        leading = [index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields]
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                first = constraint.fields[0] if constraint.fields else constraint.expressions[0].name  # type: ignore[attr-defined]
                leading.append(first)
        if "network" not in leading:
            without.append(model.__name__)
    assert without == []


def connections(tree: ast.Module) -> list[str]:
    """Return the names by which a module connects receivers to signals."""
    imported = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
    names = {
        alias.asname or alias.name
        for node in imported
        for alias in node.names
        if (node.module or "").endswith("signals")
    }
    names |= {alias.asname or alias.name for node in imported for alias in node.names if alias.name == "signals"}
    by_decorator = [
        alias.name
        for node in imported
        for alias in node.names
        if (node.module or "").startswith("django.dispatch") and alias.name == "receiver"
    ]
    by_call = [
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and ast.unparse(node.func).split(".")[0] in names
    ]
    return by_decorator + by_call


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name != "receivers.py"], ids=relative)
def test_signals_are_heard_in_receivers_alone(path: Path) -> None:
    """A receiver elsewhere is connected only where something happens to import its module."""
    assert connections(ast.parse(path.read_text())) == []


def test_connection_is_seen() -> None:
    source = "from django.dispatch import receiver\nfrom contacts.signals import erased\nerased.connect(forget)\n"
    assert connections(ast.parse(source)) == ["receiver", "erased.connect"]
    assert connections(ast.parse("from django.db.models import signals\nsignals.post_save.connect(f)\n")) != []
    assert connections(ast.parse("import sqlite3\nsqlite3.connect('x')\n")) == []


def calls_alone(function: ast.FunctionDef) -> bool:
    """Whether a function consists of a docstring and a single, possibly conditional, call."""
    statements = function.body[1:]
    if len(statements) == 1 and isinstance(statements[0], ast.If) and not statements[0].orelse:
        statements = statements[0].body
    return (
        ast.get_docstring(function) is not None
        and len(statements) == 1
        and isinstance(statements[0], ast.Expr)
        and isinstance(statements[0].value, ast.Call)
    )


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "receivers.py"], ids=relative)
def test_receivers_call_one_function_each_and_are_loaded_with_their_app(path: Path) -> None:
    module = ast.parse(path.read_text())
    assert [node.name for node in module.body if isinstance(node, ast.FunctionDef) and not calls_alone(node)] == []
    assert f"import {path.parent.name}.receivers" in (path.parent / "apps.py").read_text()


# A JSON block is data, which the policy allows.
INLINE = re.compile(
    r"""<style|<script(?![^>]*\b(?:src=|type="application/json"))|\sstyle=|\son[a-z]+=|hx-on|javascript:""",
    re.IGNORECASE,
)
IN_MAILS = ("mail", "digest")


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if not any(word in str(p.relative_to(ROOT)) for word in IN_MAILS)], ids=relative
)
def test_pages_have_no_inline_style_script_or_handler(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


def tags_outside_blocks(template: str) -> list[str]:
    """Return the tags of a child template that Django silently drops because they are in none of its blocks."""
    depth, lost = 0, []
    for name, rest in re.findall(r"{%\s*(\w+)(.*?)%}", template):
        if name == "block":
            depth += 1
        elif name == "endblock":
            depth -= 1
        elif depth == 0 and name not in {"extends", "load", "comment", "endcomment", "partialdef", "endpartialdef"}:
            lost.append(name + rest.rstrip())
    return lost if "{% extends" in template else []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_child_templates_say_everything_in_blocks(path: Path) -> None:
    assert tags_outside_blocks(path.read_text()) == []


def test_tag_outside_a_block_is_seen() -> None:
    template = '{% extends "base.html" %}{% url "x" as y %}{% block main %}{{ y }}{% endblock %}'
    assert tags_outside_blocks(template) == ['url "x" as y']


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_modules_stay_readable(path: Path) -> None:
    """A module with more than 400 lines should be split by noun."""
    assert len(path.read_text().splitlines()) <= 400


def test_there_are_no_junk_drawers() -> None:
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert names & {"utils", "helpers", "common", "misc", "core", "services", "queries"} == set()


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_text_is_translated() -> None:
    call_command("translations", check=True)
