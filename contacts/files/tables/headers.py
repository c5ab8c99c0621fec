"""The meanings of column headers in English and German, as written by Google, Outlook, Thunderbird and others.

Headers are compared as words, in lower case and without punctuation, so that ``E-mail Address``, ``emailAddress`` and
``Telefon (privat)`` need no entry of their own. Words for work and home are taken out and become the label.
"""

from __future__ import annotations

import re
from functools import lru_cache

from contacts.files.tables import google
from contacts.files.tables.fields import IGNORED

WORDS = re.compile(r"[^\W\d_]+|\d+")
ABBREVIATIONS = {"adr": "address", "addr": "address", "one": "1", "two": "2", "three": "3"}
CAPITAL_INSIDE = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
NUMBERED = re.compile(r"(e mail|email|phone|address|website|relation|event|im|organization) ([0-9]{1,3}) (.{1,40})")


def normalised(header: str) -> str:
    """Returns a header as lower-case words with single blanks between them."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in WORDS.findall(header.casefold()[:200]))


EXACT: dict[str, tuple[str, ...]] = {
    "given_name": ("first", "given name", "given", "n given", "forename", "fname", "f name", "vorname", "rufname"),
    "additional_names": (
        *("middle", "n middle", "middle names", "additional name", "additional names", "second name"),
        *("weitere vornamen", "2 vorname", "zweiter vorname", "zweiter name"),
    ),
    "family_name": (
        *("last", "family name", "family", "n family", "surname", "lname", "l name"),
        *("nachname", "familienname", "zuname"),
    ),
    "prefix": (
        *("prefix", "n prefix", "honorific prefix", "honorific prefixes", "salutation"),
        *("anrede", "titel"),
    ),
    "suffix": ("suffix", "n suffix", "honorific suffixes", "honorific suffix", "namenszusatz"),
    "display_name": (
        *("name", "display name", "full name", "formatted name", "contact", "contact name", "n fn"),
        *("first and last name", "last name first name"),
        *("anzeigename", "vollständiger name", "ganzer name", "kontakt", "kontaktname"),
        *("name vorname", "nachname vorname", "vorname nachname", "vor und nachname", "name und vorname"),
    ),
    "nickname": ("nick name", "alias", "spitzname"),
    "organisation": (
        *("company", "company name", "organization", "organisation", "employer"),
        *("org", "org name", "account name", "associated company", "primary company", "primary associated company"),
        *("firma", "firmenname", "unternehmen", "unternehmensname", "arbeitgeber", "organisationsname"),
    ),
    "department": ("department", "org unit", "abteilung"),
    "role": (
        *("job title", "job position", "position", "role", "title", "occupation", "profession"),
        *("funktion", "arbeitstitel", "berufsbezeichnung", "beruf", "rolle"),
    ),
    "birthday": ("bday", "d o b", "birth date", "birthdate", "date of birth", "dob", "geburtstag", "geburtsdatum"),
    "birth_day": ("birth day", "day of birth"),
    "birth_month": ("birth month", "month of birth", "geburtsmonat"),
    "birth_year": ("birth year", "year of birth", "geburtsjahr"),
    "circles": (
        *("label", "group membership", "groups", "group", "categories", "category", "tags", "tag", "circles"),
        *("kategorien", "kategorie", "gruppen", "gruppe", "schlagwörter", "kreise"),
    ),
    "notes": (
        *("note", "comment", "comments", "remarks", "description"),
        *("notizen", "notiz", "bemerkung", "bemerkungen", "kommentar", "anmerkung", "anmerkungen", "beschreibung"),
    ),
    "interests": ("hobby", "hobbies", "hobbys", "interests", "interest", "interessen"),
    "seeks": ("looking for", "seeks", "sucht"),
    "offers": ("offers", "bietet"),
    "how_met": ("how we met", "kennengelernt", "wie kennengelernt"),
    "met_on": ("met on", "first met", "kennengelernt am"),
    "connected_on": ("connected on", "verbunden am"),
    "event:anniversary": ("anniversary", "wedding anniversary", "jahrestag", "hochzeitstag"),
    "uid": ("uid",),
    "link": (
        *("web page", "webpage", "website", "web site", "website url", "url", "homepage"),
        *("internet", "webseite", "internetseite"),
    ),
    "link:homepage": ("website home page", "home page"),
    "link:blog": ("website blog", "blog"),
    "link:profile": ("website profile",),
    "link:linkedin": (
        "linkedin",
        "linkedin url",
        "linkedin profile url",
        "linkedin page",
        "linkedin profile",
        "linkedin profil",
    ),
    "related:spouse": ("spouse", "partner", "ehepartner", "ehegatte", "ehepartnerin"),
    "related:manager": (
        "reports to",
        "reporting to",
        "manager",
        "manager s name",
        "name des der vorgesetzten",
        "vorgesetzter",
    ),
    "related:assistant": ("assistant", "assistant s name", "name assistent", "assistent"),
    "related:child": ("children", "child", "kinder", "kind"),
    "related:referrer": ("referred by", "empfohlen von"),
    "address.whole": ("address", "postal address", "mailing address", "adresse", "anschrift", "postanschrift"),
    "messenger": ("im", "im address", "instant messaging", "chat adresse"),
    "phone:main": ("company main phone", "hauptnummer firma", "telefon firma"),
    "phone:assistant": ("assistant s phone", "asst phone", "telefon assistent"),
    IGNORED: (
        *("e mail type", "e mail display name", "e mail typ", "e mail angezeigter name", "initials", "initialen"),
        *("priority", "priorität", "sensitivity", "vertraulichkeit", "private", "privat", "directory server"),
    ),
}
KEY_OF_HEADER = {words: key for key, headers in EXACT.items() for words in headers}
KEY_OF_HEADER |= {normalised(column): key for column, key in google.COLUMNS.items()}
KEY_OF_JOINED_WORDS = {words.replace(" ", ""): key for words, key in KEY_OF_HEADER.items() if " " in words}

ABOUT = frozenset(
    (
        "person",
        "contact",
        "kontakt",
        "kontaktperson",
        "ansprechpartner",
        "customer",
        "kunde",
        "lead",
        "people",
        "member",
    )
)
"""Words that CRM programs put before their headings."""

PLACES = {
    "work": (
        "business",
        "work",
        "office",
        "company",
        "geschäftlich",
        "dienstlich",
        "arbeit",
        "beruflich",
        "büro",
        "firma",
        "arbeitsadresse",
    ),
    "home": ("home", "private", "personal", "privat", "zuhause", "privatadresse"),
    "": (
        *("other", "alternate", "secondary", "mailing", "billing", "shipping", "delivery"),
        *("andere", "anderer", "anderes", "weitere", "weiterer", "weiteres", "sonstige", "rechnungsadresse"),
        *("rechnungsanschrift", "lieferadresse", "lieferanschrift", "postadresse", "postanschrift", "versand"),
    ),
}
PLACE_OF_WORD = {word: place for place, words in PLACES.items() for word in words}

REST: dict[str, tuple[str, ...]] = {
    "email": (
        *("e mail", "email", "mail", "e mail address", "email address", "email id", "emails", "email addresses"),
        *("primary email", "secondary email"),
        *("e mail adresse", "email adresse", "emailadresse", "mailadresse", "primäre e mail adresse"),
        *("sekundäre e mail adresse", "zusätzliche e mail adresse", "e mail value"),
    ),
    "phone": (
        *("phone", "phone number", "phone no", "telephone", "telephone number", "tel", "primary phone", "callback"),
        *("phone value", "phones", "phone numbers", "contact number", "contact no"),
        *("telefon", "telefonnummer", "rufnummer", "festnetz", "haupttelefon", "rückmeldung", "tel nr"),
    ),
    "mobile": (
        *("mobile", "mobile phone", "mobile number", "mobile phone number", "cell", "cell phone", "cellular"),
        *("mobiltelefon", "mobil", "mobilnummer", "handy", "handynummer", "mobil tel nr", "mobiltelefonnummer"),
    ),
    "fax": ("fax", "fax number", "fax phone", "faxnummer", "fax nummer", "telefax"),
    "pager": ("pager", "pager number", "pager nummer"),
    "car": ("car phone", "autotelefon"),
    "isdn": ("isdn",),
    "street": (
        *("street", "street address", "address", "address line", "strasse", "adresse", "anschrift"),
        "strasse und hausnummer",
    ),
    "house_number": (
        *("house number", "house no", "street number", "street no", "building number"),
        *("hausnummer", "hausnr", "haus nr", "haus nummer", "hnr", "strassennummer"),
    ),
    "extended": ("extended address", "adresszusatz", "address supplement", "address line 2"),
    "city": ("city", "town", "locality", "ort", "stadt", "wohnort"),
    "region": (
        *("state", "region", "province", "county", "state province", "state region", "state county"),
        *("bundesland", "kanton", "bundesland kanton", "region bundesland"),
    ),
    "postcode": (
        *("postal code", "postcode", "post code", "p code", "zip", "zip code", "zipcode", "zip postal code"),
        *("postal zip code", "zip or postal code", "postleitzahl", "plz", "postleitzahl plz"),
    ),
    "country": ("country", "country region", "country name", "land", "land region"),
    "post_box": ("po box", "post office box", "postfach"),
    "link": ("web page", "webpage", "website", "web site", "url", "homepage", "webseite", "internetseite"),
}
FILLERS = (
    frozenset(("address", "adresse", "primary", "mailing", "main", "section")),
    frozenset(("phone", "telephone", "telefon", "tel", "number", "nummer", "nr", "no")),
)
"""Insignificant words that some programs add, as in ``Mailing City`` and ``Phone (mobile)``."""

MEANING_OF_REST = {words: meaning for meaning, variants in REST.items() for words in variants}
MEANING_OF_REST |= {words.replace(" ", ""): meaning for words, meaning in MEANING_OF_REST.items()}
ADDRESS_MEANINGS = frozenset(
    ("street", "house_number", "extended", "city", "region", "postcode", "country", "post_box")
)
MESSENGERS = frozenset(
    (
        *("aim", "gadu gadu", "google talk", "gtalk", "icq", "irc", "jabber", "matrix", "msn", "qq", "signal", "skype"),
        *("twitter", "telegram", "threema", "viber", "wechat", "whatsapp", "xmpp", "yahoo"),
    )
)
MESSENGER_FILLERS = frozenset(("im", "id", "messenger", "name", "username", "benutzername"))
PHONE_LABELS = frozenset(("mobile", "fax", "pager", "car", "isdn"))

MESSENGER_PARTS = {"value": "", "service": "label"}
NUMBERED_PARTS = {
    kind: {normalised(part): name for part, name in parts.items()} | {"type": "label"}
    for kind, (_noun, parts) in google.NUMBERED.items()
} | {"messenger": MESSENGER_PARTS, "event": {"value": "", "label": "label", "type": "label"}}
"""Parts of fields by the words after noun and number in a header; older files have a type instead of a label."""
NUMBERED_FIELDS = {normalised(noun): kind for kind, (noun, _parts) in google.NUMBERED.items()} | {
    "email": "email",
    "im": "messenger",
    "event": "event",
}
FIRST_ORGANIZATION = {"name": "organisation", "title": "role", "department": "department"}

OWN_FIELDS = {normalised(column): key for column, key in google.OWN_COLUMNS.items()}
OWN_FIELDS[normalised(google.PHOTO_COLUMN)] = "photo_file"


@lru_cache(maxsize=4096)
def field_key(header: str) -> str:
    """Returns the key of the field that a header denotes, or an empty string."""
    words = normalised(header)
    if words in OWN_FIELDS:
        return OWN_FIELDS[words]
    if found := NUMBERED.fullmatch(words):
        return _numbered_key(found[1], found[2], found[3])
    return (
        _known_key(words)
        or _known_key(normalised(CAPITAL_INSIDE.sub(" ", header)))
        or KEY_OF_JOINED_WORDS.get(words.replace(" ", ""), "")
    )


def _known_key(words: str) -> str:
    """Returns the key of a heading's words, perhaps after the name of the table's subject: "Person - Name"."""
    about, _blank, rest = words.partition(" ")
    return _plain_key(words) or (_plain_key(rest) if about in ABOUT and rest else "")


def _plain_key(words: str) -> str:
    return KEY_OF_HEADER.get(words) or KEY_OF_HEADER.get(_without_number(words)) or _composed_key(words)


def _numbered_key(noun: str, number: str, part: str) -> str:
    """Returns the key of a column such as ``Phone 2 - Value``."""
    if noun == "organization":
        return FIRST_ORGANIZATION.get(part, "") if number == "1" else ""
    field = NUMBERED_FIELDS[noun]
    if field == "address" and (meaning := MEANING_OF_REST.get(part, "")) in ADDRESS_MEANINGS:
        return f"address:{number}.{meaning}"
    if part not in NUMBERED_PARTS[field]:
        return _known_key(f"{noun} {number} {part}")
    part = NUMBERED_PARTS[field][part]
    return f"{field}:{number}.{part}" if part else f"{field}:{number}"


def _composed_key(words: str) -> str:
    """Returns the key of a header that combines a place (work, home) with a field, such as ``Business City``."""
    place, rest, number = "", [], ""
    for word in words.split():
        if word in PLACE_OF_WORD and words != word:
            place = place or PLACE_OF_WORD[word]
        elif word.isdecimal():
            number = word
        else:
            rest.append(word)
    meaning = MEANING_OF_REST.get(" ".join(rest), "")
    remaining = rest
    for fillers in FILLERS:
        remaining = [word for word in remaining if word not in fillers]
        meaning = meaning or MEANING_OF_REST.get(" ".join(remaining), "")
    service = " ".join(word for word in rest if word not in MESSENGER_FILLERS)
    if service in MESSENGERS:
        return f"messenger:{service}"
    if meaning in ADDRESS_MEANINGS:
        part = "extended" if meaning == "street" and number not in ("", "1") else meaning
        return f"address:{place}.{part}" if place else f"address.{part}"
    if meaning in PHONE_LABELS:
        return f"phone:{place} {meaning}" if place and meaning != "mobile" else f"phone:{meaning}"
    return f"{meaning}:{place}" if meaning and place else meaning


def _without_number(words: str) -> str:
    return " ".join(word for word in words.split() if not word.isdecimal())
