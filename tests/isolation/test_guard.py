"""The guard itself: the statements that it rejects and those that it lets through."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from tests.isolation.guard import UnscopedSelectError


def unscoped(request):
    return HttpResponse(str(list(Contact.objects.all())))


def scoped(request):
    return HttpResponse(str(list(request.network.contacts.all())))


def unscoped_deletion(request):
    return HttpResponse(str(Contact.objects.filter(city="Graz").delete()))


def scoped_deletion(request):
    return HttpResponse(str(request.network.contacts.filter(city="Graz").delete()))


urlpatterns = [
    path("unscoped/", unscoped),
    path("scoped/", scoped),
    path("unscoped-deletion/", unscoped_deletion),
    path("scoped-deletion/", scoped_deletion),
]


@pytest.mark.urls("tests.isolation.test_guard")
@pytest.mark.parametrize("address", ["/unscoped/", "/unscoped-deletion/"])
def test_page_that_names_no_network_fails(alice_client: Client, network: Network, address: str) -> None:
    add_contact(network, given_name="Anna", city="Graz")
    with pytest.raises(UnscopedSelectError):
        alice_client.get(address)


@pytest.mark.urls("tests.isolation.test_guard")
@pytest.mark.parametrize("address", ["/scoped/", "/scoped-deletion/"])
def test_page_that_names_its_network_passes(alice_client: Client, network: Network, address: str) -> None:
    add_contact(network, given_name="Anna", city="Graz")
    assert alice_client.get(address).status_code == 200
