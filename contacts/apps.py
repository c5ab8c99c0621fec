from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Let netcrm's own exports be taken back in."""
        import contacts.restoring  # noqa: F401 - registers what it restores
