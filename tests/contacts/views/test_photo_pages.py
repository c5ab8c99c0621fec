"""Uploading, showing and removing a contact's picture."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Network, Photo
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.photos import set_photo
from tests.contacts.pictures import picture


@pytest.fixture
def anna(network: Network) -> Contact:
    """One of Alice's contacts."""
    return add_contact(network, given_name="Anna", family_name="Berg")


def change(contact: Contact) -> str:
    return reverse("contacts:change_photo", args=[contact.uuid])


def upload(client: Client, contact: Contact, data: bytes, name: str = "me.png") -> int:
    return client.post(change(contact), {"picture": SimpleUploadedFile(name, data)}).status_code


def address(photo: Photo) -> str:
    return reverse("contacts:photo", args=[photo.uuid])


def test_upload_keeps_a_small_jpeg_and_shows_it(alice_client: Client, network: Network, anna: Contact) -> None:
    assert upload(alice_client, anna, picture((900, 700))) == 302
    photo = network.photos.get()
    assert Image.open(BytesIO(photo.content)).size == (320, 320)
    for page in (anna.get_absolute_url(), change(anna)):
        assert alice_client.get(page).text.count(f'src="{address(photo)}"') == 1


def test_picture_is_served_as_nothing_but_a_picture(alice_client: Client, network: Network, anna: Contact) -> None:
    photo = set_photo(network, anna, picture())
    response = alice_client.get(address(photo))
    assert (response.status_code, response.content) == (200, photo.content)
    assert {name: response.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=604800, immutable",
    }


def test_new_picture_replaces_the_old_one_under_a_new_address(
    alice_client: Client, network: Network, anna: Contact
) -> None:
    before = set_photo(network, anna, picture())
    upload(alice_client, anna, picture((50, 50)))
    assert network.photos.get().uuid != before.uuid
    assert alice_client.get(address(before)).status_code == 404


@pytest.mark.parametrize("data", [b"no picture", b"<svg onload='alert(1)'/>", b"GIF89a"])
def test_upload_of_anything_else_is_refused(alice_client: Client, network: Network, anna: Contact, data: bytes) -> None:
    kept = set_photo(network, anna, picture())
    assert upload(alice_client, anna, data) == 422
    assert alice_client.post(change(anna)).status_code == 422
    assert network.photos.get() == kept


def test_picture_is_removed(alice_client: Client, network: Network, anna: Contact) -> None:
    set_photo(network, anna, picture())
    alice_client.post(reverse("contacts:remove_photo", args=[anna.uuid]))
    assert not network.photos.exists()
    assert ">AB</span>" in alice_client.get(anna.get_absolute_url()).text


def test_picture_shows_to_nobody_else_and_goes_with_the_contact(
    alice_client: Client, mallory_client: Client, client: Client, network: Network, anna: Contact
) -> None:
    photo = set_photo(network, anna, picture())
    assert mallory_client.get(address(photo)).status_code == 404
    assert upload(mallory_client, anna, picture()) == 404
    assert client.get(address(photo)).status_code == 302
    trash_contacts(network, [anna])
    assert alice_client.get(address(photo)).status_code == 404
    erase_contacts(network, [anna])
    assert not Photo.objects.exists()


def test_picture_costs_four_queries(
    alice_client: Client, network: Network, anna: Contact, django_assert_num_queries: object
) -> None:
    photo = set_photo(network, anna, picture())
    with django_assert_num_queries(4):  # type: ignore[operator]
        alice_client.get(address(photo))
