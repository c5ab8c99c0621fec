"""The template tag of pages that offer passkeys."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.signing_in.passkeys import Passkeys, passkeys_at

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_here(context: dict[str, Any]) -> Passkeys:
    """Return whether passkeys work at the address of the request, and if not, an address at which they do."""
    request = context["request"]
    return passkeys_at(f"{request.scheme}://{request.get_host()}")
