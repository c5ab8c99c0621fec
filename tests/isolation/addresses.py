"""Access rules for every URL of the application, by name.

A new URL fails tests/isolation/test_stranger.py until it is listed here, either among the doors, which ask for a fresh
confirmation (accounts/signing_in/doors.py), or among the harmless ones. For a URL that identifies a row, the entry says
which of Alice's belongings (tests/isolation/rows.py) fills its parameters; for a stranger, each must be a 404.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.isolation.rows import Belongings

Arguments = Callable[[Belongings], dict[str, Any]]

# Visible to everybody, signed in or not. The content of each is tested with the feature it belongs to.
PUBLIC = {
    "accounts:join",
    "accounts:request-sign-in-link",
    "accounts:sign-in-by-link",
    "accounts:sign-in-link-sent",
    "favours:letter_link",
    "favours:letter_unsubscribe",
    "contacts:calendar_feed",
    "health",
    "health_of",
}

# Pages of allauth, shown to anyone who has the link or the session; they are tested in tests/accounts/.
SIGN_IN_DOORS = {
    "account_email",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
SIGN_IN = SIGN_IN_DOORS | {
    "account_change_password",  # Asks for the current password itself.
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_index",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "usersessions_list",
}

# The member's own pages, without a row in the URL: the same URL shows all members their own data.
OWN_DOORS = {
    "accounts:erase",
    "accounts:invitations",
    "contacts:calendar",
    "favours:export",
}
OWN = OWN_DOORS | {
    "accounts:end-session",
    "accounts:mails",
    "accounts:sessions",
    "accounts:settings",
    "contacts:add",
    "contacts:add_conversation",
    "contacts:bulk",
    "contacts:circles",
    "contacts:duplicates",
    "contacts:imports",
    "contacts:list",
    "contacts:mentions",
    "contacts:merge_certain",
    "contacts:own_asks",
    "contacts:own_offers",
    "contacts:people_options",
    "favours:ask_add",
    "favours:import",
    "favours:journal",
    "favours:letter",
    "favours:letter_now",
    "favours:letter_preview",
    "favours:log",
    "favours:network",
    "favours:received",
    "favours:sample",
    "favours:storage",
    "favours:suggestions",
    "favours:tip",
    "favours:tip_keep",
    "favours:today",
    "favours:trash",
}


def row(name: str, parameter: str = "uuid") -> Arguments:
    """Return a function that fills a URL's parameter with the UUID of one of Alice's belongings."""
    return lambda belongings: {parameter: getattr(belongings, name).uuid}


# URLs of a single row.
DOORS_OF_A_ROW: dict[str, Arguments] = {
    "favours:export_file": row("export"),
    "favours:export_written": row("export"),
}
OF_A_ROW: dict[str, Arguments] = DOORS_OF_A_ROW | {
    "accounts:mail": row("mail", "mail_uuid"),
    "accounts:mail_frame": row("mail", "mail_uuid"),
    "accounts:revoke-invitation": row("invitation", "invitation_uuid"),
    "contacts:add_topic": row("contact"),
    "contacts:add_relation": row("contact"),
    "contacts:add_reminder": row("contact"),
    "contacts:add_to_circle": row("circle"),
    "contacts:archive": row("contact"),
    "contacts:change_photo": row("contact"),
    "contacts:circle": row("circle"),
    "contacts:close_topic": row("topic"),
    "contacts:delete": row("contact"),
    "contacts:delete_circle": row("circle"),
    "contacts:delete_conversation": row("conversation"),
    "contacts:delete_topic": row("topic"),
    "contacts:detail": row("contact"),
    "contacts:duplicate": row("pair"),
    "contacts:edit": row("contact"),
    "contacts:edit_conversation": row("conversation"),
    "contacts:edit_topic": row("topic"),
    "contacts:erase": row("trashed_contact"),
    "contacts:finish_reminder": row("reminder"),
    "contacts:import_cancel": row("import_run"),
    "contacts:import_columns": row("import_run"),
    "contacts:import_confirm": row("import_run"),
    "contacts:import_news": row("import_run"),
    "contacts:import_people": row("import_run"),
    "contacts:import_reading": row("import_run"),
    "contacts:import_retry": row("import_run"),
    "contacts:import_run": row("import_run"),
    "contacts:import_undo": row("import_run"),
    "contacts:keep_in_touch": row("contact"),
    "contacts:merge_with": row("contact"),
    "contacts:photo": row("photo"),
    "contacts:remove_photo": row("contact"),
    "contacts:remove_relation": lambda belongings: {
        "uuid": belongings.contact.uuid,
        "relation": belongings.relation.uuid,
    },
    "contacts:remove_from_circle": row("circle"),
    "contacts:rename_circle": row("circle"),
    "contacts:renew_topic": row("topic"),
    "contacts:reopen_topic": row("topic"),
    "contacts:reopen_duplicate": row("pair"),
    "contacts:restore_conversation": row("conversation"),
    "contacts:restore_topic": row("topic"),
    "contacts:stop_reminder": row("reminder"),
    "contacts:talked_today": row("contact"),
    "contacts:unarchive": row("contact"),
    "contacts:undo_reminder": row("reminder"),
    "contacts:undo_merge": lambda belongings: {"batch": belongings.merge.batch},
    "favours:ask": row("ask"),
    "favours:delete": row("favour"),
    "favours:edit": row("favour"),
    "favours:moments": row("contact"),
    "favours:reminder_done": row("reminder"),
    "favours:reminder_later": row("reminder"),
    "favours:reminder_stop": row("reminder"),
    "favours:reminder_undo": row("reminder"),
    "favours:restore": row("favour"),
    "favours:restore_person": row("trashed_contact"),
    "favours:settle": row("topic"),
    "favours:suggestion": row("suggestion"),
    "favours:suggestion_answer": row("suggestion"),
    "favours:suggestion_asked": row("suggestion"),
    "favours:suggestion_log": row("suggestion"),
    "favours:suggestion_reopen": row("suggestion"),
    "favours:suggest_again": row("contact"),
    "favours:tip_passed": row("favour"),
    "favours:tip_remove": row("tip"),
    "favours:tip_undo": row("favour"),
}

# URLs whose parameter is a point in time or a month rather than a row.
OF_A_VALUE: dict[str, dict[str, Any]] = {
    "contacts:undo_archive": {"instant": 1},
    "contacts:undo_delete": {"instant": 1},
    "favours:network_month": {"month": datetime.date(2026, 5, 1)},
}


def named_patterns() -> Iterator[str]:
    """Yield the name of every URL that the resolver knows, with its namespace; the admin site has its own tests."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                    yield from walk(pattern.url_patterns, prefix)
            else:
                yield f"{namespace}{pattern.name}"

    return walk(get_resolver().url_patterns, "")


def own_addresses() -> list[str]:
    """Return the addresses that show each member their own data."""
    return [reverse(name) for name in sorted(OWN)] + [reverse(name, kwargs=OF_A_VALUE[name]) for name in OF_A_VALUE]


def all_addresses(belongings: Belongings) -> list[str]:
    """Return every address that requires a signed-in member."""
    return own_addresses() + [reverse(name, kwargs=arguments(belongings)) for name, arguments in OF_A_ROW.items()]


def doors(belongings: Belongings) -> list[str]:
    """Return every address that asks for a fresh confirmation."""
    keys = {"mfa_edit_webauthn": {"pk": 1}, "mfa_remove_webauthn": {"pk": 1}}
    of_a_row = [reverse(name, kwargs=arguments(belongings)) for name, arguments in DOORS_OF_A_ROW.items()]
    return [reverse(name, kwargs=keys.get(name)) for name in sorted(OWN_DOORS | SIGN_IN_DOORS)] + of_a_row
