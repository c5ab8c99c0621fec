"""The environment of a test run, set before Django reads its settings (pytest loads this via `-p`, see pyproject.toml).

Each run has its own data folder, so that concurrent runs don't interfere, and never touches the instance that the
shell's environment points to.
"""

import os
import shutil
import tempfile

import hypothesis
import pytest

FIXTURES_PER_TEST = hypothesis.HealthCheck.function_scoped_fixture

for name in [name for name in os.environ if name.startswith("NETCRM_") and not name.startswith("NETCRM_TEST_")]:
    del os.environ[name]
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
    if given := os.environ.get(f"NETCRM_TEST_{name}"):  # Set by tests/servers.py.
        os.environ[name] = given

# How long an example takes depends on what else the machine does, and examples undo what they write. `make fuzz` tries
# twenty times as many.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[FIXTURES_PER_TEST])
hypothesis.settings.register_profile("fuzz", hypothesis.settings.get_profile("suite"), max_examples=2000)
hypothesis.settings.load_profile("suite")

os.environ["NETCRM_MEANING"] = "off"  # Tests that need it switch it on, most with an engine of a few words.
os.environ["NETCRM_SECRET_KEY"] = "the secret of tests"
os.environ["NETCRM_DATA"] = tempfile.mkdtemp(prefix="netcrm-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["NETCRM_DATA"], ignore_errors=True)
