"""The rules of docs/architecture.md that a machine can enforce."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.views import View

from contacts.models import Network, Owned
from tests.isolation.addresses import named_patterns
from tests.sources import APPS, MODULES, PAGES, ROOT, TEMPLATES, relative, text_of, tree_of

# Apps whose models belong to the instance rather than to a network.
INSTANCE_APPS = ("netcrm", "accounts")
# Indexes that are rebuilt from the contacts; no URL or export ever identifies their rows.
WITHOUT_UUID = {"SearchWord", "TextVector"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def defined_in(path: Path) -> list[object]:
    """Return the classes and functions that a module itself defines."""
    module = importlib.import_module(module_name(path))
    return [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]


def has_forms(path: Path) -> bool:
    """Return whether a module defines a form, a form field or a widget, whatever the module is called."""
    kinds = (forms.BaseForm, forms.BaseFormSet, forms.Field, forms.Widget)
    return any(isinstance(value, type) and issubclass(value, kinds) for value in defined_in(path))


def has_views(path: Path) -> bool:
    """Return whether a module defines a view: a subclass of View, or a public function that takes `request` first."""
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
    """Return whether a module is a view, form or template tag, which must reach rows only through `request.network`."""
    if path.relative_to(ROOT).parts[0] not in {"contacts", "favours"} or is_in(path, "admin"):
        return False  # The admin site scopes its rows in its base class, tested in tests/contacts/admin.
    return is_in(path, "views", "forms", "templatetags") or has_forms(path) or has_views(path)


# Modules outside `views` that take a request, with the reason.
TAKES_REQUESTS = {
    "accounts/signing_in/client_address.py": "whose request it is",
    "accounts/signing_in/devices.py": "the cookie of a known device",
    "accounts/signing_in/doors.py": "what a view asks of the session, for views of all apps and middleware",
    "accounts/signing_in/limits.py": "who tries to sign in, for forms and middleware alike",
    "accounts/signing_in/sessions.py": "the session and the browser of a request",
    "netcrm/errors.py": "handlers of errors, named by the project's urls",
    "netcrm/health.py": "the address of load balancers, above all apps",
}


def test_forms_and_views_live_in_their_rooms() -> None:
    """Import-linter's contracts know only packages; this test makes them apply to every form and view."""
    modules = [path for path in MODULES if not is_in(path, "admin")]
    assert [relative(path) for path in modules if has_forms(path) and not is_in(path, "forms")] == []
    assert {relative(path) for path in modules if has_views(path) and not is_in(path, "views")} == set(TAKES_REQUESTS)


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


def test_presentation_reaches_rows_through_the_network_alone() -> None:
    presentation = [path for path in MODULES if is_presentation(path)]
    lines = {relative(path): list(unguarded_access(tree_of(path))) for path in presentation}
    assert {name: found for name, found in lines.items() if found} == {}
    assert len(presentation) > 40


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


def test_domain_functions_take_the_network_first() -> None:
    late = {relative(path): functions_with_late_network(tree_of(path)) for path in MODULES if not is_presentation(path)}
    assert {name: found for name, found in late.items() if found} == {}
    assert len(late) > 100


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


def test_signals_are_heard_in_receivers_alone() -> None:
    """A receiver elsewhere would be connected only if something happened to import its module."""
    heard = {relative(path): connections(tree_of(path)) for path in MODULES if path.name != "receivers.py"}
    assert {name: found for name, found in heard.items() if found} == {}


def test_connection_is_seen() -> None:
    source = "from django.dispatch import receiver\nfrom contacts.signals import erased\nerased.connect(forget)\n"
    assert connections(ast.parse(source)) == ["receiver", "erased.connect"]
    assert connections(ast.parse("from django.db.models import signals\nsignals.post_save.connect(f)\n")) != []
    assert connections(ast.parse("import sqlite3\nsqlite3.connect('x')\n")) == []


def calls_alone(function: ast.FunctionDef) -> bool:
    """Return whether a function consists of a docstring and a single, possibly conditional, call."""
    statements = function.body[1:]
    if len(statements) == 1 and isinstance(statements[0], ast.If) and not statements[0].orelse:
        statements = statements[0].body
    return (
        ast.get_docstring(function) is not None
        and len(statements) == 1
        and isinstance(statements[0], ast.Expr)
        and isinstance(statements[0].value, ast.Call)
    )


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "receivers.py"], ids=relative)
def test_receivers_call_one_function_each_and_are_loaded_with_their_app(path: Path) -> None:
    assert [
        node.name for node in tree_of(path).body if isinstance(node, ast.FunctionDef) and not calls_alone(node)
    ] == []
    assert f"import {path.parent.name}.receivers" in (path.parent / "apps.py").read_text()


# A JSON block is data, which the Content-Security-Policy allows.
INLINE = re.compile(
    r"""<style|<script(?![^>]*\b(?:src=|type="application/json"))|\sstyle=|\son[a-z]+=|hx-on|javascript:""",
    re.IGNORECASE,
)
IN_MAILS = ("mail", "digest")


def test_pages_have_no_inline_style_script_or_handler() -> None:
    pages = [path for path in PAGES if not any(word in relative(path) for word in IN_MAILS)]
    inline = {relative(path): INLINE.findall(text_of(path)) for path in pages}
    assert {name: found for name, found in inline.items() if found} == {}
    assert len(pages) > 100


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


def test_child_templates_say_everything_in_blocks() -> None:
    lost = {relative(path): tags_outside_blocks(text_of(path)) for path in PAGES}
    assert {name: tags for name, tags in lost.items() if tags} == {}


def test_tag_outside_a_block_is_seen() -> None:
    template = '{% extends "base.html" %}{% url "x" as y %}{% block main %}{{ y }}{% endblock %}'
    assert tags_outside_blocks(template) == ['url "x" as y']


ADDRESS = re.compile(r"""{%\s*url\s+(['"])(?P<url>.+?)\1|\bto=(['"])(?P<to>.+?)\3""")
"""The two ways in which a template names a URL: in its own `url` tag, or as the `to` argument of a component."""


def unknown_addresses(template: str) -> list[str]:
    """Return the URL names in a template that do not exist; `{% url ... as x %}` would ignore them silently."""
    names = [match["url"] or match["to"] for match in ADDRESS.finditer(template)]
    return [name for name in names if name not in ADDRESSES and not name.startswith("admin:")]


def idle_variables(template: str) -> list[str]:
    """Return the `{% url ... as x %}` variables that a template does not need: those used only once, where a plain
    `url` tag would do, and those tested with `if`, which is always true. A translated sentence can contain only
    variables, so one used there is needed."""
    idle = []
    for name in re.findall(r"{%\s*url\s[^%]*\sas\s+(\w+)\s*%}", template):
        uses = len(re.findall(rf"\b{name}\b", template)) - 1
        sentence = re.search(rf"(?s){{%\s*blocktranslate(?:(?!endblocktranslate).)*\b{name}\b", template)
        if (uses < 2 and not sentence) or re.search(rf"{{%\s*(?:el)?if\s[^%]*\b{name}\s*(?:%}}|and\b|or\b)", template):
            idle.append(name)
    return idle


ADDRESSES = {*named_patterns()}


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_lead_to_addresses_that_exist(path: Path) -> None:
    template = text_of(path)
    assert (unknown_addresses(template), idle_variables(template)) == ([], [])


def test_address_that_does_not_exist_is_seen() -> None:
    template = (
        "{% url 'favours:gone' %}{% url \"gone\" pk as x %}{% include 'act.html' with to=\"contacts:gone\" of=x %}"
    )
    assert unknown_addresses(template) == ["favours:gone", "gone", "contacts:gone"]
    assert unknown_addresses("{% url 'admin:index' %}{% url to of %}{% url 'favours:log' as x %}") == []


def test_address_kept_for_nothing_is_seen() -> None:
    kept = "{% url 'favours:log' as x %}"
    assert idle_variables(kept + "<a href={{ x }}>") == ["x"]
    assert idle_variables(kept + "{% if x %}<a href={{ x }} hx-get={{ x }}>{% endif %}") == ["x"]
    assert idle_variables(kept + "{% if y and x %}<a href={{ x }} hx-get={{ x }}>{% endif %}") == ["x"]
    assert idle_variables(kept + "<a href={{ x }} hx-get={{ x }}>") == []
    assert idle_variables(kept + "<a href={{ x }}{% if x == request.path %} aria-current{% endif %}>") == []
    assert idle_variables(kept + "{% blocktranslate %}<a href={{ x }}>{% endblocktranslate %}") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_lines_of_templates_stay_readable(path: Path) -> None:
    """Django's template tags can't be split over several lines, so the limit is higher than in code."""
    assert [line for line in text_of(path).splitlines() if len(line) > 160] == []


def unused_parts(templates: dict[str, str], code: str) -> list[str]:
    """Return the paths of partials and components that no template includes and no code renders."""
    everything = code + "".join(templates.values())
    parts = [name for name in templates if name.startswith("components/") or "/_" in name]
    return [name for name in parts if f'"{name}"' not in everything]


def test_parts_of_templates_are_used() -> None:
    templates = {path.relative_to(ROOT / "templates").as_posix(): text_of(path) for path in TEMPLATES}
    assert unused_parts(templates, "".join(text_of(path) for path in MODULES)) == []
    assert unused_parts(templates | {"components/idle.html": ""}, "") == ["components/idle.html"]


def test_modules_stay_readable() -> None:
    """A module longer than 400 lines should be split by noun."""
    lines = {relative(path): len(text_of(path).splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_there_are_no_junk_drawers() -> None:
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert names & {"utils", "helpers", "common", "misc", "core", "services", "queries"} == set()


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_text_is_translated() -> None:
    call_command("translations", check=True)
