"""vCard properties that hold somebody's name at a messenger or a social network."""

from __future__ import annotations

import re
from urllib.parse import unquote

from contacts.files import labels
from contacts.files.messenger_schemes import MESSENGER_SCHEMES, messenger_scheme
from contacts.files.vcard.builder import Handler, VCardDraft
from contacts.files.vcard.content_lines import Property
from contacts.files.vcard.fields import SERVICE

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
    "X-TWITTER": "twitter",
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
"""Properties with their messenger's scheme. One of KAddressBook's holds all of somebody's names at a messenger."""

PROFILES = {
    "bluesky": "https://bsky.app/profile/{}",
    "facebook": "https://www.facebook.com/{}",
    "flickr": "https://www.flickr.com/people/{}",
    "github": "https://github.com/{}",
    "gitlab": "https://gitlab.com/{}",
    "instagram": "https://www.instagram.com/{}",
    "linkedin": "https://www.linkedin.com/in/{}",
    "medium": "https://medium.com/@{}",
    "pinterest": "https://www.pinterest.com/{}",
    "reddit": "https://www.reddit.com/user/{}",
    "sinaweibo": "https://weibo.com/{}",
    "soundcloud": "https://soundcloud.com/{}",
    "threads": "https://www.threads.net/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "vk": "https://vk.com/{}",
    "xing": "https://www.xing.com/profile/{}",
    "youtube": "https://www.youtube.com/@{}",
}
"""URL patterns of profiles, by service. Programs write only the user name for these services."""
NAME_AT_SERVICE = re.compile(r"[\w.-]{1,100}")

KADDRESSBOOK_SEPARATOR = "\ue000"
AROUND_SERVICE = re.compile(r"^X-(?:MESSAGING/)?|-(?:ALL|ID|USERNAME)$")


def take_messenger(draft: VCardDraft, prop: Property) -> bool:
    """Adds an address at a messenger; if its scheme is unknown, the service or type determines the messenger."""
    head, text = prop.head, unquote(prop.text().strip())
    service = head.parameters.get(SERVICE, "") or head.parameters.get("SERVICE-TYPE", "")
    label = service or labels.from_types(head.types)
    scheme, colon, name = text.partition(":")
    said = scheme if colon and not scheme.lower().startswith("x-") else ""
    schemes = (messenger_scheme(each) for each in (service, *head.types, said))
    known = next((each for each in schemes if each != "im"), "im")
    if not colon or not is_address(scheme):
        text, label = f"{known}:{name or text}", label or said
    elif scheme.lower() == "aim" and known == "icq":  # Apple writes ICQ names this way as well as in X-ICQ.
        text = f"icq:{name}"
    return draft.add_grouped(prop, draft.add_link(text, label, preferred=head.is_preferred))


def take_profile(draft: VCardDraft, prop: Property) -> bool:
    """Adds a profile by its address, or by the name at a known service."""
    head, text = prop.head, prop.text().strip()
    service = head.parameters.get("SERVICE-TYPE", "") or labels.from_types(head.types)
    if "://" not in text:
        # Apple writes the name as an address of its own scheme, or into a parameter.
        name = (text.rpartition(":")[2] or head.parameters.get("X-USER", "")).strip().removeprefix("@")
        scheme = messenger_scheme(service)
        if (address := PROFILES.get(service.lower())) and NAME_AT_SERVICE.fullmatch(name):
            text = address.format(name)
        elif scheme == "im" or (":" in text and not text.lower().startswith("x-apple:")):
            return False
        else:
            text = f"{scheme}:{name}"
    return draft.add_grouped(prop, draft.add_link(text, service, preferred=head.is_preferred))


def named_after(scheme: str, label: str) -> Handler:
    """Returns a handler for a property that is named after a messenger and holds one or several bare names there."""

    def take_bare(draft: VCardDraft, prop: Property) -> bool:
        names = [name.strip() for name in prop.text().split(KADDRESSBOOK_SEPARATOR)]
        addresses = (name if is_address(name.partition(":")[0]) else f"{scheme}:{name}" for name in names if name)
        return all(draft.add_grouped(prop, draft.add_link(address, label)) for address in addresses)

    return take_bare


def is_address(scheme: str) -> bool:
    """Returns whether the text before a colon is the scheme of an address."""
    return scheme.lower() in MESSENGER_SCHEMES or scheme.lower() in ("http", "https")


def service_of(name: str) -> str:
    """Returns the service that a property of ``MESSENGER_PROPERTIES`` is named after, as a label."""
    return "" if MESSENGER_PROPERTIES[name] == "im" else AROUND_SERVICE.sub("", name).lower()


HANDLERS: dict[str, Handler] = {"IMPP": take_messenger, "SOCIALPROFILE": take_profile, "X-SOCIALPROFILE": take_profile}
HANDLERS |= {name: named_after(scheme, service_of(name)) for name, scheme in MESSENGER_PROPERTIES.items()}
