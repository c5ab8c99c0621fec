"""Pictures generated for tests."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(size: tuple[int, int] = (400, 300), file_format: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture of two colours as a file: red at the top, blue at the bottom."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    output = BytesIO()
    image.save(output, file_format, **options)
    return output.getvalue()
