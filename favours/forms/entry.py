"""Forms for the quick log and the journal."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contacts.models import Conversation, Network, Topic
from contacts.people.picking import Picked, picked_people
from favours.journal.moments import CONVERSATION, NEWS, Filter, people_of
from favours.journal.quick_log import log_heard, log_help
from favours.journal.writing import Entry, edit_favour
from favours.models import Favour
from favours.tips.asks import add_ask

HEARD = "heard"
ASK = "ask"
MODES = [
    (Favour.Direction.GIVE.value, pgettext_lazy("a tab", "I helped")),
    (Favour.Direction.RECEIVE.value, pgettext_lazy("a tab", "I was helped")),
    (HEARD, pgettext_lazy("a tab", "Heard")),
    (ASK, pgettext_lazy("a tab", "I am looking for")),
]
"""The modes of the quick log, short enough in each language to fit next to each other on a phone."""
QUESTIONS = {
    Favour.Direction.GIVE.value: _("Whom did you help?"),
    Favour.Direction.RECEIVE.value: _("Who helped you?"),
    HEARD: _("From whom, or about whom?"),
}
FIRST_QUESTION = {Favour.Direction.GIVE.value: _("Whom did you help last?")}
PREFILLED = frozenset({"mode", "text", "note", "day", "place", "passes_on"})


class DayInput(forms.DateInput):
    """A date in the ISO format that browsers' date inputs expect, whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeopleForm(forms.Form):
    """A form with the people picker, whose input is read by contacts/people/picking.py instead of a form field.

    If `is_first` is true, the questions are worded for a member's first entry.
    """

    is_first = False

    def __init__(self, data: QueryDict | None = None, *, network: Network, **options: Any) -> None:
        super().__init__(data, **options)
        self.network = network
        self.picked = Picked() if data is None else picked_people(network, data)
        self.people_errors = list(self.picked.errors)

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        if not self.picked.errors and not self.picked.contacts and not self.picked.new_names:
            self.people_errors.append(gettext("Name at least one person."))
        return fields

    def is_valid(self) -> bool:
        return super().is_valid() and not self.people_errors

    def refuse(self, refusal: ValidationError) -> None:
        """Show each error of the domain layer at the field that it names, or else at the people picker."""
        problems = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, messages in problems.items():
            if name in self.fields:
                self.add_error(name, messages)
            else:
                self.people_errors.extend(messages)

    @property
    def question(self) -> SafeString:
        """The picker's question for each mode; the style sheet shows the one for the selected mode."""
        questions = QUESTIONS | FIRST_QUESTION if self.is_first else QUESTIONS
        return format_html_join(" ", '<span class="for-{}">{}</span>', questions.items())


class QuickLogForm(PeopleForm):
    """The quick log in its modes. `kind` and `heard` are the values of the buttons that save.

    In the mode for asks, the form has no people.
    """

    mode = forms.ChoiceField(choices=MODES, widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=Favour.Kind.choices, required=False)
    heard = forms.ChoiceField(choices=[("seeks", ""), ("offers", ""), ("news", "")], required=False)
    text = forms.CharField(label=_("What did you hear?"), max_length=500, required=False)
    day = forms.DateField(label=_("Day"), widget=DayInput, required=False)
    place = forms.CharField(label=_("Place or occasion"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    passes_on: forms.ModelChoiceField[Favour] = forms.ModelChoiceField(None, to_field_name="uuid", required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    def __init__(self, data: QueryDict | None = None, *, network: Network, **options: Any) -> None:
        super().__init__(data, network=network, **options)
        self.fields["passes_on"].queryset = network.favours.filter(direction=Favour.Direction.RECEIVE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if fields.get("mode") == HEARD:
            if not fields.get("text"):
                self.add_error("text", _("Write down in a few words what you heard."))
            if len(self.picked.contacts) + len(self.picked.new_names) > 1:
                self.people_errors.append(gettext("What you heard belongs to one person: leave just one."))
        elif fields.get("mode") == ASK:
            self.people_errors.clear()
            if not fields.get("text"):
                self.add_error("text", _("Write down in a few words what you are looking for."))
        return fields

    def save(self) -> Favour | Conversation | Topic | None:
        """Log the entry. Return None if the domain layer rejects it; the form then shows why."""
        fields = self.cleaned_data
        try:
            if fields["mode"] == ASK:
                return add_ask(self.network, fields["text"])
            if fields["mode"] != HEARD:
                return log_help(self.network, self.entry(), self.picked)
            return log_heard(
                self.network,
                people=self.picked,
                kind=fields["heard"] or "seeks",
                text=fields["text"],
                day=fields["day"] or self.network.today(),
                place=fields["place"],
                client_key=fields["client_key"],
            )
        except ValidationError as refusal:
            self.refuse(refusal)
            return None

    def entry(self) -> Entry:
        """Return the entry to log, as entered in the form. It has no contacts yet; the people are in `picked`."""
        fields = self.cleaned_data
        return Entry(
            direction=fields["mode"],
            kind=fields["kind"] or Favour.Kind.TIP,
            day=fields["day"],
            place=fields["place"],
            note=fields["note"],
            passes_on=fields["passes_on"] if fields["mode"] == Favour.Direction.GIVE else None,
            client_key=fields["client_key"],
        )


def blank_quick_log(
    network: Network, *, mode: str = "", place: str = "", prefill: QueryDict | None = None
) -> QuickLogForm:
    """Return an empty quick log with a new client key. `prefill` holds people and texts to start with, as form data."""
    words = {name: str(text) for name, text in (prefill or QueryDict()).items() if name in PREFILLED}
    mode = words.pop("mode", mode)
    initial = {
        "mode": mode if mode in dict(MODES) else Favour.Direction.GIVE,
        "day": network.today(),
        "place": place,
        "client_key": uuid.uuid4(),
    }
    form = QuickLogForm(network=network, initial=initial | words)
    if prefill:
        form.picked = picked_people(network, prefill)
    return form


class FavourForm(PeopleForm):
    """A form that corrects a journal entry."""

    direction = forms.ChoiceField(choices=Favour.Direction.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=Favour.Kind.choices, label=_("Kind"))
    day = forms.DateField(label=_("Day"), widget=DayInput)
    place = forms.CharField(label=_("Place or occasion"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    passes_on: forms.ModelChoiceField[Favour] = forms.ModelChoiceField(None, to_field_name="uuid", required=False)

    def __init__(self, data: QueryDict | None = None, *, network: Network, favour: Favour) -> None:
        passed_on = favour.passes_on
        initial = {name: getattr(favour, name) for name in ("direction", "kind", "day", "place", "note")}
        initial["passes_on"] = passed_on.uuid if passed_on else None
        super().__init__(data, network=network, initial=initial)
        self.favour = favour
        self.fields["passes_on"].queryset = network.favours.filter(direction=Favour.Direction.RECEIVE)  # type: ignore[attr-defined]
        if data is None:
            self.picked = Picked(contacts=people_of(favour))

    def save(self) -> Favour | None:
        """Correct the entry. Return None if the domain layer rejects it; the form then shows why."""
        fields = self.cleaned_data
        try:
            with transaction.atomic():
                return edit_favour(
                    self.network,
                    self.favour,
                    contacts=self.picked.people(self.network, how_met=fields["place"]),
                    direction=fields["direction"],
                    kind=fields["kind"],
                    day=fields["day"],
                    place=fields["place"],
                    note=fields["note"],
                    passes_on=fields["passes_on"] if fields["direction"] == Favour.Direction.GIVE else None,
                )
        except ValidationError as refusal:
            self.refuse(refusal)
            return None


class JournalFilterForm(forms.Form):
    """The journal's filter. There is no filter by direction: combined with a person it would amount to a ledger."""

    q = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Everything")),
            *Favour.Kind.choices,
            (CONVERSATION, _("Conversations")),
            (NEWS, _("News")),
        ],
    )
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def filter(self) -> Filter:
        """Return the filter the form describes; a field with an invalid value is ignored."""
        self.is_valid()
        fields = self.cleaned_data
        return Filter(
            text=fields.get("q", ""),
            kind=fields.get("kind", ""),
            since=fields.get("since"),
            until=fields.get("until"),
        )

    @property
    def narrows(self) -> bool:
        """Whether the filter leaves anything out."""
        return self.filter() != Filter()
