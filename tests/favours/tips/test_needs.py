"""The needs that an act of help may have met."""

from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic, close_topic
from favours.suggestions.answers import log_it
from favours.suggestions.rounds import make_round
from favours.tips.needs import needs_that_fit
from tests.favours.entries import log_favour


def asked(network: Network, *people: Contact, kind: str = "tip", note: str = "") -> list[str]:
    favour = log_favour(network, direction="give", kind=kind, contacts=list(people), note=note)
    return [need.text for need in needs_that_fit(network, favour, people)]


def test_note_fits_the_need_that_it_speaks_of(network: Network, anna: Contact) -> None:
    for text in ("Steuerberaterin", "ein Büro in Köln"):
        add_topic(network, contact=anna, kind="seeks", text=text)
    assert asked(network, anna, note="Steuerberatung Klein genannt") == ["Steuerberaterin"]
    assert asked(network, anna, note="Coworking im alten Hafen") == ["ein Büro in Köln"]
    assert asked(network, anna, note="Kuchen vorbeigebracht") == []


def test_without_a_note_the_only_need_fits(network: Network, anna: Contact) -> None:
    need = add_topic(network, contact=anna, kind="seeks", text="Steuerberaterin")
    assert asked(network, anna) == ["Steuerberaterin"]
    add_topic(network, contact=anna, kind="seeks", text="ein Büro")
    assert asked(network, anna) == []
    close_topic(network, need)
    assert asked(network, anna) == ["ein Büro"]


def test_need_that_sleeps_fits_only_what_speaks_of_it(network: Network, anna: Contact) -> None:
    need = add_topic(network, contact=anna, kind="seeks", text="Steuerberaterin")
    network.topics.filter(pk=need.pk).update(noted_on="2020-01-01")
    assert asked(network, anna) == []
    assert asked(network, anna, note="Steuerberater genannt") == ["Steuerberaterin"]


def test_introduction_fits_what_the_other_does_or_offers(network: Network, anna: Contact) -> None:
    for text in ("Steuerberaterin", "Gitarrenunterricht"):
        add_topic(network, contact=anna, kind="seeks", text=text)
    ben = add_contact(network, given_name="Ben", role="Steuerberater")
    clara = add_contact(network, given_name="Clara")
    add_topic(network, contact=clara, kind="offers", text="Gitarre")
    assert asked(network, anna, ben, kind="introduction") == ["Steuerberaterin"]
    assert asked(network, anna, clara, kind="introduction") == ["Gitarrenunterricht"]
    assert asked(network, anna, ben, clara) == []


def test_introduction_to_somebody_who_does_something_else_does_not_fit(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Steuerberaterin")
    ben = add_contact(network, given_name="Ben", role="Gärtner")
    deniz = add_contact(network, given_name="Deniz")
    assert asked(network, anna, ben, kind="introduction") == []
    assert asked(network, anna, deniz, kind="introduction") == ["Steuerberaterin"]


def test_entry_from_a_suggestion_fits_the_need_that_it_was_for(network: Network, anna: Contact) -> None:
    for text in ("Steuerberaterin", "Gitarrenunterricht"):
        add_topic(network, contact=anna, kind="seeks", text=text)
    (suggestion,) = make_round(network, network.today()).listed
    favour = log_it(network, suggestion)
    assert suggestion.signals[0].topic is not None
    assert needs_that_fit(network, favour, [anna]) == [suggestion.signals[0].topic]


def test_needs_of_others_and_settled_ones_are_not_asked_about(
    network: Network, stranger_network: Network, anna: Contact
) -> None:
    close_topic(network, add_topic(network, contact=anna, kind="seeks", text="Steuerberaterin"))
    add_topic(network, contact=add_contact(network, given_name="Ben"), kind="seeks", text="Büro")
    add_topic(stranger_network, contact=add_contact(stranger_network, given_name="Eva"), kind="seeks", text="Büro")
    assert asked(network, anna) == []
