"""Whoever attacks is signed in: as Alice, who may use the admin site too, with one row of every kind."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from tests.browser.conftest import base_url, browser_type_launch_args  # noqa: F401 - the same Chromium
from tests.conftest import make_member


@pytest.fixture
def alice(db: None) -> User:
    """Alice, who may tidy up her network and operates the instance, so that every page opens to her."""
    member = make_member("alice@example.org", name="Alice", is_staff=True, is_superuser=True)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member
