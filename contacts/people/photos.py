"""Photos of contacts: a small, harmless picture made of whatever arrives; set, removed, shown beside names."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from contacts.models import Contact, Network, Photo

SIDE = 320
"""Pixels of the longest edge of a finished picture, which is a square."""
QUALITY = 82
MEDIA_TYPE = "image/jpeg"

MEBIBYTE = 1024 * 1024
MAX_BYTES = 10 * MEBIBYTE
MAX_PIXELS = 32_000_000
MAX_PIXELS_OF_PROGRESSIVE = 16_000_000
MAX_PIXELS_OF_WHOLE = {"PNG": 12_000_000, "GIF": 12_000_000, "BMP": 12_000_000, "WEBP": 9_000_000}
"""What is larger is not decoded, so that no picture takes more than 100 MB: a few kilobytes may hold a huge white one.

Cameras write plain JPEGs, which are decoded at a fraction of their size. A progressive one takes six bytes a pixel, the
other formats are decoded as a whole and take four for each copy.
"""

READABLE = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
AVERAGED = {"L", "RGB", "RGBA", "LA", "CMYK"}
FACES = (0.5, 0.4)
"""Where the square is cut out of a longer picture: a little above the middle."""

PICTURE = "picture"
"""The name of what with_pictures() adds to a contact; the model declares its type."""


class UnusablePictureError(Exception):
    """No picture can be made of it; ``reason`` says why and what to do, for the member."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def finished(data: bytes) -> bytes:
    """A square JPEG of at most 320 pixels, with nothing in it but the picture: no EXIF, no place, no comment.

    One that was made here already comes back byte for byte, so that an export that is read again changes nothing.
    Raises UnusablePictureError.
    """
    if len(data) > MAX_BYTES:
        raise UnusablePictureError(
            format_lazy(_("The picture is larger than {limit} MB."), limit=MAX_BYTES // MEBIBYTE)
        )
    try:
        with Image.open(BytesIO(data), formats=READABLE) as image:
            if image.width * image.height > _most_pixels(image):
                raise UnusablePictureError(_("The picture has too many pixels. Save it smaller, then try again."))
            if _is_finished(image):
                image.load()
                return data
            return _made_of(image)
    except UnusablePictureError:
        raise
    except Exception as problem:  # A damaged file makes the decoders raise nearly anything.
        raise UnusablePictureError(
            _("This is no picture that can be read. Take a JPEG, PNG, WebP or GIF.")
        ) from problem


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


def _is_finished(image: Image.Image) -> bool:
    """Whether a picture is of our own making: a small square, and no segment that could carry anything else."""
    segments = getattr(image, "applist", [("", b"")])
    is_plain = image.format == "JPEG" and image.mode == "RGB" and all(name == "APP0" for name, _data in segments)
    return is_plain and image.width == image.height <= SIDE


def _most_pixels(image: Image.Image) -> int:
    if image.format == "JPEG":
        return MAX_PIXELS_OF_PROGRESSIVE if "progressive" in image.info else MAX_PIXELS
    return MAX_PIXELS_OF_WHOLE.get(image.format or "", 0)


def _made_of(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # A JPEG is decoded at a fraction of its size.
    ImageOps.exif_transpose(image, in_place=True)
    factor = min(image.size) // (2 * SIDE)
    # Copies of a small picture cost nothing; one with a palette cannot be averaged before it has colours.
    coloured = image if image.mode in AVERAGED else image.convert("RGBA" if image.has_transparency_data else "RGB")
    small = coloured.reduce(factor) if factor > 1 else coloured
    side = min(SIDE, *small.size)
    square = ImageOps.fit(_opaque(small), (side, side), Image.Resampling.LANCZOS, centering=FACES)
    output = BytesIO()
    Image.frombytes("RGB", square.size, square.tobytes()).save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in red, green and blue; what is transparent turns white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
