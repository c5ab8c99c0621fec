"""The guard itself: seen to bite, seen to let pass."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from contacts.models import Contact, Network
from tests.isolation.guard import UnscopedSelectError


def unscoped(request):
    return HttpResponse(str(list(Contact.objects.all())))


def scoped(request):
    return HttpResponse(str(list(request.network.contacts.all())))


urlpatterns = [path("unscoped/", unscoped), path("scoped/", scoped)]


@pytest.mark.urls("tests.isolation.test_guard")
def test_page_that_names_no_network_fails(alice_client: Client, network: Network) -> None:
    with pytest.raises(UnscopedSelectError):
        alice_client.get("/unscoped/")


@pytest.mark.urls("tests.isolation.test_guard")
def test_page_that_names_its_network_passes(alice_client: Client, network: Network) -> None:
    assert alice_client.get("/scoped/").status_code == 200
