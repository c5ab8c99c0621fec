"""The giving and getting: Today, the quick log, the journal and the network page."""

from django.urls import URLPattern, path

from favours.views import journal, quick_log, today, trash

app_name = "favours"

urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    # The quick log
    path("log/", quick_log.log, name="log"),
    path("log/received/", quick_log.received, name="received"),
    path("log/settled/<uuid:uuid>/", quick_log.settle, name="settle"),
    # The journal
    path("favours/", journal.journal, name="journal"),
    path("favours/trash/", trash.trash, name="trash"),
    path("favours/trash/<uuid:uuid>/restore-person/", trash.restore_person, name="restore_person"),
    path("favours/with/<uuid:uuid>/", journal.with_contact, name="moments"),
    path("favours/<uuid:uuid>/", journal.edit, name="edit"),
    path("favours/<uuid:uuid>/delete/", journal.delete, name="delete"),
    path("favours/<uuid:uuid>/restore/", journal.restore, name="restore"),
]
