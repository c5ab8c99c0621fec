"""Pictures inside contact files: decoding them and detecting their type, without ever opening them."""

from __future__ import annotations

import binascii
import re

SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)

NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
URL_SAFE = str.maketrans("-_", "+/")


def from_base64(text: str) -> bytes:
    """Returns the bytes that a base64 text encodes.

    The text may be folded, unpadded, truncated or URL-safe; characters that are not base64 digits are ignored.
    """
    digits = NOT_BASE64.sub("", text.translate(URL_SAFE))
    whole = len(digits) - (1 if len(digits) % 4 == 1 else 0)  # a lone last digit holds no whole byte
    return binascii.a2b_base64(digits[:whole] + "=" * (-whole % 4))


def media_type(data: bytes) -> str:
    """Returns the media type indicated by the first bytes, or an empty string if it is not a known kind of picture."""
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return "image/avif" if data[8:12] == b"avif" else "image/heic"
    return ""
