"""A contact, the ways to reach it, and the words that find it in a search."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models.network import Owned, owner_key

LONGEST_SHORT_NUMBER = 6
"""Maximum digits of a number that is dialled as it is, such as 116117."""


class PresentManager(models.Manager["Contact"]):
    """Manager for contacts that are not in the trash, the only ones that pages show."""

    def get_queryset(self) -> models.QuerySet[Contact]:
        return super().get_queryset().filter(deleted_at=None)


class Contact(Owned):
    """A person or organisation that the member knows.

    `display_name` is the name on pages; `sort_name` is its folded form, by which lists are ordered. A birthday may lack
    the year. `last_contact_on` is the day of the latest help, in either direction, or conversation; it says nothing
    about who helped whom. `text_revision` is the network's revision at the last change to the contact's texts.
    `deleted_at` is set while the contact is in the trash.
    """

    network = owner_key("contacts")
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    additional_names = models.CharField(_("additional names"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    prefix = models.CharField(_("form of address"), max_length=100, blank=True)
    suffix = models.CharField(_("suffix"), max_length=100, blank=True)
    display_name = models.CharField(_("name"), max_length=400)
    sort_name = models.CharField(max_length=400, editable=False)
    nickname = models.CharField(_("nickname"), max_length=200, blank=True)
    is_organisation = models.BooleanField(_("is an organisation"), default=False)
    organisation = models.CharField(_("organisation"), max_length=300, blank=True)
    department = models.CharField(_("department"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[MinValueValidator(1800), MaxValueValidator(2200)]
    )
    birth_month = models.PositiveSmallIntegerField(_("month of birth"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("day of birth"), null=True, blank=True)
    how_met = models.CharField(_("how we met"), max_length=500, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    connected_on = models.DateField(_("connected on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=100_000)
    would_call = models.BooleanField(_("I would simply call them"), default=False)
    has_died = models.BooleanField(_("has died"), default=False)
    extra_properties = models.JSONField(default=list, blank=True, editable=False)
    last_contact_on = models.DateField(null=True, blank=True, editable=False)
    text_revision = models.BigIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    picture: UUID | None
    """The identifier of the photo, only on contacts returned by `contacts.people.photos.with_pictures()`."""

    objects = PresentManager()
    with_trash: models.Manager[Contact] = models.Manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                name="contact_birthday_is_whole",
                condition=Q(birth_month=None, birth_day=None, birth_year=None)
                | Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
            ),
        ]
        indexes = [
            models.Index(fields=["network", "sort_name", "id"], condition=Q(deleted_at=None), name="contact_by_name"),
            models.Index(
                fields=["network", "-last_contact_on"], condition=Q(deleted_at=None), name="contact_by_last_contact"
            ),
            models.Index(
                fields=["network", "birth_month", "birth_day"],
                condition=Q(deleted_at=None, birth_month__isnull=False),
                name="contact_by_birthday",
            ),
            models.Index(fields=["network", "text_revision"], name="contact_by_text_revision"),
            models.Index(
                fields=["network", "deleted_at"], condition=Q(deleted_at__isnull=False), name="contact_in_trash"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("contacts:detail", args=[self.uuid])

    @property
    def detail(self) -> str:
        """Role, organisation and city, as far as known, to distinguish people with the same name."""
        return ", ".join(part for part in (self.role, self.organisation, self.city) if part)

    def clean(self) -> None:
        super().clean()
        if self.birth_month is not None and self.birth_day is not None:
            try:
                # A birthday without a year may fall on 29 February, so check it against a leap year.
                date(self.birth_year or 2000, self.birth_month, self.birth_day)
            except ValueError:
                raise ValidationError({"birth_day": _("There is no such day. Check the day and the month.")}) from None
        elif self.birth_month or self.birth_day or self.birth_year:
            raise ValidationError({"birth_day": _("A birthday needs a day and a month; the year may be left out.")})


class WayToReach(Owned):
    """An e-mail address, phone number, link or postal address of a contact.

    `normalised` is the value by which ways are compared: the address in lower case, the number in E.164 if it parses,
    the link without scheme, "www." and final slash. `parts` are the seven components of a vCard's ADR, for postal
    addresses only.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        LINK = "link", _("Link")
        ADDRESS = "address", _("Address")

    network = owner_key("ways_to_reach")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="ways")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    label = models.CharField(_("label"), max_length=100, blank=True)
    value = models.CharField(_("value"), max_length=1000)
    normalised = models.CharField(max_length=1000, editable=False)
    parts = models.JSONField(default=list, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("way to reach")
        verbose_name_plural = _("ways to reach")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="way_has_kind", condition=Q(kind__in=["email", "phone", "link", "address"])),
        ]
        indexes = [
            models.Index(
                fields=["network", "kind", "normalised"], condition=~Q(kind="address"), name="way_by_normalised"
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def is_web_address(self) -> bool:
        """Whether the value can safely be used as a link: http(s) with a host.

        Messenger addresses are shown as text only.
        """
        try:
            parts = urlsplit(self.value)
        except ValueError:
            return False
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and " " not in self.value

    @property
    def href(self) -> str:
        """The URL (mailto, tel, http or https) for a link to this way; empty if there is no safe one."""
        if self.kind == self.Kind.EMAIL and "@" in self.normalised:
            return f"mailto:{quote(self.value, safe='@')}"
        is_short = self.normalised.isdecimal() and len(self.normalised) <= LONGEST_SHORT_NUMBER
        if self.kind == self.Kind.PHONE and (self.normalised.startswith("+") or is_short):
            return f"tel:{self.normalised.replace('x', ';ext=')}"
        return self.value if self.kind == self.Kind.LINK and self.is_web_address else ""

    @property
    def message_href(self) -> str:
        """The URL for a link that texts a phone number; empty for numbers with an extension and for all other kinds."""
        is_number = self.kind == self.Kind.PHONE and self.normalised.startswith("+") and "x" not in self.normalised
        return f"sms:{self.normalised}" if is_number else ""


class SearchWord(Owned):
    """A folded word by which a contact is found; `is_name` marks words that queries of one or two letters search.

    The database enforces no foreign keys to the network and the contact, because each would slow imports down by a
    tenth. Instead, code that adds words locks the contacts first (contacts/people/search.py), and code that removes
    contacts locks them before deleting anything that belongs to them (contacts/erasing/contacts.py). The doctor looks
    for words without a contact.
    """

    # A contact has some twenty words, so every index here slows imports down: the primary key also serves the contact.
    pk = models.CompositePrimaryKey("contact", "word")
    network = owner_key("search_words", db_constraint=False)
    contact = models.ForeignKey(
        Contact, models.CASCADE, db_index=False, db_constraint=False, related_name="search_words"
    )
    word = models.CharField(max_length=64)
    is_name = models.BooleanField()

    uuid = None  # type: ignore[assignment]
    created_at = None  # type: ignore[assignment]

    class Meta:
        indexes = [
            # The operator classes let PostgreSQL use the index for prefixes under any collation; SQLite ignores them.
            models.Index(
                fields=["network", "word", "contact"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                name="search_word",
            ),
            models.Index(
                fields=["network", "word", "contact"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                condition=Q(is_name=True),
                name="search_name_word",
            ),
        ]

    def __str__(self) -> str:
        return self.word
