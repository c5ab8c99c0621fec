"""The command line as used from a shell."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_command_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)  # As `head` does after enough lines.
    try:
        finished = subprocess.run(
            [sys.executable, "manage.py", "diffsettings"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "NETCRM_DATA": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (finished.returncode, finished.stderr) == (141, "")
