"""URLs of the people pages, under /contacts/."""

from django.urls import URLPattern, path

from contacts.views import (
    calendar,
    circles,
    conversations,
    duplicates,
    imports,
    people,
    person,
    photos,
    relations,
    reminders,
    topics,
)

app_name = "contacts"

urlpatterns: list[URLPattern] = [
    # All contacts
    path("", people.people, name="list"),
    path("options/", people.options, name="people_options"),
    path("add/", people.add, name="add"),
    path("bulk/", people.bulk, name="bulk"),
    path("mentions/", person.mentions, name="mentions"),
    path("undo/archive/<int:instant>/", people.undo, {"act": "archive"}, name="undo_archive"),
    path("undo/delete/<int:instant>/", people.undo, {"act": "delete"}, name="undo_delete"),
    # Circles
    path("circles/", circles.circles, name="circles"),
    path("circles/<uuid:uuid>/", circles.circle, name="circle"),
    path("circles/<uuid:uuid>/name/", circles.rename, name="rename_circle"),
    path("circles/<uuid:uuid>/add/", circles.add_people, name="add_to_circle"),
    path("circles/<uuid:uuid>/remove/", circles.remove_people, name="remove_from_circle"),
    path("circles/<uuid:uuid>/delete/", circles.delete, name="delete_circle"),
    # Conversations
    path("conversations/add/", conversations.add, name="add_conversation"),
    path("conversations/<uuid:uuid>/", conversations.edit, name="edit_conversation"),
    path("conversations/<uuid:uuid>/delete/", conversations.delete, name="delete_conversation"),
    path("conversations/<uuid:uuid>/restore/", conversations.restore, name="restore_conversation"),
    # Duplicates
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/certain/", duplicates.merge_certain, name="merge_certain"),
    path("duplicates/<uuid:uuid>/", duplicates.duplicate, name="duplicate"),
    path("duplicates/<uuid:uuid>/reopen/", duplicates.reopen_duplicate, name="reopen_duplicate"),
    path("merges/<uuid:batch>/undo/", duplicates.undo_merge, name="undo_merge"),
    # Import
    path("import/", imports.imports, name="imports"),
    path("import/<uuid:uuid>/", imports.import_run, name="import_run"),
    path("import/<uuid:uuid>/columns/", imports.columns, name="import_columns"),
    path("import/<uuid:uuid>/reading/", imports.read_differently, name="import_reading"),
    path("import/<uuid:uuid>/news/", imports.take_news, name="import_news"),
    path("import/<uuid:uuid>/confirm/", imports.confirm, name="import_confirm"),
    path("import/<uuid:uuid>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<uuid:uuid>/undo/", imports.undo, name="import_undo"),
    path("import/<uuid:uuid>/retry/", imports.retry, name="import_retry"),
    path("import/<uuid:uuid>/people/", imports.would_call, name="import_people"),
    # What people seek and offer
    path("offers/", topics.own, {"kind": "offers"}, name="own_offers"),
    path("asks/", topics.own, {"kind": "seeks"}, name="own_asks"),
    path("lines/<uuid:uuid>/", topics.edit, name="edit_topic"),
    path("lines/<uuid:uuid>/renew/", topics.act, {"act": "renew"}, name="renew_topic"),
    path("lines/<uuid:uuid>/close/", topics.act, {"act": "close"}, name="close_topic"),
    path("lines/<uuid:uuid>/reopen/", topics.act, {"act": "reopen"}, name="reopen_topic"),
    path("lines/<uuid:uuid>/delete/", topics.act, {"act": "delete"}, name="delete_topic"),
    path("lines/<uuid:uuid>/restore/", topics.restore, name="restore_topic"),
    # Reminders
    path("reminders/<uuid:uuid>/done/", reminders.act, {"act": "done"}, name="finish_reminder"),
    path("reminders/<uuid:uuid>/stop/", reminders.act, {"act": "stop"}, name="stop_reminder"),
    path("reminders/<uuid:uuid>/undo/", reminders.act, {"act": "undo"}, name="undo_reminder"),
    # Pictures and the calendar
    path("photos/<uuid:uuid>/", photos.photo, name="photo"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar.ics", calendar.feed, name="calendar_feed"),
    # One contact
    path("<uuid:uuid>/", person.detail, name="detail"),
    path("<uuid:uuid>/edit/", person.edit, name="edit"),
    path("<uuid:uuid>/lines/", topics.add, name="add_topic"),
    path("<uuid:uuid>/reminders/", reminders.add, name="add_reminder"),
    path("<uuid:uuid>/keep-in-touch/", reminders.keep_in_touch, name="keep_in_touch"),
    path("<uuid:uuid>/related/", relations.add, name="add_relation"),
    path("<uuid:uuid>/related/<uuid:relation>/remove/", relations.remove, name="remove_relation"),
    path("<uuid:uuid>/photo/", photos.change, name="change_photo"),
    path("<uuid:uuid>/photo/remove/", photos.remove, name="remove_photo"),
    path("<uuid:uuid>/talked-today/", person.talked_today, name="talked_today"),
    path("<uuid:uuid>/archive/", person.archive, name="archive"),
    path("<uuid:uuid>/unarchive/", person.unarchive, name="unarchive"),
    path("<uuid:uuid>/delete/", person.delete, name="delete"),
    path("<uuid:uuid>/erase/", person.erase, name="erase"),
    path("<uuid:uuid>/merge/", duplicates.merge_with, name="merge_with"),
]
