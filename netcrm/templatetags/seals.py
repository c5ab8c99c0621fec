"""Restricts htmx to elements that netcrm's own templates have written.

The whole `<body>` is `hx-disable`, so that no text from elsewhere is outside it. Inside, htmx ignores every element
with an htmx attribute unless it has the session's seal. Markup smuggled in by a name, a note or a cell of an uploaded
table can't know the seal, even if it closes the tags around it. If the configuration is missing, `hx-disable` has its
usual meaning and the page works without htmx.
"""

from __future__ import annotations

import json
import secrets

from django import template
from django.template import Context
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

ATTRIBUTES = (
    *("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"),
    *("hx-boost", "hx-confirm", "hx-disabled-elt", "hx-disinherit", "hx-encoding", "hx-ext", "hx-headers"),
    *("hx-history", "hx-history-elt", "hx-include", "hx-indicator", "hx-inherit", "hx-params", "hx-preserve"),
    *("hx-prompt", "hx-push-url", "hx-replace-url", "hx-request", "hx-select", "hx-select-oob", "hx-swap"),
    *("hx-swap-oob", "hx-sync", "hx-target", "hx-trigger", "hx-validate", "hx-vals", "hx-vars"),
)
"""All attributes that htmx reads, including those that are inherited. Handlers (`hx-on:…`) have no name that a selector
could match; `allowEval` disables them."""

CONFIGURATION = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "allowNestedOobSwaps": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}
SEAL = "data-seal"


@register.simple_tag(takes_context=True)
def htmx_config(context: Context) -> str:
    """Return the configuration of htmx as JSON, for an attribute."""
    names = ", ".join(f"[{prefix}{name}]" for name in ATTRIBUTES for prefix in ("", "data-"))
    selector = f"[hx-disable] :is({names}):not([{SEAL}='{_seal(context)}'])"
    return json.dumps(CONFIGURATION | {"disableSelector": selector}, separators=(",", ":"))


@register.simple_tag(takes_context=True)
def seal(context: Context) -> SafeString:
    """Return the attribute that lets htmx act on an element of a template: `<form hx-post="…" {% seal %}>`."""
    return format_html('{}="{}"', SEAL, _seal(context))


def _seal(context: Context) -> str:
    """Return a secret of the session. Without a session, each call returns a different one, so nothing is sealed."""
    session = getattr(getattr(context, "request", None), "session", None)
    key = session.session_key if session else None
    return salted_hmac("netcrm.htmx", key).hexdigest() if key else secrets.token_hex()
