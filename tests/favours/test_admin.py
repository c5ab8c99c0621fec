"""Entries without people on the admin site."""

from datetime import date

from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from contacts.erasing.contacts import erase_contacts
from contacts.models import Network
from contacts.people.directory import add_contact
from tests.favours.entries import log_favour

LIST = "/admin/favours/favour/"


def test_entries_without_people_go_and_come_back(alice_client: Client, alice: User, network: Network) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    anna, ben = (add_contact(network, display_name=name) for name in ("Anna", "Ben"))
    alone, _both = (
        log_favour(network, direction="give", kind="tip", contacts=people, day=date(2026, 5, 3))
        for people in ([anna], [anna, ben])
    )
    erase_contacts(network, [anna])
    assert list(alice_client.get(LIST).context["cl"].result_list) == [alone]

    answer = alice_client.post(LIST, {"action": "delete", "_selected_action": [alone.pk]})
    assert network.favours.count() == 1
    [message] = get_messages(answer.wsgi_request)
    alice_client.post(str(message.extra_tags))
    assert network.favours.count() == 2
