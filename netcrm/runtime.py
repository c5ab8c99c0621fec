"""The runtime folder of an embedded instance: a short path for the broker's socket and the list of processes."""

import hashlib
import os
import tempfile
from pathlib import Path

# The kernel keeps a socket's address in 108 bytes on Linux and in 104 on macOS, a closing zero included.
LONGEST_SOCKET_PATH = 103


def default_runtime_dir(data_dir: Path) -> Path:
    """Return the runtime folder that belongs to `data_dir`: the same for every process of that instance.

    It lies beside the data folder and not in it, because a data folder's path may be too long for a socket and its
    file system may know none.
    """
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"netcrm-{os.getuid()}-{digest}"


def broker_socket(runtime_dir: Path) -> Path:
    """Return the address of the embedded broker."""
    return runtime_dir / "broker.sock"
