"""The wording of the evidence for the member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.duplicates.records import SAME_ORIGIN

WORDS = {
    "same_given_name": _("Same given name"),
    "given_name_form": _("One given name is a form of the other"),
    "given_name_initial": _("The given name is shortened to an initial"),
    "given_name_part": _("One given name is part of the other"),
    "given_name_typo": _("Nearly the same given name"),
    "other_given_name": _("Different given names"),
    "same_family_name": _("Same family name"),
    "family_name_part": _("One family name is part of the other"),
    "family_name_initial": _("The family name is shortened to an initial"),
    "family_name_typo": _("Nearly the same family name"),
    "other_family_name": _("Different family names"),
    "swapped_names": _("Given and family name are swapped"),
    "other_generation": _("One of them is a junior or senior"),
    "same_street_and_number": _("Same street and number"),
    "similar_street": _("Nearly the same street"),
    "same_street": _("Same street"),
    "other_street": _("Different streets"),
    "other_address": _("Different addresses"),
    "same_postcode": _("Same postcode"),
    "other_postcode": _("Different postcodes"),
    "same_city": _("Same city"),
    "similar_city": _("Nearly the same city"),
    "other_city": _("Different cities"),
    "same_email": _("Same e-mail address"),
    "similar_email": _("Nearly the same e-mail address"),
    "other_email": _("Different e-mail addresses"),
    "same_phone": _("Same phone number"),
    "similar_phone": _("Nearly the same phone number"),
    "other_phone": _("Different phone numbers"),
    "same_link": _("Same link"),
    "same_birthday": _("Same birthday"),
    "similar_birthday": _("Nearly the same birthday"),
    "other_birthday": _("Different birthdays"),
    "same_organisation": _("Same organisation"),
    "other_organisation": _("Different organisations"),
    SAME_ORIGIN: _("An imported file suggests that they are one person"),
    "other_spelling": _("The names are spelt differently"),
    "third_contact": _("Both are like a third contact"),
}


def in_words(evidence: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return stored evidence as short sentences in the active language, in stored order, skipping unknown kinds."""
    return [str(WORDS[reason["kind"]]) for reason in evidence if reason["kind"] in WORDS]
