"""Archives written piece by piece, so that memory stays bounded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Generator, Iterable


class _Pieces(io.RawIOBase):
    """A file that collects the bytes written to it until they are taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """Returns True."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Adds the bytes and returns their number."""
        self._held += data
        return len(data)

    def take(self) -> bytes:
        """Returns the bytes written since the last call."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def archive_of(name: str, texts: Iterable[str], files: Iterable[tuple[str, bytes]]) -> Generator[bytes]:
    """Yields a ZIP archive of one text file, given piece by piece, and of further files, given by path.

    The further files are stored uncompressed, because pictures are already compressed.
    """
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w") as text_file:
            for text in texts:
                text_file.write(text.encode())
                yield pieces.take()
        for path, content in files:
            archive.writestr(path, content, zipfile.ZIP_STORED)
            yield pieces.take()
    yield pieces.take()
