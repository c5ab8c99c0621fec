"""What texts mean, as numbers: computed from them, and recomputed at any time."""

from __future__ import annotations

from django.db import models

from contacts.models.network import Owned, owner_key


class TextVector(Owned):
    """The row of a text that tips are matched against, once however often the text occurs; see contacts/meaning.

    `key` is a hash of the text, `side` says whether it is a need or may answer one, `version` which engines made the
    row. The primary key tells the engine process which rows it has not seen yet.
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
