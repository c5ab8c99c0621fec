from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Make known the lookups, what happens when a network goes, and what brings netcrm's own exports back in."""
        import contacts.directory
        import contacts.lookups
        import contacts.restoring  # noqa: F401 - all of them register what they hold
