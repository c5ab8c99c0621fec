"""Problems with a page in Chromium, as reported by axe and by the browser itself."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """Return the ids of the accessibility rules that the page breaks."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate("async () => (await axe.run()).violations.map((violation) => violation.id)")
    return found


def complaints(page: Page) -> list[str]:
    """Return a list that collects the browser's complaints: policy violations, missing files, errors in scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
