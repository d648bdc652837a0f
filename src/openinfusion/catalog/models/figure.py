# SPDX-License-Identifier: Apache-2.0
"""What every row with a clinical or regulatory figure carries: where it comes from and who stands for it."""
from __future__ import annotations

from django.db import models

from openinfusion.kernel.standing import Source, Standing
from openinfusion.platform.models import Record, choice_field


class Figure(Record):
    """Base of sourced rows."""

    source = models.TextField()
    effective_from = models.DateField()
    status = choice_field(Standing)
    signed_by = models.UUIDField(null=True, editable=False)
    signed_name = models.TextField(default="", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        abstract = True

    def standing(self) -> Source:
        return Source(self.source, self.effective_from, Standing(self.status), self.signed_name)
