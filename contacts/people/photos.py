"""Photos of contacts: turning uploads into small, safe pictures, and setting, removing and showing them."""

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
"""Maximum side length of a finished picture, which is square, in pixels."""
QUALITY = 82
MEDIA_TYPE = "image/jpeg"

MEBIBYTE = 1024 * 1024
MAX_BYTES = 10 * MEBIBYTE
MAX_PIXELS = 32_000_000
MAX_PIXELS_OF_PROGRESSIVE = 16_000_000
MAX_PIXELS_OF_WHOLE = {"PNG": 12_000_000, "GIF": 12_000_000, "BMP": 12_000_000, "WEBP": 9_000_000}
"""Maximum pixels per format: larger pictures are not decoded, because a few kilobytes may hold a huge white one.

The limits keep decoding below 100 MB. Cameras write plain JPEGs, which are decoded at a fraction of their size.
Progressive ones take six bytes per pixel; the other formats are decoded as a whole and take four bytes per pixel and
copy.
"""

FEWEST_PIXELS = 20_000
"""Number of pixels that take as long to decode as opening and writing a picture; no picture costs less."""

READABLE = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
AVERAGED = {"L", "RGB", "RGBA", "LA", "CMYK"}
FACES = (0.5, 0.4)
"""Centre of the square that is cropped from a picture, as fractions of the sides: slightly above the middle."""

PICTURE = "picture"
"""The name of the attribute that `with_pictures()` adds to a contact; the model declares its type."""


class UnusablePictureError(Exception):
    """The data cannot be made into a picture; `reason` tells the member why, and what to do."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def cost_of(data: bytes) -> int:
    """Return the cost of decoding a picture, in pixels, without decoding it; plain JPEGs cost an eighth of theirs."""
    try:
        with Image.open(BytesIO(data), formats=READABLE) as image:
            pixels = image.width * image.height
            if pixels > _most_pixels(image):
                return FEWEST_PIXELS  # It will be refused.
            is_plain_jpeg = image.format == "JPEG" and "progressive" not in image.info
            return FEWEST_PIXELS + (pixels // 8 if is_plain_jpeg else pixels)
    except Exception:  # noqa: BLE001 - decoders raise almost anything on damaged files
        return FEWEST_PIXELS


def finished(data: bytes, *, most_pixels: int = MAX_PIXELS) -> bytes:
    """Return a square JPEG of at most 320 pixels a side, without any metadata: no EXIF, no location, no comment.

    A picture that was made by this function is returned byte for byte, so that reimporting an export changes nothing.
    Raises UnusablePictureError, also for one of more pixels than its format may have, or than `most_pixels`.
    """
    if len(data) > MAX_BYTES:
        raise UnusablePictureError(
            format_lazy(_("The picture is larger than {limit} MB."), limit=MAX_BYTES // MEBIBYTE)
        )
    try:
        with Image.open(BytesIO(data), formats=READABLE) as image:
            if image.width * image.height > min(most_pixels, _most_pixels(image)):
                raise UnusablePictureError(_("The picture has too many pixels. Save it smaller, then try again."))
            if _is_finished(image):
                image.load()
                return data
            return _made_of(image)
    except UnusablePictureError:
        raise
    except Exception as problem:  # Decoders raise almost anything on damaged files.
        raise UnusablePictureError(
            _("This is no picture that can be read. Take a JPEG, PNG, WebP or GIF.")
        ) from problem


@transaction.atomic
def set_photo(network: Network, contact: Contact, data: bytes) -> Photo:
    """Make `data` the contact's picture, replacing any other. Raises UnusablePictureError."""
    photo = Photo(network=network, contact=contact, content=finished(data))
    network.lock_contacts([contact.pk])
    remove_photo(network, contact)
    photo.full_clean()
    photo.save()
    return photo


def remove_photo(network: Network, contact: Contact) -> None:
    """Delete the contact's picture, if there is one."""
    network.photos.filter(contact=contact).delete()


def add_photos(network: Network, contents: Mapping[int, bytes]) -> list[Photo]:
    """Add a first picture to contacts, given by primary key; `contents` must come from `finished()`."""
    photos = [Photo(network=network, contact_id=pk, content=content) for pk, content in contents.items()]
    for photo in photos:
        photo.full_clean(exclude=["network", "contact"], validate_unique=False, validate_constraints=False)
    return network.photos.bulk_create(photos, batch_size=100)


def with_pictures(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Annotate the contacts with `picture`, the identifier of their photo or None, without an extra query."""
    pictures = {PICTURE: F("photo__uuid")}
    return contacts.annotate(**pictures)


def _is_finished(image: Image.Image) -> bool:
    """Return whether a picture was made by `finished()`: a small square JPEG without segments for metadata."""
    segments = getattr(image, "applist", [("", b"")])
    is_plain = image.format == "JPEG" and image.mode == "RGB" and all(name == "APP0" for name, _data in segments)
    return is_plain and image.width == image.height <= SIDE


def _most_pixels(image: Image.Image) -> int:
    if image.format == "JPEG":
        return MAX_PIXELS_OF_PROGRESSIVE if "progressive" in image.info else MAX_PIXELS
    return MAX_PIXELS_OF_WHOLE.get(image.format or "", 0)


def _made_of(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # Decode a JPEG at a fraction of its size.
    ImageOps.exif_transpose(image, in_place=True)
    factor = min(image.size) // (2 * SIDE)
    # Copies of a small picture cost nothing. A palette has to be converted to colours before it can be averaged.
    coloured = image if image.mode in AVERAGED else image.convert("RGBA" if image.has_transparency_data else "RGB")
    small = coloured.reduce(factor) if factor > 1 else coloured
    side = min(SIDE, *small.size)
    square = ImageOps.fit(_opaque(small), (side, side), Image.Resampling.LANCZOS, centering=FACES)
    output = BytesIO()
    Image.frombytes("RGB", square.size, square.tobytes()).save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, with white in place of transparency."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
