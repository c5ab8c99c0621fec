"""Places at which text becomes markup.

Every place in templates and code that treats text as HTML is listed with the reason why no untrusted text gets there.
Further tests check which attributes of a page htmx acts on.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.forms import CharField, Form
from django.template import RequestContext, Template
from django.template.loader import get_template
from django.test import Client

from contacts.markdown import render_markdown
from contacts.models import Network
from netcrm.templatetags.seals import ATTRIBUTES, CONFIGURATION
from tests.attacks.addresses import every_address
from tests.attacks.test_scripts import MARK, poison
from tests.attacks.watching import HTMX
from tests.isolation.rows import Belongings
from tests.sources import ROOT, SCRIPTS, SOURCES, TEMPLATES, text_of, tree_of

pytestmark = pytest.mark.any_database

PLAIN_MAIL = "plain text, whose readers show no markup"
UNESCAPED_TEMPLATES = {
    "account/email/base_message.txt": PLAIN_MAIL,
    "accounts/email/invitation.txt": PLAIN_MAIL,
    "favours/letter_mail.txt": PLAIN_MAIL,
}
"""Templates with `{% autoescape off %}`, and subjects of mails, which are recognised by their file names."""

AS_HTML = {
    ("contacts/markdown.py", "mark_safe"): "what nh3 has cleaned on the line above",
    ("contacts/admin/base.py", "format_html"): "a literal with an address and a text, both escaped",
    ("favours/forms/entry.py", "format_html_join"): "a literal with our own questions, escaped",
    ("favours/journal/sentences.py", "format_html"): "our own sentences with people and texts, escaped",
    ("favours/journal/sentences.py", "format_html_join"): "literals with names, escaped unless marked by `linked`",
    ("favours/suggestions/wording.py", "format_html"): "our own sentences with names and texts, escaped",
    ("favours/templatetags/journal.py", "format_html"): "a literal with an address and a name, escaped",
    ("favours/templatetags/journal.py", "format_html_join"): "a literal with sentences that are escaped",
    ("favours/templatetags/tips.py", "format_html"): "literals with pieces of the text, escaped",
    ("favours/templatetags/tips.py", "format_html_join"): "a literal with pieces of the text, escaped",
    ("favours/views/quick_log.py", "format_html"): "our own sentences with names, escaped",
    ("favours/views/suggestions.py", "format_html"): "our own sentence with what was logged, escaped",
    ("favours/views/tip.py", "format_html"): "literals with an address and our own words, escaped",
    ("favours/digest/letter.py", "SafeString"): "an empty text",
    ("netcrm/templatetags/seals.py", "format_html"): "a literal with a key that we made",
}
"""Calls that produce HTML, by module and name."""

OWN_PATTERNS = {
    ("favours/journal/sentences.py", "str(HEARD[kind])"): "our own sentences, chosen by what was heard",
    ("favours/journal/sentences.py", "pattern % {'people': len(people)}"): "our own sentence for a number of people",
    ("favours/suggestions/wording.py", "str(OFFERED[signal.implied])"): "our own sentences, chosen by the signal",
}
"""First arguments to `format_html` that are neither a literal nor its translation."""

FOREIGN_TEMPLATES = {
    "admin/auth/user/change_password.html": "never shown: the admin site changes no password",
    "admin/includes/fieldset.html": "help texts of admin forms, which are the models' own words",
    "registration/password_change_form.html": "never shown: the admin site changes no password",
    "registration/password_reset_email.html": PLAIN_MAIL,
    "django/forms/p.html": "never used: forms are laid out by our own templates/django/forms/div.html",
    "django/forms/table.html": "never used, as p.html",
    "django/forms/ul.html": "never used, as p.html",
}
"""Library templates that treat text as HTML and that netcrm does not override."""

HTML_NAMES = {"mark_safe", "SafeString", "SafeText", "format_html", "format_html_join", "Markup", "html_safe"}
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
UNQUOTED = re.compile(r"\s[a-z-]+=\s*{[{%]")
MAKES_MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTML|DOMParser|createContextualFragment"
    r"|document\.write|\beval\(|new Function|srcdoc|htmx\."
)


def of(path: Path) -> str:
    return path.relative_to(ROOT / "templates" if path in TEMPLATES else ROOT).as_posix()


def test_templates_escape_everything_but_plain_mails() -> None:
    found = {of(path) for path in TEMPLATES if UNESCAPED.search(text_of(path))}
    assert {name for name in found if not name.endswith("_subject.txt")} == set(UNESCAPED_TEMPLATES)


def test_templates_quote_every_attribute_that_holds_a_value() -> None:
    assert [of(path) for path in TEMPLATES if path.suffix == ".html" and UNQUOTED.search(text_of(path))] == []


def test_templates_of_libraries_that_do_not_escape_are_known() -> None:
    found = set()
    for config in apps.get_app_configs():
        for folder in Path(config.path).glob("templates"):
            for path in folder.rglob("*.*"):
                name = path.relative_to(folder).as_posix()
                if path.suffix in {".html", ".txt"} and UNESCAPED.search(text_of(path)):
                    is_ours = str(ROOT / "templates") in str(get_template(name).origin)  # type: ignore[attr-defined]
                    if not is_ours and not name.endswith(("_subject.txt", "_message.txt")):  # Mail templates.
                        found.add(name)
    assert found == set(FOREIGN_TEMPLATES)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls that produce HTML, and everything that a decorator marks as safe."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in HTML_NAMES:
                yield name, node
            if any(keyword.arg in {"is_safe", "autoescape", "needs_autoescape"} for keyword in node.keywords):
                yield "is_safe", node
        elif isinstance(node, ast.FunctionDef) and node.name == "__html__":
            yield "__html__", ast.Call(ast.Name("__html__"), [], [])


def is_own_words(argument: ast.expr) -> bool:
    """Return whether a pattern is a literal or the translation of one."""
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name):
        translates = argument.func.id in {"_", "gettext", "ngettext", "pgettext"}
        return translates and all(isinstance(each, ast.Constant) for each in argument.args)
    return isinstance(argument, ast.Constant)


def test_code_that_makes_html_is_known() -> None:
    found = {(of(path), name) for path in SOURCES for name, _call in calls(tree_of(path))}
    assert found == set(AS_HTML)


def test_patterns_of_html_are_our_own_words() -> None:
    found = set()
    for path in SOURCES:
        for name, call in calls(tree_of(path)):
            patterns = call.args[: 2 if name == "format_html_join" else 1]
            if name.startswith("format_html"):
                found |= {(of(path), ast.unparse(pattern)) for pattern in patterns if not is_own_words(pattern)}
    assert found == set(OWN_PATTERNS)


@pytest.mark.parametrize(
    "source",
    [
        "format_html(name)",
        "format_html(f'<b>{name}</b>')",
        "format_html('<b>' + name)",
        "format_html(_(name))",
        "format_html('<b>%s</b>' % name)",
    ],
)
def test_pattern_with_foreign_text_is_seen(source: str) -> None:
    (_name, call) = next(calls(ast.parse(source)))
    assert not is_own_words(call.args[0])


@pytest.mark.parametrize(
    "source", ["mark_safe(x)", "safestring.SafeString(x)", "@register.filter(is_safe=True)\ndef f(): ...", "Markup(x)"]
)
def test_making_html_is_seen(source: str) -> None:
    assert list(calls(ast.parse(source)))


def test_scripts_make_no_markup_of_texts() -> None:
    assert [of(path) for path in SCRIPTS if MAKES_MARKUP.search(text_of(path))] == []


def test_notes_keep_no_attribute_that_htmx_or_our_scripts_read() -> None:
    note = "[x](https://x.org 'hx-get=/a')\n\n<a hx-get=/a data-hx-get=/a data-opens=sheet href=/x>x</a>"
    assert {name for _tag, name, _value, _within in parsed(render_markdown(note)).attributes} == {
        "href",
        "rel",
        "title",
    }


# Attributes that htmx may act on


def test_every_attribute_that_htmx_reads_is_sealed() -> None:
    htmx = next((ROOT / "static" / "vendor").glob("htmx-*.js")).read_text()
    read = {name.removeprefix("data-").rstrip("-") for name in re.findall(r"\b(?:data-)?hx-[a-z-]+", htmx)}
    verbs = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}  # htmx builds these names from parts.
    marks = {"hx-disable", "hx-revealed"}  # The first disables htmx; the second is htmx's own marker.
    handlers = {"hx-on"}  # Its names are open-ended; `allowEval` covers them.
    assert read - marks - handlers | verbs == set(ATTRIBUTES)
    assert not CONFIGURATION["allowEval"]


def test_every_control_of_ours_is_sealed() -> None:
    unsealed = []
    for path in TEMPLATES:
        text = re.sub(r"(?s){#.*?#}|{% comment %}.*?{% endcomment %}", "", text_of(path))
        for run in re.finditer(r"""(?:\s+(?:data-)?hx-[a-z-]+=(?:"[^"]*"|'[^']*'))+(?P<behind>\s*.{0,10})""", text):
            if run["behind"].strip() != "{% seal %}":
                unsealed.append(f"{of(path)}: {run[0]}")
    assert unsealed == []


class Parsed(HTMLParser):
    """A page as a browser reads it: its texts and attributes, and for each whether `hx-disable` encloses it."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.tags: Counter[str] = Counter()
        self.texts: list[tuple[str, str, bool]] = []
        self.attributes: list[tuple[str, str, str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        within = self._within() or any(name == "hx-disable" for name, _value in attributes)
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "", within) for name, value in attributes]
        self._open.append((tag, within))

    def handle_endtag(self, tag: str) -> None:
        if tag in {name for name, _within in self._open}:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, text: str) -> None:
        self.texts.append((self._open[-1][0] if self._open else "", text, self._within()))

    def count(self, attribute: str) -> int:
        """Return the number of elements that have the attribute."""
        return sum(1 for _tag, name, _value, _within in self.attributes if name == attribute)

    def seals(self) -> set[str]:
        """Return the seals of the page's own controls and the one that its configuration requires."""
        asked = [
            re.findall(r"data-seal='(\w+)'", value)
            for _tag, name, value, _within in self.attributes
            if name == "content"
        ]
        return {value for _tag, name, value, _within in self.attributes if name == "data-seal"}.union(*asked)

    def _within(self) -> bool:
        return bool(self._open and self._open[-1][1])


def parsed(html: str) -> Parsed:
    parser = Parsed()
    parser.feed(html)
    parser.close()
    return parser


def test_foreign_text_stands_within_hx_disable_and_becomes_no_markup(
    alice_client: Client, network: Network, belongings: Belongings
) -> None:
    """This covers every page, and every part that htmx requests, because a part ends up inside the body of its page."""
    assert poison(network, f"{MARK}{HTMX.replace('<b ', '<foreign ')}") > 30
    wrong: list[str] = []
    seals: set[str] = set()
    texts = 0
    for address in every_address(belongings, network):
        for headers in ({}, {"HX-Request": "true"}):
            answer = alice_client.get(address, headers=headers)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = parsed(answer.content.decode())
                foreign = [each for each in page.texts if MARK in each[1]]
                texts += len(foreign)
                wrong += [f"{address}: {problem}" for problem in (*smuggled(page), *in_reach_of_htmx(page, foreign))]
                seals |= page.seals()
    assert wrong == []
    assert texts > 300
    assert [len(each) for each in seals] == [40]


def smuggled(page: Parsed) -> Iterator[str]:
    """Yield elements made from untrusted text, and attributes containing it that browsers, htmx or scripts act on."""
    yield from ["an element"] * page.tags["foreign"]
    for tag, name, value, _within in page.attributes:
        acts = name.startswith(("hx-", "data-hx-", "on")) or name in {"style", "src", "srcdoc", "action"}
        if MARK in name or (MARK in value and acts):
            yield f"<{tag} {name}={value!r}>"


def in_reach_of_htmx(page: Parsed, foreign: list[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield untrusted texts outside `hx-disable`.

    Titles are excluded because browsers treat them as text, and so are the admin site and framed letters, which load no
    htmx.
    """
    sources = [value for tag, name, value, _within in page.attributes if (tag, name) == ("script", "src")]
    if page.tags["html"] and any("htmx" in source for source in sources):
        yield from (f"{tag}: {text}" for tag, text, within in foreign if tag != "title" and not within)
    elif page.tags["html"] and any(name.startswith("hx-") for _tag, name, _value, _within in page.attributes):
        yield "attributes of htmx on a page without it"


def test_guest_seals_nothing(client: Client, db: None) -> None:
    """Each seal on a guest's page is different, including that of the configuration, so none of them matches it."""
    request = client.get("/accounts/login/").wsgi_request
    page = Template("""<meta content="{% htmx_config %}"><a hx-get="/" {% seal %}><a hx-get="/" {% seal %}>""")
    html = page.render(RequestContext(request))
    assert len(parsed(html).seals()) == parsed(html).count("data-seal") + 1 == 3


def test_help_with_markup_of_our_own_is_shown_as_such() -> None:
    class Example(Form):
        password = CharField(help_text=password_validators_help_text_html())  # type: ignore[arg-type]
        cell = CharField(help_text="<b hx-get=/>")

    html = Example().as_div()
    assert '<div class="helptext" id="id_password_helptext"><ul><li>' in html
    assert "&lt;b hx-get=/&gt;" in html
