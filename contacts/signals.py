"""What the people announce to the apps above them, always inside the transaction of the change."""

from django.dispatch import Signal

contacts_erasing = Signal()
"""Contacts are about to be erased for good, with everything that hangs on them.

Arguments: `network`, `contact_ids` (a list of primary keys). Sent before the rows go, so that a receiver can still see
what hangs on them: the journal repairs the shares of those who remain in an entry.
"""

contacts_erased = Signal()
"""Contacts were erased for good, with everything that hung on them.

Arguments: `network`, `contact_ids`, `traces` (what names them; see contacts/erasing/traces.py), `are_real` (not the
invented people of a sample). Sent once everything that this app keeps has forgotten them.
"""

import_undoing = Signal()
"""An import is being undone: contacts that it made are about to be erased, with all that only they took part in.

Arguments: `network`, `contact_ids`. Sent before `contacts_erasing`.
"""

network_changed = Signal()
"""People were erased or merged, so whatever was computed from the network is out of date.

Arguments: `network`, `contact_ids` (of the contacts that are gone or have changed). Sent after the change.
"""
