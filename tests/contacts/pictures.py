"""Pictures for tests, made on the spot."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(size: tuple[int, int] = (400, 300), file_format: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture of two colours, as a file: red above, blue below."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    output = BytesIO()
    image.save(output, file_format, **options)
    return output.getvalue()
