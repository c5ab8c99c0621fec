"""Recording what somebody seeks, offers or is interested in, or news about them."""

from __future__ import annotations

import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Conversation, Network, Topic
from contacts.people.conversations import hear
from contacts.people.topics import add_topic, change_topic

NEWS = "news"


class TopicForm(forms.Form):
    """A few words about a contact. Seeks, offers and news count as heard in a conversation today."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[*Topic.Kind.choices, (NEWS, _("news"))],
        initial=Topic.Kind.SEEKS,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    text = forms.CharField(
        label=_("In a few words"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4()}, auto_id="line_%s")
        self.network, self.contact = network, contact

    def save(self) -> Topic | Conversation:
        """Record the topic or news. Raises ValidationError."""
        data = self.cleaned_data
        if data["kind"] == Topic.Kind.INTEREST:
            return add_topic(self.network, contact=self.contact, kind=data["kind"], text=data["text"])
        return hear(
            self.network,
            contact=self.contact,
            kind=data["kind"],
            text=data["text"],
            day=self.network.today(),
            client_key=data["client_key"],
        )


class OwnTopicForm(forms.Form):
    """A form for something that the member can offer or is looking for, depending on its kind."""

    text = forms.CharField(max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: QueryDict | None = None, *, network: Network, kind: str) -> None:
        super().__init__(data)
        self.network, self.kind = network, kind
        self.fields["text"].label = (
            _("What are you looking for?") if kind == Topic.Kind.SEEKS else _("What can you offer?")
        )

    def save(self) -> Topic:
        """Record the offer or ask. Raises ValidationError."""
        return add_topic(self.network, contact=None, kind=self.kind, text=self.cleaned_data["text"])


class TopicTextForm(forms.Form):
    """The text of a topic, for rewording."""

    text = forms.CharField(label=_("In a few words"), max_length=500)

    def __init__(self, data: QueryDict | None = None, *, network: Network, topic: Topic) -> None:
        super().__init__(data, initial={"text": topic.text})
        self.network, self.topic = network, topic

    def save(self) -> Topic:
        """Reword the topic. Raises ValidationError."""
        return change_topic(self.network, self.topic, text=self.cleaned_data["text"])
