"""Any uploaded picture is turned into a small, safe one, or refused."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from contacts.models.photo import MAX_BYTES as MOST_STORED
from contacts.people.photos import MAX_BYTES, SIDE, UnusablePictureError, finished
from tests.contacts.pictures import picture


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def with_exif(**tags: object) -> bytes:
    """Return a JPEG with metadata about its place, its camera and its orientation."""
    exif = Image.Exif()
    exif[0x0112] = tags.get("orientation", 1)
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (50.0, 56.0, 0.0)
    return picture((400, 300), "JPEG", exif=exif, comment=b"SecretComment")


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few kilobytes that claims to have any given size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("size", [(400, 300), (300, 900), (40, 60), (1, 1)])
def test_finished_picture_is_a_small_square_jpeg(file_format: str, size: tuple[int, int]) -> None:
    image = opened(finished(picture(size, file_format)))
    side = min(SIDE, *size)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (side, side))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK"])
def test_finished_picture_has_plain_colours_whatever_came(mode: str) -> None:
    file_format = "JPEG" if mode == "CMYK" else "PNG"
    data = BytesIO()
    Image.new("RGB", (50, 50), "red").convert(mode).save(data, file_format)
    assert opened(finished(data.getvalue())).mode == "RGB"


def test_finished_picture_turns_what_is_transparent_white() -> None:
    data = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(data, "PNG")
    assert opened(finished(data.getvalue())).getpixel((25, 25)) == (255, 255, 255)


def test_finished_picture_tells_neither_place_nor_camera() -> None:
    came = with_exif()
    assert (b"SecretCamera" in came, b"SecretComment" in came, b"Exif" in came) == (True, True, True)
    made = finished(came)
    assert (b"Secret" in made, b"Exif" in made, dict(opened(made).getexif())) == (False, False, {})


def test_finished_picture_stands_upright() -> None:
    upside_down = opened(finished(with_exif(orientation=3)))
    red, _green, blue = upside_down.getpixel((150, 10))  # type: ignore[misc]
    assert blue > red


def test_finished_picture_comes_back_byte_for_byte() -> None:
    made = finished(picture((800, 600), "JPEG"))
    assert finished(made) == made
    assert len(made) < MOST_STORED


def test_small_square_with_exif_is_made_anew() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    assert b"SecretCamera" not in finished(picture((100, 100), "JPEG", exif=exif))


def test_noise_fits_into_the_database() -> None:
    data = BytesIO()
    Image.effect_noise((640, 640), 255).convert("RGB").save(data, "PNG")
    assert len(finished(data.getvalue())) < MOST_STORED


@pytest.mark.parametrize("size", [(6000, 6000), (30_000, 30_000), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_bombs_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UnusablePictureError):
        finished(bomb(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0",
        b"\xff\xd8\xff",
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnusablePictureError):
        finished(data)


@given(data=st.data(), file_format=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP"]))
def test_damaged_pictures_are_finished_or_refused(data: st.DataObject, file_format: str) -> None:
    damaged = bytearray(picture((60, 40), file_format))
    for _change in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    with suppress(UnusablePictureError):
        assert opened(finished(cut)).format == "JPEG"
