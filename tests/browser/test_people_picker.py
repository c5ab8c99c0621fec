"""The people picker on a page of its own: what it submits for typed, clicked and pasted input."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

STATIC = Path(settings.BASE_DIR) / "static"
ADDRESS = "http://picker.test"
ANNA = {"uuid": "11111111-1111-4111-8111-111111111111", "name": "Anna Brömmel", "detail": "Köln"}
ANNETTE = {"uuid": "22222222-2222-4222-8222-222222222222", "name": "Annette Müller", "detail": ""}
BEN = {"uuid": "33333333-3333-4333-8333-333333333333", "name": "Ben Öztürk", "detail": "Öztürk Holzbau"}
PEOPLE = [ANNA, ANNETTE, BEN]

Sent = Callable[[], list[tuple[str, str]]]


def form(contacts: Iterable[dict[str, str]] = ()) -> str:
    """Return a page whose form contains the picker and two submit buttons."""
    picked = {"contacts": [{"uuid": each["uuid"], "display_name": each["name"]} for each in contacts]}
    picker = render_to_string("components/people_picker.html", {"label": "People", "picked": picked})
    return f"""<!doctype html><html lang="en"><title>Picker</title>
        <script type="module" src="/static/js/people-picker.js"></script>
        <form action="/saved/">{picker}<button name="kind" value="tip">Tip</button>
        <button name="kind" value="advice">Advice</button></form>"""


def suggestions(query: str) -> list[dict[str, str]]:
    """Return the people whose first name starts with the query."""
    return [person for person in PEOPLE if person["name"].lower().startswith(query.lower())]


@pytest.fixture
def serve(page: Page) -> Callable[..., None]:
    """A function that serves the form, its script and its suggestions to the page and opens it."""

    def open_form(answer: Callable[[Route], None] | None = None, contacts: Iterable[dict[str, str]] = ()) -> None:
        def suggest(route: Route) -> None:
            query = dict(parse_qsl(urlsplit(route.request.url).query))["q"]
            route.fulfill(json=suggestions(query))

        page.route(
            f"{ADDRESS}/", lambda route: route.fulfill(body=form(contacts), content_type="text/html; charset=utf-8")
        )
        page.route(lambda address: urlsplit(address).path == reverse("contacts:people_options"), answer or suggest)
        page.route("**/saved/*", lambda route: route.fulfill(body="saved"))
        page.route("**/static/**", lambda route: route.fulfill(path=STATIC / route.request.url.split("/static/")[1]))
        page.goto(ADDRESS)

    return open_form


@pytest.fixture
def sent(page: Page) -> Sent:
    """A function that returns the fields that the form has submitted, without empty values."""

    def read() -> list[tuple[str, str]]:
        page.wait_for_url("**/saved/*")
        return parse_qsl(urlsplit(page.url).query)

    return read


def pick(page: Page, letters: str) -> None:
    """Type letters, wait for the list that belongs to them and pick its first entry."""
    page.get_by_role("combobox").press_sequentially(letters)
    expect(page.get_by_role("option").last).to_have_text(f"New: {letters}")
    page.keyboard.press("Enter")


def test_picker_takes_the_first_suggestion_and_saves_with_the_default_button(
    serve: Callable[..., None], page: Page, sent: Sent
) -> None:
    serve()
    pick(page, "a")
    pick(page, "be")
    page.keyboard.press("Enter")
    assert sent() == [("contacts", ANNA["uuid"]), ("contacts", BEN["uuid"]), ("kind", "tip")]


def test_picker_leaves_out_whom_it_holds_already(serve: Callable[..., None], page: Page) -> None:
    serve()
    pick(page, "an")
    page.get_by_role("combobox").press_sequentially("an")
    expect(page.get_by_role("option")).to_have_text(["Annette Müller", "New: an"])


def test_picker_takes_by_arrow_and_by_click(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve()
    page.get_by_role("combobox").press_sequentially("an")
    expect(page.get_by_role("option")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text("Annette Müller")
    page.keyboard.press("Enter")
    page.get_by_role("combobox").press_sequentially("b")
    page.get_by_role("option", name="Ben Öztürk").click()
    page.get_by_role("button", name="Advice").click()
    assert sent() == [("contacts", ANNETTE["uuid"]), ("contacts", BEN["uuid"]), ("kind", "advice")]


def test_picker_makes_a_new_person_of_an_unknown_name(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve()
    pick(page, "Zoë Żak")
    page.keyboard.press("Enter")
    assert sent() == [("new_people", "Zoë Żak"), ("kind", "tip")]


def test_picker_creates_a_namesake_if_told_so(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve()
    page.get_by_role("combobox").press_sequentially("Ben Öztürk")
    page.get_by_role("option", name="New: Ben Öztürk").click()
    page.keyboard.press("Enter")
    assert sent() == [("new_people", "Ben Öztürk"), ("kind", "tip")]


def test_picker_ends_a_name_at_a_separator(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve()
    page.get_by_role("combobox").press_sequentially("ben öztürk;")
    page.get_by_role("combobox").press_sequentially("Ann,")
    page.keyboard.press("Enter")
    assert sent() == [("contacts", BEN["uuid"]), ("new_people", "Ann"), ("kind", "tip")]


def test_picker_parts_pasted_lines(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve()
    page.get_by_role("combobox").evaluate(
        """input => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", "Anna Brömmel\\nZoë");
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    page.get_by_role("button", name="Tip").click()
    assert sent() == [("contacts", ANNA["uuid"]), ("new_people", "Zoë"), ("kind", "tip")]


def test_picker_holds_the_form_until_typed_people_are_found(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    """The member types letters and presses Enter twice before the first response arrives."""
    waiting: list[Route] = []
    serve(answer=lambda route: waiting.append(route))  # Playwright can't set its attribute on a built-in method.
    page.get_by_role("combobox").fill("an")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.chip[aria-busy]')")
    assert page.url == f"{ADDRESS}/"
    for route in waiting:
        route.fulfill(json=suggestions("an"))
    assert sent() == [("contacts", ANNA["uuid"]), ("kind", "tip")]


def test_picker_sends_what_was_typed_if_no_suggestions_come(serve: Callable[..., None], page: Page, sent: Sent) -> None:
    serve(answer=lambda route: route.abort())
    page.get_by_role("combobox").fill("Anna")
    page.get_by_role("button", name="Advice").click()
    assert sent() == [("people", "Anna"), ("kind", "advice")]


def test_picker_gives_the_last_person_back(serve: Callable[..., None], page: Page) -> None:
    serve(contacts=[ANNA, BEN])
    page.get_by_role("combobox").focus()
    page.keyboard.press("Backspace")
    expect(page.get_by_role("status")).to_have_text("Ben Öztürk removed")
    page.get_by_role("button", name="Remove Anna Brömmel").click()
    expect(page.get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()


def test_picker_sends_plain_fields_without_scripts(
    serve: Callable[..., None], new_context: Callable[..., object]
) -> None:
    """The same markup without a script: chosen people are checkboxes, typed names are text."""
    page = new_context(java_script_enabled=False).new_page()  # type: ignore[attr-defined]
    page.route(
        f"{ADDRESS}/",
        lambda route: route.fulfill(body=form([ANNA, BEN]), content_type="text/html; charset=utf-8"),
    )
    page.route("**/saved/*", lambda route: route.fulfill(body="saved"))
    page.goto(ADDRESS)
    page.get_by_role("checkbox", name="Anna Brömmel").uncheck()
    page.get_by_role("textbox", name="People").fill("Zoë; Max")
    page.get_by_role("button", name="Tip").click()
    sent = parse_qsl(urlsplit(page.url).query)
    assert sent == [("contacts", BEN["uuid"]), ("people", "Zoë; Max"), ("kind", "tip")]


@pytest.mark.parametrize("state", ["closed", "open"])
def test_picker_is_accessible(serve: Callable[..., None], page: Page, state: str) -> None:
    serve(contacts=[ANNA])
    if state == "open":
        page.get_by_role("combobox").press_sequentially("b")
        expect(page.get_by_role("option")).to_have_count(2)
    page.evaluate((Path(__file__).parent / "vendor" / "axe.min.js").read_text())
    of_whole_pages = ("region", "landmark-one-main", "page-has-heading-one")
    options = json.dumps({"rules": {rule: {"enabled": False} for rule in of_whole_pages}})
    assert page.evaluate(f"axe.run(document, {options}).then(found => found.violations.map(rule => rule.id))") == []
