# SPDX-License-Identifier: Apache-2.0
"""A person's licences: one that was on record for a state and has expired stops work there.

Which states license or register technicians is not on file, so a licence that was never recorded stops nobody at the bench.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openinfusion.kernel.refusal import Reason


def driving_reasons(held: Iterable[tuple[str, date]], on: date, person: str) -> tuple[Reason, ...]:
    """Why a person may not drive on a day; ``held``: kind and last day of each licence on record.

    A driving licence of any state will do. One that was never recorded is not judged.
    """
    last = max((until for kind, until in held if kind == "driver"), default=None)
    if last is None or last >= on:
        return ()
    return (Reason("driving-licence-expired", f"{person}'s driving licence expired on {last:%d-%b-%Y}", "a renewal on record"),)


def expired_reasons(held: Iterable[tuple[str, str, date]], state: str, on: date, person: str) -> tuple[Reason, ...]:
    """Reasons against work in a state on a day; ``held``: kind, state and last day of each licence on record."""
    last: dict[str, date] = {}
    for kind, where, until in held:
        if where == state and kind not in ("other", "driver"):
            last[kind] = max(until, last.get(kind, until))
    return tuple(
        Reason("licence-expired", f"{person}'s {kind} licence for {state} expired on {until:%d-%b-%Y}", "a renewal on record")
        for kind, until in sorted(last.items())
        if until < on
    )
