# SPDX-License-Identifier: Apache-2.0
"""Files: bytes as they came, under a generated name, with their hash."""

from __future__ import annotations

from django.db import models

from openinfusion.platform.record import Record


class StoredFile(Record):
    """One stored document. Its bytes lie in the file store under the id; the name given by a person is only shown."""

    name = models.TextField()
    media_type = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored_by = models.UUIDField()

    def __str__(self) -> str:
        return self.name
