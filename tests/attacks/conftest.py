"""The attacker is signed in as Alice, who may also use the admin site and owns one row of every kind."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from tests.browser.conftest import base_url, browser_type_launch_args  # noqa: F401 - the same Chromium
from tests.conftest import make_member


@pytest.fixture
def alice(db: None) -> User:
    """Alice, who tidies up her network and also operates the instance, so that every page is open to her."""
    member = make_member("alice@example.org", name="Alice", is_staff=True, is_superuser=True)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member
