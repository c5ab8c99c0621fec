"""An app's receivers are connected in every process, even without system checks and in `manage.py restore`."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.processes.instance import TREE, clean_environment, manage

RESTORERS = "circles conversations favours lines passed_on photos relations reminders rounds sources tips verdicts"

LIST = """
import json, django
django.setup()
from django.db.models import signals
from contacts import signals as of_people
heard = {}
named = {"post_save": signals.post_save, "pre_delete": signals.pre_delete} | {
    name: each for name, each in vars(of_people).items() if isinstance(each, signals.Signal)
}
for name, signal in named.items():
    for _key, reference, *_rest in signal.receivers:
        receiver = reference()
        module = getattr(receiver, "__module__", "")
        if module.split(".")[0] in ("accounts", "contacts", "favours", "netcrm"):
            heard.setdefault(name, []).append(f"{module}.{receiver.__name__}")
from contacts.importing.restorers import _restorers
from contacts.people.contact_days import _day_sources
heard["days"] = [source.__name__ for source in _day_sources]
print(json.dumps({name: sorted(found) for name, found in heard.items()} | {"restorers": " ".join(sorted(_restorers))}))
"""

EXPORTED = """
import django
django.setup()
from accounts.models import User
from contacts.erasing.contacts import erase_contacts
from contacts.people.directory import add_contact
from contacts.middleware import network_of
from favours.transfer.exports import request_export
network = network_of(User.objects.get(email="alice@example.org"))
{act}
"""


def python(environment: dict[str, str], code: str) -> str:
    """Run the code in a fresh Python process and return its output."""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=TREE,
        env={**environment, "DJANGO_SETTINGS_MODULE": "netcrm.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_fresh_process_hears_everything(data: Path) -> None:
    heard = json.loads(python(clean_environment(NETCRM_DATA=str(data)), LIST))
    assert heard == {
        "post_save": [
            "contacts.receivers.ask_for_meaning",  # for contacts
            "contacts.receivers.ask_for_meaning",  # for topics
            "favours.receivers.end_day_with_zone",
            "favours.receivers.move_letter_with_zone",
            "favours.receivers.start_letters",
        ],
        "pre_delete": ["contacts.receivers.hold_contacts", "contacts.receivers.remember_network"],
        "contacts_erasing": [
            "contacts.receivers.forget_what_their_texts_mean",
            "favours.receivers.drop_exports",
            "favours.receivers.empty_entries",
            "favours.receivers.erase_tips",
            "favours.receivers.mark_changed",
        ],
        "contacts_erased": [
            "contacts.receivers.give_up_waiting_uploads",
            "favours.receivers.forget_in_tips",
            "favours.receivers.write_letters_anew",
        ],
        "import_undoing": ["favours.receivers.erase_entries", "favours.receivers.forget_round"],
        "network_changed": ["favours.receivers.follow_change"],
        "days": ["_latest_conversations", "latest_help"],
        "restorers": RESTORERS,
    }


def test_restored_export_files_lose_the_erased(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    made = manage(environment, "create_member", "alice@example.org", "--password-stdin", text="a long enough phrase\n")
    assert made.returncode == 0, made.stderr
    write = 'add_contact(network, given_name="Wilhelmina", family_name="Quastenflosser")\n' + "\n".join(
        f'request_export(network, file_format="{name}")' for name in ("json", "vcard4", "csv")
    )
    python(environment, EXPORTED.format(act=write))
    backup = tmp_path / "backup.sqlite3"
    assert manage(environment, "backup", str(backup)).returncode == 0
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT count(*) FROM contacts_storedfile").fetchone() == (3,)
    python(environment, EXPORTED.format(act="erase_contacts(network, network.contacts.all())"))

    restored = manage(environment, "restore", str(backup), "--replace")
    told = restored.stdout.splitlines()
    assert (restored.returncode, told[0]) == (0, f"Restored from {backup}. Erased again: 1."), restored.stderr
    assert told[1].startswith("What was there is kept as ")
    with closing(sqlite3.connect(data / "netcrm.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM contacts_storedfile").fetchone() == (0,)
    for path in data.glob("netcrm.sqlite3*"):
        assert b"Quastenflosser" not in path.read_bytes(), path.name
