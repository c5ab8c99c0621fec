"""Creating reminders about a contact, or to keep in touch."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.calendar.reminders import keep_in_touch, remind_once, remind_yearly
from contacts.models import Contact, Network, Reminder

EARLIEST, LATEST = date(1800, 1, 1), date(2200, 12, 31)


class ReminderForm(forms.Form):
    """A reminder for one day, or for that day every year."""

    text = forms.CharField(
        label=_("What do you want to think of?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    yearly = forms.BooleanField(label=_("every year on this day"), required=False)

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        super().__init__(data, auto_id="reminder_%s")
        self.network, self.contact = network, contact

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("There is no such day. Check the year."))
        return day

    def save(self) -> Reminder:
        """Create the reminder. Raises ValidationError."""
        data = self.cleaned_data
        remind = remind_yearly if data["yearly"] else remind_once
        return remind(self.network, self.contact, text=data["text"], day=data["day"])


class KeepInTouchForm(forms.Form):
    """The form to choose how often to get in touch."""

    rhythm_days = forms.TypedChoiceField(
        label=_("Keep in touch"), choices=Reminder.Rhythm.choices, coerce=int, initial=Reminder.Rhythm.QUARTER
    )

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        super().__init__(data, auto_id="rhythm_%s")
        self.network, self.contact = network, contact

    def save(self) -> Reminder:
        """Create the reminder to keep in touch. Raises ValidationError."""
        return keep_in_touch(self.network, self.contact, rhythm_days=self.cleaned_data["rhythm_days"])
