from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FavoursConfig(AppConfig):
    name = "favours"
    verbose_name = _("Giving and getting")

    def ready(self) -> None:
        """Connect the receivers; make known days of help, what members write, and what brings exports back in."""
        import favours.journal.mentions
        import favours.journal.participants
        import favours.receivers
        import favours.transfer.restoring
        import favours.transfer.suggestions  # noqa: F401 - all of them register what they hold
