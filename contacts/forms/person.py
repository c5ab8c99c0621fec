"""Adding a person with just a name, and editing everything about one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from contacts.cards import LENGTHS, Way
from contacts.models import Circle, Contact, Network, WayToReach
from contacts.people.directory import add_contact, edit_contact
from contacts.people.names import compose_name, split_name
from contacts.people.ways import check_way, region_of, web_address

MAX_WAYS = 200
MAX_NEW_CIRCLES = 50
EMPTY_ROWS = 2
SEPARATORS = re.compile("[;,\r\n]+")


def circle_names(text: str) -> list[str]:
    """Return the names of circles in a typed text, separated by commas or semicolons."""
    return [name.strip() for name in SEPARATORS.split(text) if name.strip()]


class CircleNamesField(forms.Field):
    """Names of new circles, separated by commas or semicolons."""

    def to_python(self, value: Any) -> list[str]:
        longest = LENGTHS["circles"]
        text = str(value or "")
        names = circle_names(text[: MAX_NEW_CIRCLES * longest])
        if len(names) > MAX_NEW_CIRCLES or len(text) > MAX_NEW_CIRCLES * longest:
            raise ValidationError(
                _("At most %(count)s new circles at once. Add the others afterwards."),
                params={"count": MAX_NEW_CIRCLES},
            )
        if any(len(name) > longest for name in names):
            raise ValidationError(_("A circle's name has at most %(limit)s characters."), params={"limit": longest})
        return names


class NewPersonForm(forms.Form):
    """A new person. The name is enough; everything else is optional."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(
        label=_("E-mail"),
        max_length=LENGTHS["email"],
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=LENGTHS["phone"],
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=LENGTHS["organisation"], required=False)
    role = forms.CharField(label=_("Role"), max_length=LENGTHS["role"], required=False)
    city = forms.CharField(label=_("City"), max_length=LENGTHS["city"], required=False)
    how_met = forms.CharField(label=_("How we met"), max_length=LENGTHS["how_met"], required=False)
    circles = CircleNamesField(label=_("Circles"), required=False, help_text=_("Several with commas between them."))

    def __init__(self, data: QueryDict | None = None, *, network: Network) -> None:
        super().__init__(data)
        self.network = network
        self.fields["name"].widget.attrs["autofocus"] = True

    def _clean_way(self, kind: str) -> str:
        value: str = self.cleaned_data[kind]
        if value:
            check_way(kind, value, region=region_of(self.network.owner))
        return value

    def clean_email(self) -> str:
        return self._clean_way("email")

    def clean_phone(self) -> str:
        return self._clean_way("phone")

    def save(self) -> Contact:
        """Add the person. Raises ValidationError."""
        data = self.cleaned_data
        details = {name: data[name] for name in ("organisation", "role", "city", "how_met")}
        return add_contact(
            self.network,
            ways=[Way("email", data["email"]), Way("phone", data["phone"])],
            circles=data["circles"],
            **(split_name(data["name"]).fields() | details),
        )


class PersonForm(forms.Form):
    """Everything about a contact except its ways to reach. An empty display name is composed from the parts."""

    # Django removes declared fields from the class, so the form's own `prefix` stays None.
    prefix = forms.CharField(label=_("Form of address"), max_length=LENGTHS["prefix"], required=False)  # type: ignore[assignment]
    given_name = forms.CharField(label=_("Given name"), max_length=LENGTHS["given_name"], required=False)
    additional_names = forms.CharField(
        label=_("Additional names"), max_length=LENGTHS["additional_names"], required=False
    )
    family_name = forms.CharField(label=_("Family name"), max_length=LENGTHS["family_name"], required=False)
    suffix = forms.CharField(label=_("Suffix"), max_length=LENGTHS["suffix"], required=False)
    nickname = forms.CharField(label=_("Nickname"), max_length=LENGTHS["nickname"], required=False)
    display_name = forms.CharField(
        label=_("Shown as"),
        max_length=LENGTHS["display_name"],
        required=False,
        help_text=_("Left empty, it is made of the names above."),
    )
    is_organisation = forms.BooleanField(label=_("This is an organisation"), required=False)

    organisation = forms.CharField(label=_("Organisation"), max_length=LENGTHS["organisation"], required=False)
    department = forms.CharField(label=_("Department"), max_length=LENGTHS["department"], required=False)
    role = forms.CharField(label=_("Role"), max_length=LENGTHS["role"], required=False)
    city = forms.CharField(label=_("City"), max_length=LENGTHS["city"], required=False)

    birth_day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31, required=False)
    birth_month = forms.TypedChoiceField(
        label=_("Month"), choices=[("", "–"), *MONTHS.items()], coerce=int, empty_value=None, required=False
    )
    birth_year = forms.IntegerField(label=_("Year, if known"), min_value=1800, max_value=2200, required=False)

    how_met = forms.CharField(label=_("How we met"), max_length=LENGTHS["how_met"], required=False)
    met_on = forms.DateField(
        label=_("Met on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    circles: forms.ModelMultipleChoiceField[Circle] = forms.ModelMultipleChoiceField(
        label=_("Circles"),
        queryset=None,
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_circles = CircleNamesField(
        label=_("New circles"), required=False, help_text=_("Several with commas between them.")
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=LENGTHS["notes"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown works: *emphasis*, lists, [links](https://example.org)."),
    )
    would_call = forms.BooleanField(label=_("I would simply call them"), required=False)
    has_died = forms.BooleanField(label=_("Has died"), required=False)

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        self.network, self.contact = network, contact
        own_circles = network.circles.filter(memberships__contact=contact)
        initial = {name: getattr(contact, name) for name in self.model_fields()}
        if initial["display_name"] == self._composed(initial):
            initial["display_name"] = ""
        super().__init__(data, initial=initial | {"circles": [circle.uuid for circle in own_circles]})
        circles = self.fields["circles"]
        assert isinstance(circles, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        circles.queryset = network.circles.all()

    @classmethod
    def model_fields(cls) -> list[str]:
        """Return the names of the fields that belong to the contact itself."""
        return [name for name in cls.base_fields if name not in ("circles", "new_circles")]

    @staticmethod
    def _composed(data: dict[str, Any]) -> str:
        parts = ("prefix", "given_name", "additional_names", "family_name", "suffix")
        return compose_name(**{part: data.get(part, "") for part in parts})

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not any(data.get(name) for name in ("display_name", "nickname", "organisation")) and not self._composed(
            data
        ):
            self.add_error("display_name", _("Somebody needs a name. Fill in one of the names."))
        return data

    def save(self, ways: list[Way]) -> Contact:
        """Store the changes together with the ways to reach. Raises ValidationError."""
        data = self.cleaned_data
        return edit_contact(
            self.network,
            self.contact,
            ways=ways,
            circles=[*(circle.name for circle in data["circles"]), *data["new_circles"]],
            **{name: data[name] for name in self.model_fields()},
        )


class WayForm(forms.Form):
    """One way to reach; a row without a value is ignored."""

    kind = forms.ChoiceField(label=_("Kind"), choices=WayToReach.Kind.choices)
    label = forms.CharField(
        label=_("Label"),
        max_length=LENGTHS["label"],
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("work, mobile, …"), "autocomplete": "off"}),
    )
    value = forms.CharField(
        label=_("Address or number"),
        max_length=LENGTHS["address"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind, value = data.get("kind", ""), data.get("value", "")
        if kind == WayToReach.Kind.LINK:
            value = data["value"] = web_address(value)
        # A value that came from a file is only checked once somebody changes it.
        if value and {"kind", "value"} & set(self.changed_data):
            try:
                check_way(kind, value, region=self.region)
            except ValidationError as problem:
                self.add_error("value", problem)
        return data

    @property
    def way(self) -> Way:
        data = self.cleaned_data
        return Way(data["kind"], data["value"], data["label"])


BaseWayFormSet = forms.formset_factory(
    WayForm, extra=EMPTY_ROWS, can_delete=True, max_num=MAX_WAYS, absolute_max=MAX_WAYS, validate_max=True
)


class WayFormSet(BaseWayFormSet):  # type: ignore[misc, valid-type]
    """The ways to reach of one contact, with some empty rows to fill in."""

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        rows = network.ways_to_reach.filter(contact=contact).values("kind", "label", "value")
        region = region_of(network.owner)
        super().__init__(data, initial=list(rows), prefix="ways", form_kwargs={"region": region})

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def ways(self) -> list[Way]:
        """Return the rows that have a value and are not to be deleted, in order."""
        kept = (form for form in self.forms if form not in self.deleted_forms)
        return [form.way for form in kept if form.cleaned_data.get("value")]
