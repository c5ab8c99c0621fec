"""The meanings of texts as numbers, which can be recomputed from the texts at any time."""

from __future__ import annotations

from django.db import models

from contacts.models.network import Owned, owner_key


class TextVector(Owned):
    """The row of a text that tips are matched against, once however often the text occurs; see contacts/meaning.

    `key` is a hash of the text, `side` says whether it is a need or may answer one, and `version` names the engines
    that made the row. By the primary key, the rows that the engine process does not have yet are found.
    """

    class Side(models.TextChoices):
        ASKED = "asked"
        TOLD = "told"

    network = owner_key("text_vectors")
    key = models.BigIntegerField()
    side = models.CharField(max_length=5, choices=Side.choices)
    version = models.CharField(max_length=100)
    row = models.BinaryField()

    uuid = None  # type: ignore[assignment]
    created_at = None  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "side", "key", "version"], name="text_vector_once"),
        ]
        indexes = [models.Index(fields=["network", "version", "id"], name="text_vector_by_age")]

    def __str__(self) -> str:
        return f"{self.side} {self.key}"
