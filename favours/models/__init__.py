"""Giving and receiving: logged acts of help, whole-network summaries, and tips kept for later."""

from favours.models.export import Export
from favours.models.favour import Favour, Participation
from favours.models.letter import LetterSettings, UsedLink
from favours.models.suggestion import Round, Signal, Suggestion
from favours.models.summary import Summary
from favours.models.tip import TipBoxItem

__all__ = [
    "Export",
    "Favour",
    "LetterSettings",
    "Participation",
    "Round",
    "Signal",
    "Suggestion",
    "Summary",
    "TipBoxItem",
    "UsedLink",
]
