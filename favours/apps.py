from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FavoursConfig(AppConfig):
    name = "favours"
    verbose_name = _("Giving and getting")

    def ready(self) -> None:
        """Import the modules that register receivers, contact-day sources, member-written texts and restore steps."""
        import favours.journal.mentions
        import favours.journal.participants
        import favours.receivers
        import favours.transfer.restoring
        import favours.transfer.suggestions  # noqa: F401 - all of them register what they hold
