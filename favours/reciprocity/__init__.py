"""The reciprocity of a whole network: what moves in it, how widely, and whether it comes back from elsewhere.

docs/reciprocity.md defines every figure. No figure is about one person: the package counts in the database, returns
only figures of the whole network that pass the gate (gate.py), and keeps nothing per contact, not even in memory.
"""

from favours.reciprocity.figures import Closing, Figures, closing_figures, definition, network_figures
from favours.reciprocity.gate import WITHHELD, Gate, Withheld, is_withheld
from favours.reciprocity.window import Window, last_complete_month

__all__ = [
    "WITHHELD",
    "Closing",
    "Figures",
    "Gate",
    "Window",
    "Withheld",
    "closing_figures",
    "definition",
    "is_withheld",
    "last_complete_month",
    "network_figures",
]
