from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Connect the receivers, and register lookups, texts that mention people, and restorers of exports."""
        import contacts.database.lookups
        import contacts.erasing.mentions
        import contacts.receivers
        import contacts.transfer.restoring  # noqa: F401 - all of them register what they hold
