"""Safe rendering of notes written in Markdown."""

import pytest

from contacts.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Likes *tea*", "<p>Likes <em>tea</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Head", "<h3>Head</h3>\n"),
        ("[a](https://x.org)", '<p><a href="https://x.org" rel="nofollow noopener">a</a></p>\n'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("![x](https://x.org/p.png)", '<p>!<a href="https://x.org/p.png" rel="nofollow noopener">x</a></p>\n'),
    ],
)
def test_render_markdown_shows_notes_safely(text: str, html: str) -> None:
    assert render_markdown(text) == html
