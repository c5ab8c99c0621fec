"""Members, invitations to become one, and outgoing mails."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is a time zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Pick one from the list."), params={"name": name})


def default_time_zone() -> str:
    """Return the instance's time zone, the default for a new member."""
    return str(settings.NETCRM_TIME_ZONE)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and return a member who signs in with `email`, stored in lower case. Raises ValidationError."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and return an operator of the instance. Raises ValidationError."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the member with this address, in any case. Raises User.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A member. `is_staff` lets them tidy up their own network on the admin site; `is_superuser` is the operator."""

    class Appearance(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    appearance = models.CharField(_("appearance"), max_length=8, choices=Appearance.choices, default=Appearance.SYSTEM)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the admin site"), default=False)
    date_joined = models.DateTimeField(_("member since"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the name, or the part of the address before the @."""
        return self.name or self.email.split("@")[0]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The member's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self, now: datetime | None = None) -> date:
        """Return the member's calendar date at `now` (aware; default: the current time)."""
        return (now or timezone.now()).astimezone(self.zone).date()


class Invitation(models.Model):
    """A single-use, expiring link that creates one member. Only the hash of its secret is stored; using it deletes it.

    `email` is the address that the link is bound to. It is empty for the set-up link of an instance without members,
    which creates the operator.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="invitations")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=models.Q(email=""), name="one_set_up_link"),
        ]

    def __str__(self) -> str:
        return self.email or str(self.uuid)

    @property
    def is_set_up(self) -> bool:
        """Whether this is the link that creates the first member."""
        return self.email == ""


class SignInLink(models.Model):
    """A mailed link that signs a member in once; see accounts/signing_in/links.py."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    password_version = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"


class TryCount(models.Model):
    """The number of tries within a limit's window; see accounts/signing_in/attempts.py."""

    limit = models.CharField(max_length=32)
    bucket = models.PositiveIntegerField()
    tries = models.PositiveSmallIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")
        constraints = [models.UniqueConstraint(fields=["limit", "bucket"], name="one_count_per_bucket")]

    def __str__(self) -> str:
        return f"{self.limit} {self.bucket}"


class OutgoingMail(models.Model):
    """One mail of the outbox, rendered once and kept until it is sent; see accounts/mail/outbox.py.

    `named` holds the UUIDs of the contacts that the mail names: erasing one of them empties the mail.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        RETRY = "retry", _("will be tried again")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("skipped")
        EXPIRED = "expired", _("expired")

    class Reason(models.TextChoices):
        """The reason why a mail was skipped or failed, if known. The mail server's own words are in `problem`."""

        PAUSE = "pause", _("holiday pause")
        SAMPLE = "sample", _("the sample network was here")
        NOBODY = "nobody", _("there was nobody to suggest")
        ERASED = "erased", _("somebody in it was erased")
        EMPTIED = "emptied", _("somebody in it was erased while it was being sent")
        CUT_OFF = "cut_off", _("each attempt was cut off")
        UNWRITTEN = "unwritten", _("it could not be written")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="outgoing_mails")
    purpose = models.CharField(_("purpose"), max_length=32)
    dedup_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField(blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    named = models.JSONField(default=list, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes = [
            # Without a condition: SQLite uses a partial index only if a query repeats its condition as literals.
            models.Index(fields=["state", "due_at"], name="mail_due"),
            models.Index(fields=["created_at"], condition=~models.Q(recipient=""), name="mail_to_wipe"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.uuid}"
