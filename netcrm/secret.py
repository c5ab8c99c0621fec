"""The secret key of an embedded instance, created once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def stored_secret(data_dir: Path) -> str:
    """Return the secret key kept in `data_dir`; the first call creates the folder and the key.

    If several processes start at once, one of them creates the file and the others read it. Raises OSError if the
    folder can't be written.
    """
    path = data_dir / "secret_key"
    try:
        return _read(path)
    except FileNotFoundError:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # No other user may read the data in it.
    draft = data_dir / f"secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())  # After a power cut, an empty key would keep the instance from starting.
    try:
        # A link instead of a rename: it fails if another process was faster, and never exposes a half-written file.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    return path.read_text().strip()
