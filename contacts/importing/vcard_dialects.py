"""Properties that only some programs write, and what they stand for."""

from __future__ import annotations

import re

MESSENGER_PROPERTIES = {
    "X-AIM": "aim",
    "X-GADUGADU": "gg",
    "X-GADU-GADU": "gg",
    "X-GOOGLE TALK": "xmpp",
    "X-GOOGLE-TALK": "xmpp",
    "X-GTALK": "xmpp",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-KADDRESSBOOK-X-IMADDRESS": "im",
    "X-MATRIX": "matrix",
    "X-MS-IMADDRESS": "im",
    "X-MSN": "msnim",
    "X-QQ": "qq",
    "X-SIP": "sip",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-YAHOO": "ymsgr",
    "X-YAHOO-ID": "ymsgr",
}
MESSENGER_PROPERTIES |= {
    f"X-MESSAGING/{service}-ALL": scheme
    for service, scheme in {
        "AIM": "aim",
        "GADU": "gg",
        "GOOGLETALK": "xmpp",
        "ICQ": "icq",
        "IRC": "irc",
        "MSN": "msnim",
        "SKYPE": "skype",
        "XMPP": "xmpp",
        "YAHOO": "ymsgr",
    }.items()
}
"""Also those of KAddressBook, which puts all of somebody's names at a messenger into one property."""

KADDRESSBOOK_SEPARATOR = "\ue000"
AROUND_SERVICE = re.compile(r"^X-(?:MESSAGING/)?|-(?:ALL|ID|USERNAME)$")

RELATED_PROPERTIES = {
    f"{maker}{relation}": label
    for maker, relations in {
        "X-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-EVOLUTION-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-MS-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant", "CHILD": "child"},
        "X-KADDRESSBOOK-X-": {"SPOUSESNAME": "spouse", "MANAGERSNAME": "manager", "ASSISTANTSNAME": "assistant"},
        "X-WAB-": {"SPOUSE_NAME": "spouse"},
    }.items()
    for relation, label in relations.items()
}
LINK_PROPERTIES = {
    "X-EVOLUTION-BLOG-URL": "blog",
    "X-EVOLUTION-VIDEO-URL": "video",
    "X-KADDRESSBOOK-BLOGFEED": "blog",
}
DEPARTMENT_PROPERTIES = ("X-DEPARTMENT", "X-KADDRESSBOOK-X-DEPARTMENT")
NICKNAME_PROPERTIES = ("X-NICKNAME", "X-EPOCSECONDNAME")

ANDROID_BIRTHDAY = "3"
ANDROID_RELATIONS = {
    str(number): label
    for number, label in enumerate(
        (
            *("assistant", "brother", "child", "partner", "father", "friend", "manager", "mother", "parent", "partner"),
            *("referrer", "relative", "sister", "spouse"),
        ),
        start=1,
    )
}


def service_of(name: str) -> str:
    """The service that a property of ``MESSENGER_PROPERTIES`` is named after, as a label."""
    return "" if MESSENGER_PROPERTIES[name] == "im" else AROUND_SERVICE.sub("", name).lower()
