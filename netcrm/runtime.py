"""The runtime folder of an embedded instance, for the broker's socket and the list of processes."""

import hashlib
import os
import tempfile
from pathlib import Path

# The kernel stores the path of a socket in 108 bytes on Linux and 104 on macOS, including a final zero.
LONGEST_SOCKET_PATH = 103


def default_runtime_dir(data_dir: Path) -> Path:
    """Return the runtime folder of `data_dir`, the same for every process of that instance.

    It isn't inside the data folder, whose path may be too long for a socket and whose file system may not support
    sockets.
    """
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"netcrm-{os.getuid()}-{digest}"


def broker_socket(runtime_dir: Path) -> Path:
    """Return the path of the embedded broker's socket."""
    return runtime_dir / "broker.sock"


def meaning_socket(runtime_dir: Path) -> Path:
    """Return the path of the engine process's socket."""
    return runtime_dir / "meaning.sock"
