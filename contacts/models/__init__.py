"""The people in a member's network, and everything known about them apart from help."""

from contacts.models.calendar import CalendarFeed
from contacts.models.circle import Circle, CircleMembership
from contacts.models.contact import Contact, SearchWord, WayToReach
from contacts.models.conversation import Conversation, ConversationParticipation
from contacts.models.duplicate import DuplicatePair
from contacts.models.importing import ImportChange, ImportRow, ImportRun, ImportSource, StoredFile
from contacts.models.leased import Leased
from contacts.models.meaning import TextVector
from contacts.models.merge import Merge
from contacts.models.network import Network, Owned, owner_key
from contacts.models.photo import Photo
from contacts.models.relation import Relation
from contacts.models.reminder import Reminder
from contacts.models.topic import Topic

__all__ = [
    "CalendarFeed",
    "Circle",
    "CircleMembership",
    "Contact",
    "Conversation",
    "ConversationParticipation",
    "DuplicatePair",
    "ImportChange",
    "ImportRow",
    "ImportRun",
    "ImportSource",
    "Leased",
    "Merge",
    "Network",
    "Owned",
    "Photo",
    "Relation",
    "Reminder",
    "SearchWord",
    "StoredFile",
    "TextVector",
    "Topic",
    "WayToReach",
    "owner_key",
]
