from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FavoursConfig(AppConfig):
    name = "favours"
    verbose_name = _("Giving and getting")

    def ready(self) -> None:
        """Listen to changes of the people and of the member."""
        import favours.digest.timing
        import favours.people
        import favours.restoring
        import favours.sample
        import favours.suggestions.records
        import favours.summaries  # noqa: F401 - connect their receivers
