"""The environment of a benchmark: a separate instance, removed at the end. Import this module before any model.

The database is PostgreSQL if NETCRM_TEST_DATABASE_URL names one, as under `python -m tests.servers`; otherwise SQLite.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

folder = Path(tempfile.mkdtemp(prefix="netcrm-bench-"))
atexit.register(shutil.rmtree, folder)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "netcrm.settings"
os.environ["NETCRM_SECRET_KEY"] = "only to load the settings"
os.environ["NETCRM_DATA"] = str(folder)
os.environ["DATABASE_URL"] = os.environ.get("NETCRM_TEST_DATABASE_URL", "")
django.setup()
