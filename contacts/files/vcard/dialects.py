"""Properties that only some programs write, and their meanings."""

from __future__ import annotations

RELATED_PROPERTIES = {
    f"{maker}{relation}": label
    for maker, relations in {
        "X-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-EVOLUTION-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant"},
        "X-MS-": {"SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant", "CHILD": "child"},
        "X-KADDRESSBOOK-X-": {"SPOUSESNAME": "spouse", "MANAGERSNAME": "manager", "ASSISTANTSNAME": "assistant"},
        "X-OUTLOOK-": {"SPOUSE-NAME": "spouse", "MANAGER-NAME": "manager", "ASSISTANT-NAME": "assistant"},
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
