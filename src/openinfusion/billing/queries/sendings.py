# SPDX-License-Identifier: Apache-2.0
"""A claim as it went out each time, and what changed since the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.billing.models import ClaimSent
from openinfusion.kernel.money import Money

FREQUENCY = {"1": "original", "7": "replacement", "8": "void"}
_COMPARED = (
    "code",
    "modifiers",
    "units",
    "first_on",
    "last_on",
    "charge_cents",
    "ndc",
    "ndc_amount",
    "description",
    "authorization",
)


@dataclass(frozen=True, slots=True)
class Sending:
    """One time it was put into a file; ``changes`` against the time before, in words."""

    number: int
    kind: str
    control: str
    charge: Money
    at: datetime
    changes: tuple[str, ...]


def sendings_of(claim_id: UUID) -> tuple[Sending, ...]:
    """Every time, the newest first."""
    found: list[Sending] = []
    before: dict[str, dict[str, object]] = {}
    for r in ClaimSent.objects.filter(claim_id=claim_id).order_by("number"):
        lines = {str(x["control"]): x for x in r.lines}
        changes = _changes(before, lines) if before else ()
        kind = f"{FREQUENCY.get(r.frequency, r.frequency)}, {r.form}"
        found.append(Sending(r.number, kind, r.control, Money(r.charge_cents), r.queued_at, changes))
        before = lines
    return tuple(reversed(found))


def _changes(before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> tuple[str, ...]:
    told = [f"line {k} with {before[k]['code']} is gone" for k in before if k not in after]
    told += [f"line {k} with {after[k]['code']} is new" for k in after if k not in before]
    for k in after:
        if k in before:
            told += [
                f"{after[k]['code']}: {_word(name)} was {_shown(name, before[k].get(name))}, is "
                f"{_shown(name, after[k].get(name))}"
                for name in _COMPARED
                if before[k].get(name) != after[k].get(name)
            ]
    return tuple(told) or ("nothing",)


def _shown(name: str, value: object) -> str:
    if name == "charge_cents" and isinstance(value, int):
        return str(Money(value))
    return " ".join(map(str, value)) if isinstance(value, list) else str(value) if value not in (None, "") else "nothing"


def _word(name: str) -> str:
    return name.removesuffix("_cents").replace("_", " ")
