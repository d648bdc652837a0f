# SPDX-License-Identifier: Apache-2.0
"""The pre-delivery call: what the patient is asked, and what in the answers must go to a pharmacist first."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said on the call. ``spoke_with`` is the person who answered, ``relation`` theirs to the patient."""

    spoke_with: str
    relation: str
    doses_on_hand: int
    doses_missed: int
    missed_why: str
    changes: str
    side_effects: str
    is_address_right: bool
    consents: bool
    need_by: date
    instructions: str = ""


def flags(a: Answers) -> tuple[str, ...]:
    """What a pharmacist should hear of before the delivery leaves, in words."""
    found = []
    if a.changes.strip():
        found.append(f"change reported: {a.changes.strip()}")
    if a.side_effects.strip():
        found.append(f"side effects reported: {a.side_effects.strip()}")
    if a.doses_missed:
        why = f" ({a.missed_why.strip()})" if a.missed_why.strip() else ""
        found.append(f"{a.doses_missed} doses missed{why}")
    if a.doses_on_hand > 2:
        found.append(f"{a.doses_on_hand} doses still on hand")
    return tuple(found)


def against_delivery(a: Answers) -> Iterator[Reason]:
    """What on the call forbids the delivery: no auto-shipping, no consent, wrong address."""
    if not a.consents:
        yield Reason("no-consent", "the patient did not agree to this delivery", "call again")
    if not a.is_address_right:
        yield Reason("address-wrong", "the address was said to be wrong", "correct it on the chart, then call again")
    if not a.spoke_with.strip():
        yield Reason("nobody-answered", "the person spoken to is not named")
