# SPDX-License-Identifier: Apache-2.0
"""Which claim and which line of ours a payer's answer means: a ladder of rungs, and no guess where none holds one."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.billing.domain.remittance import ClaimIn, LineIn


class Match(StrEnum):
    """By which rung of the ladder a claim was found."""

    CONTROL_AND_CHARGE = "our control number and the charge"
    PAYER_CONTROL = "the payer's control number"
    MEMBER_DAY_CHARGE = "member, first day and charge"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OurLine:
    """A line that might be meant, and what its contract promises for it."""

    id: str
    control: str
    code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    first_on: date
    expected_cents: int = 0
    has_rate: bool = False


@dataclass(frozen=True, slots=True)
class OurClaim:
    """A claim that might be meant, as the ladder looks at it."""

    id: str
    patient_control: str
    payer_control: str
    member_id: str
    charge_cents: int
    first_on: date
    lines: tuple[OurLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The claim that is meant, and by which rung it was found."""

    claim: OurClaim
    by: Match


class Ladder:
    """Our claims by everything an answer may name them by, so that finding one takes the same time among any number."""

    __slots__ = ("_by_control", "_by_day", "_by_payer")

    def __init__(self, ours: Iterable[OurClaim]) -> None:
        self._by_control: dict[tuple[str, int], list[OurClaim]] = {}
        self._by_payer: dict[str, list[OurClaim]] = {}
        self._by_day: dict[tuple[str, int, date | None], list[OurClaim]] = {}
        for c in ours:
            self._by_control.setdefault((c.patient_control, c.charge_cents), []).append(c)
            self._by_payer.setdefault(c.payer_control, []).append(c)
            self._by_day.setdefault((c.member_id, c.charge_cents, c.first_on), []).append(c)

    def find(self, theirs: ClaimIn) -> Found | None:
        """The claim meant, on the highest rung that holds exactly one; several or none: nothing, and a person looks."""
        charge = abs(theirs.charge_cents)
        first = theirs.first_on or min((s.first_on for s in theirs.lines if s.first_on), default=None)
        rungs = (
            (Match.CONTROL_AND_CHARGE, self._by_control.get((theirs.patient_control, charge))),
            (Match.PAYER_CONTROL, self._by_payer.get(theirs.payer_control) if theirs.payer_control else None),
            (Match.MEMBER_DAY_CHARGE, self._by_day.get((theirs.member_id, charge, first)) if theirs.member_id else None),
        )
        for rung, found in rungs:
            if found:
                return Found(found[0], rung) if len(found) == 1 else None
        return None

    def named(self, reference: str) -> OurClaim | None:
        """The one claim whose number, ours or the payer's, stands in a free reference such as that of a PLB."""
        words = {reference.strip(), *reference.split()} - {""}
        found = {c.id: c for (control, _), those in self._by_control.items() if control in words for c in those}
        found |= {c.id: c for word in words for c in self._by_payer.get(word, ())}
        return next(iter(found.values())) if len(found) == 1 else None


def find_line(theirs: LineIn, ours: Sequence[OurLine]) -> tuple[OurLine, ...]:
    """Our line that is meant: by control number; code, modifiers, day and charge; code and charge; original code."""
    charge = abs(theirs.charge_cents)
    rungs = (
        [s for s in ours if theirs.control and s.control == theirs.control],
        [s for s in ours if (s.code, s.modifiers, s.first_on, s.charge_cents)
         == (theirs.code, theirs.modifiers, theirs.first_on, charge)],
        [s for s in ours if (s.code, s.charge_cents) == (theirs.code, charge)],
        [s for s in ours if theirs.original_code and s.code == theirs.original_code],
    )
    for found in rungs:
        if len(found) == 1:
            return (found[0],)
    return ()
