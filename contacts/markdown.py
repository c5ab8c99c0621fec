"""Safe rendering of notes written in Markdown."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "em", "strong", "s", "a", "ul", "ol", "li"),
    *("blockquote", "code", "pre", "hr", "h3", "h4", "h5", "h6"),
}
HEADING_BELOW = 2
"""Levels added to each heading: the page around a note has headings of its own, so a note's first level becomes h3."""


def render_markdown(text: str) -> SafeString:
    """Return the text as safe HTML: paragraphs, emphasis, lists, quotes and links, but no raw HTML and no images.

    Links may be http, https or mailto.
    """
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HEADING_BELOW, 6)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    safe = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(safe)  # noqa: S308 - cleaned by nh3 just above


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image").enable("strikethrough")
