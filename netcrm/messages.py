"""Storage for the messages that one request leaves for the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class BoundCookieStorage(CookieStorage):
    """Stores messages in a cookie, which under HTTPS is bound to this host like all other cookies."""

    cookie_name = "__Host-messages" if settings.SERVED_BY_HTTPS else "messages"


class MessageStorage(FallbackStorage):
    """Stores messages in the cookie, and in the session if they don't fit."""

    storage_classes = (BoundCookieStorage, SessionStorage)
