"""The giving and getting: logged acts of help, and the summaries of the whole network."""

from favours.models.favour import Favour, Participation
from favours.models.summary import Summary

__all__ = ["Favour", "Participation", "Summary"]
