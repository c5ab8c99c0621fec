"""Where the messages of one request wait for the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class BoundCookieStorage(CookieStorage):
    """A cookie that under https is bound to this very host, as all others are."""

    cookie_name = "__Host-messages" if settings.SERVED_BY_HTTPS else "messages"


class MessageStorage(FallbackStorage):
    """The cookie, and the session for what doesn't fit."""

    storage_classes = (BoundCookieStorage, SessionStorage)
