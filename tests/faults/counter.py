"""One of several simultaneous writers, from inside an instance.

    python -m tests.faults.counter EMAIL TIMES

counts in the notes of the member's only contact: it reads the number and writes the next one. Prints how often it was
locked out of the database.
"""

import os
import sys


def count(email: str, times: int) -> int:
    """Count `times` times; return how often the database reported that it was locked."""
    from django.db import OperationalError, transaction

    from contacts.models import Network

    network = Network.objects.get(owner__email=email)
    locked = 0
    for _ in range(times):
        try:
            with transaction.atomic():
                contact = network.contacts.get()
                contact.notes = str(int(contact.notes or "0") + 1)
                contact.save(update_fields=["notes"])
        except OperationalError:
            locked += 1
    return locked


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    django.setup()
    print(count(sys.argv[1], int(sys.argv[2])))
