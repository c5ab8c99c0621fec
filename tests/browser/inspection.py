"""What is wrong with a page in Chromium, as axe and the browser itself see it."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """The rules of accessibility that the page breaks."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate("async () => (await axe.run()).violations.map((violation) => violation.id)")
    return found


def complaints(page: Page) -> list[str]:
    """Fills up with what the browser complains about: violations of the policy, missing files, errors of scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
