"""The people in the tests. Alice is the member a test is about; Mallory must never see or change her rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.utils import translation

from accounts.models import User
from contacts.middleware import NetworkMiddleware, network_of
from contacts.models import Network
from tests.isolation.guard import refuse_unscoped
from tests.isolation.rows import Belongings, plant
from tests.open_reads import no_write_while_reading
from tests.signed_in import signed_in


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, deselect tests that can't depend on it: those without a database or marked `any_database`."""
    if connection.vendor == "sqlite":
        return
    left_out = [item for item in items if item.get_closest_marker("any_database") or not uses_database(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def uses_database(item: pytest.Item) -> bool:
    """Return whether pytest-django lets the test use the database."""
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(fixtures))


@pytest.fixture(autouse=True, scope="session")
def static_files_as_they_lie() -> Iterator[None]:
    """Refer to static files by their original names and keep WhiteNoise from scanning; no test needs collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, WHITENOISE_AUTOREFRESH=True):
        yield


def make_member(email: str, **fields: object) -> User:
    """Create and return a member without a password, for `force_login`: hashing one would cost each test 20 ms."""
    member = User(email=email, **fields)
    member.set_unusable_password()
    member.save()
    return member


@pytest.fixture(autouse=True)
def tenant_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails any test in which a page reads owned rows without naming a network."""
    unguarded = NetworkMiddleware.__call__

    def guarded(middleware: NetworkMiddleware, request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(refuse_unscoped):
            return unguarded(middleware, request)

    monkeypatch.setattr(NetworkMiddleware, "__call__", guarded)


@pytest.fixture(autouse=True)
def reading_guard() -> Iterator[None]:
    """Fails any test that writes while rows are still being read on the same connection."""
    with no_write_while_reading():
        yield


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Switches back to English after a test whose member uses a different language."""
    yield
    translation.deactivate()


@pytest.fixture
def data_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """The test's own data folder, which also receives the mails because there is no mail server."""
    settings.DATA_DIR = tmp_path
    settings.MAIL_SERVER = None
    return tmp_path


@pytest.fixture
def alice(db: None) -> User:
    """The member the test is about. Sees her own network and nothing else."""
    return make_member("alice@example.org", name="Alice")


@pytest.fixture
def mallory(db: None) -> User:
    """A stranger with an account of her own. Must see and change nothing of Alice's."""
    return make_member("mallory@example.org", name="Mallory")


@pytest.fixture
def network(alice: User) -> Network:
    """Alice's network."""
    return network_of(alice)


@pytest.fixture
def belongings(network: Network) -> Belongings:
    """One row of every kind, all Alice's."""
    return plant(network)


@pytest.fixture
def stranger_network(mallory: User) -> Network:
    """Mallory's network."""
    return network_of(mallory)


@pytest.fixture
def alice_client(alice: User) -> Client:
    """A browser in which Alice is signed in and has just confirmed her identity."""
    return signed_in(alice)


@pytest.fixture
def mallory_client(mallory: User) -> Client:
    """A browser in which Mallory is signed in and has just confirmed her identity."""
    return signed_in(mallory)
