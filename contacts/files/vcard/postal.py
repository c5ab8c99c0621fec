"""vCard properties that hold a postal address: in seven components, as written on an envelope, or both."""

from __future__ import annotations

from contacts.files import labels
from contacts.files.card_builder import escaped
from contacts.files.vcard.builder import VCardDraft
from contacts.files.vcard.content_lines import Property, split_escaped, unescaped
from contacts.text import clean, fold_words

ADDRESS_LABEL = "LABEL"
"""The parameter that holds an address as written on an envelope."""
SEPARATORS = " ;,\t"
"""The characters that an empty address consists of."""


def take_address(draft: VCardDraft, prop: Property) -> bool:
    components = prop.components()
    label, preferred = labels.from_types(prop.head.types), prop.head.is_preferred
    written = unescaped(prop.head.parameters.get(ADDRESS_LABEL, "").replace("^n", "\n"))
    whole = unescaped(components[0]) if len(components) == 1 else ""
    if whole or not prop.value.strip(SEPARATORS):
        return draft.add_grouped(prop, draft.add_whole_address(whole or written, label, preferred=preferred))
    parts = [", ".join(unescaped(piece).strip() for piece in split_escaped(part, ",")) for part in components]
    parts = (parts + [""] * 7)[:7]
    if written and not set(fold_words(written)) <= set(fold_words(" ".join(parts))):
        draft.keep(f"LABEL:{escaped(clean(written))}")
    return draft.add_grouped(prop, draft.add_address(tuple(parts), label, preferred=preferred))


def take_address_text(draft: VCardDraft, prop: Property) -> bool:
    draft.address_texts.append(prop)
    return True
