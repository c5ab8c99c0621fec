"""The schemes of addresses at messengers, and which of them a service has."""

from __future__ import annotations

MESSENGER_SCHEMES = frozenset(
    (
        *("aim", "facebook", "gg", "gtalk", "icq", "im", "irc", "matrix", "msn", "msnim", "qq", "sgnl"),
        *("signal", "sip"),
        *("sips", "skype", "slack", "tel", "telegram", "tg", "threema", "twitter", "viber", "wechat", "whatsapp"),
        *("xmpp", "ymsgr"),
    )
)


SCHEME_OF_SERVICE = {
    "gadu": "gg",
    "gadugadu": "gg",
    "gadu gadu": "gg",
    "gadu-gadu": "gg",
    "google": "xmpp",
    "google talk": "xmpp",
    "googletalk": "xmpp",
    "jabber": "xmpp",
    "msn": "msnim",
    "yahoo": "ymsgr",
}


def messenger_scheme(service: str) -> str:
    """Returns the scheme of addresses at the messenger of this name; ``im`` for an unknown one."""
    service = service.strip().lower()
    return SCHEME_OF_SERVICE.get(service, service if service in MESSENGER_SCHEMES else "im")
