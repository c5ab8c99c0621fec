"""Members who can really sign in, and the outbox as Django's mail backend."""

import pytest

from accounts.hashers import OwaspArgon2PasswordHasher
from accounts.members import create_member
from accounts.models import OutgoingMail
from tests.passwords import PASSWORD
from tests.signed_in import signed_in


@pytest.fixture
def outbox(db, settings):
    """The queued mails, as a queryset."""
    settings.EMAIL_BACKEND = "accounts.mail.outbox.OutboxBackend"
    return OutgoingMail.objects.all()


@pytest.fixture
def mailed(outbox, settings):
    """The queued mails, on an instance with a mail server."""
    settings.MAIL_SERVER = {"host": "mail.example.org"}
    return outbox


@pytest.fixture
def quick_hashes(monkeypatch):
    """Fast password hashing, for tests that check hundreds of passwords."""
    monkeypatch.setattr(OwaspArgon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(OwaspArgon2PasswordHasher, "time_cost", 1)


@pytest.fixture
def hashed(monkeypatch):
    """The hash operations performed so far."""
    done = []
    for name in ("encode", "verify"):
        original = getattr(OwaspArgon2PasswordHasher, name)

        def counted(self, *args, original=original, **kwargs):
            done.append(original.__name__)
            return original(self, *args, **kwargs)

        monkeypatch.setattr(OwaspArgon2PasswordHasher, name, counted)
    return done


@pytest.fixture
def anna(db):
    """A member with a password and a verified address."""
    return create_member("anna@example.org", PASSWORD, name="Anna")


@pytest.fixture
def anna_client(anna, client):
    """A browser in which Anna has just signed in and confirmed her password."""
    client.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def operator(db):
    """The member who runs the instance."""
    return create_member("operator@example.org", PASSWORD, name="Olga", operator=True)


@pytest.fixture
def operator_client(operator):
    """A browser in which the operator is signed in and has just confirmed their identity."""
    return signed_in(operator)
