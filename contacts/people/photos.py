"""The pictures of contacts: setting, removing, and showing them beside names."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, QuerySet

from contacts.models import Contact, Network, Photo
from contacts.people.pictures import finished

PICTURE = "picture"
"""The name of what with_pictures() adds to a contact; the model declares its type."""


@transaction.atomic
def set_photo(network: Network, contact: Contact, data: bytes) -> Photo:
    """Make `data` the contact's picture, in place of any other. Raises UnusablePictureError."""
    photo = Photo(network=network, contact=contact, content=finished(data))
    remove_photo(network, contact)
    photo.full_clean()
    photo.save()
    return photo


def remove_photo(network: Network, contact: Contact) -> None:
    """Remove the contact's picture for good, if there is one."""
    network.photos.filter(contact=contact).delete()


def add_photos(network: Network, contents: Mapping[int, bytes]) -> list[Photo]:
    """Give contacts, named by primary key, their first picture; `contents` are of contacts.pictures.finished()."""
    photos = [Photo(network=network, contact_id=pk, content=content) for pk, content in contents.items()]
    for photo in photos:
        photo.full_clean(exclude=["network", "contact"], validate_unique=False, validate_constraints=False)
    return network.photos.bulk_create(photos, batch_size=100)


def with_pictures(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """The contacts, each with `picture`: the identifier of its photo, or None. Without a query of its own."""
    pictures = {PICTURE: F("photo__uuid")}
    return contacts.annotate(**pictures)
