"""Properties that only some programs write, and what they stand for."""

from __future__ import annotations

MESSENGER_PROPERTIES = {
    "X-AIM": "aim",
    "X-GADUGADU": "gg",
    "X-GADU-GADU": "gg",
    "X-GOOGLE-TALK": "xmpp",
    "X-GTALK": "xmpp",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-MATRIX": "matrix",
    "X-MS-IMADDRESS": "im",
    "X-MSN": "msnim",
    "X-QQ": "qq",
    "X-SIP": "sip",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-YAHOO": "ymsgr",
}
RELATED_PROPERTIES = {
    f"{maker}{relation}": label
    for maker, relations in {
        "X-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-EVOLUTION-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-MS-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant", "CHILD": "child"},
        "X-KADDRESSBOOK-X-": {"SPOUSESNAME": "spouse", "MANAGERSNAME": "manager", "ASSISTANTSNAME": "assistant"},
    }.items()
    for relation, label in relations.items()
}

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
