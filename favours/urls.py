"""Giving and receiving: Today, the quick log, the journal and the network page."""

from datetime import date

from django.urls import URLPattern, path, register_converter

from favours.views import (
    asks,
    journal,
    letters,
    network,
    quick_log,
    reminders,
    suggestions,
    tip,
    today,
    transfer,
    trash,
)


class MonthConverter:
    """A month in a URL, such as 2026-05; views get the first day of that month as a date."""

    regex = "(?:19|2[0-9])[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

app_name = "favours"

urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    # Who could use a tip
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/again/<uuid:uuid>/", suggestions.suggest_again, name="suggest_again"),
    path("suggestions/<uuid:uuid>/", suggestions.suggestion, name="suggestion"),
    path("suggestions/<uuid:uuid>/answer/", suggestions.answer, name="suggestion_answer"),
    path("suggestions/<uuid:uuid>/asked/", suggestions.asked, name="suggestion_asked"),
    path("suggestions/<uuid:uuid>/log/", suggestions.log_suggested, name="suggestion_log"),
    path("suggestions/<uuid:uuid>/reopen/", suggestions.reopen, name="suggestion_reopen"),
    # The quick log
    path("log/", quick_log.log, name="log"),
    path("log/received/", quick_log.received, name="received"),
    path("log/settled/<uuid:uuid>/", quick_log.settle, name="settle"),
    # Reminders on Today
    path("reminders/<uuid:uuid>/done/", reminders.act, {"act": "done"}, name="reminder_done"),
    path("reminders/<uuid:uuid>/later/", reminders.act, {"act": "later"}, name="reminder_later"),
    path("reminders/<uuid:uuid>/stop/", reminders.act, {"act": "stop"}, name="reminder_stop"),
    path("reminders/<uuid:uuid>/undo/", reminders.act, {"act": "undo"}, name="reminder_undo"),
    # The weekly letter, and its links
    path("letter/", letters.letter, name="letter"),
    path("letter/preview/", letters.preview, name="letter_preview"),
    path("letter/now/", letters.send_now, name="letter_now"),
    path("letter/unsubscribe/<str:token>/", letters.letter_unsubscribe, name="letter_unsubscribe"),
    path("letter/<slug:act>/<str:token>/", letters.letter_link, name="letter_link"),
    # The tip page
    path("tip/", tip.tip, name="tip"),
    path("tip/passed/<uuid:uuid>/", tip.passed, name="tip_passed"),
    path("tip/passed/<uuid:uuid>/undo/", tip.undo, name="tip_undo"),
    path("tip/asks/", asks.add, name="ask_add"),
    path("tip/asks/<uuid:uuid>/", asks.ask, name="ask"),
    path("tip/box/", tip.keep, name="tip_keep"),
    path("tip/box/<uuid:uuid>/remove/", tip.remove, name="tip_remove"),
    # The network page
    path("network/", network.network, name="network"),
    path("network/<month:month>/", network.network_month, name="network_month"),
    # The journal
    path("favours/", journal.journal, name="journal"),
    path("favours/import/", transfer.import_table, name="import"),
    path("favours/trash/", trash.trash, name="trash"),
    path("favours/trash/<uuid:uuid>/restore-person/", trash.restore_person, name="restore_person"),
    path("favours/with/<uuid:uuid>/", journal.with_contact, name="moments"),
    path("favours/<uuid:uuid>/", journal.edit, name="edit"),
    path("favours/<uuid:uuid>/delete/", journal.delete, name="delete"),
    path("favours/<uuid:uuid>/restore/", journal.restore, name="restore"),
    # Data in and out
    path("export/", transfer.export, name="export"),
    path("export/<uuid:uuid>/", transfer.export_written, name="export_written"),
    path("export/<uuid:uuid>/file/", transfer.export_file, name="export_file"),
    path("sample/", transfer.sample, name="sample"),
    path("settings/storage/", transfer.storage, name="storage"),
]
