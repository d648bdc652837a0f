# SPDX-License-Identifier: Apache-2.0
"""Control numbers: one sequence for every file that leaves, so that an answer names one file and no other."""
from __future__ import annotations

from django.db.models import Max

from openinfusion.exchange.models import ControlNumber

EVERYBODY = "*"


def next_control() -> int:
    """The next interchange number: locked, so that none repeats, whoever receives the file."""
    used = ControlNumber.objects.aggregate(last=Max("last"))["last"] or 0
    ControlNumber.objects.get_or_create(receiver=EVERYBODY, defaults={"last": used})
    row = ControlNumber.objects.select_for_update(of=("self",)).get(receiver=EVERYBODY)
    row.last += 1
    row.save(update_fields=["last"])
    return int(row.last)
