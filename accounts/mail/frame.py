"""HTML mails within pages, each in a frame with its own URL and Content-Security-Policy.

A mail's styles are inline, which the policy of other pages forbids, and nothing in it may run or load.
"""

from __future__ import annotations

from django.http import HttpResponse

POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
POLICY_WITH_LINKS = POLICY.replace("sandbox", "sandbox allow-top-navigation-by-user-activation")


def framed_mail(html: str, *, with_links: bool = False) -> HttpResponse:
    """Return the response that a frame shows. `with_links` lets a click on a link leave the surrounding page."""
    if with_links:
        html = html.replace("<head>", '<head><base target="_top">', 1)
    policy = POLICY_WITH_LINKS if with_links else POLICY
    return HttpResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})
