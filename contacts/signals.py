"""Signals that contacts sends to apps in higher layers, always within the transaction of the change."""

from django.dispatch import Signal

contacts_erasing = Signal()
"""Contacts are about to be erased for good, with everything that depends on them.

Arguments: `network`, `contact_ids` (a list of primary keys). Sent before the rows are deleted, so that a receiver can
still see what depends on them: the journal repairs the shares of those who remain in an entry.
"""

contacts_erased = Signal()
"""Contacts were erased for good, with everything that depended on them.

Arguments: `network`, `contact_ids`, `traces` (to find texts that name them; see contacts/erasing/traces.py), `are_real`
(false for the invented people of a sample). Sent once no data of this app names them any more.
"""

import_undoing = Signal()
"""An import is being undone: contacts it created are about to be erased, with all entries that only they took part in.

Arguments: `network`, `contact_ids`. Sent before `contacts_erasing`.
"""

network_changed = Signal()
"""People were erased or merged, so whatever was computed from the network is out of date.

Arguments: `network`, `contact_ids` (of the contacts that are gone or have changed). Sent after the change.
"""
