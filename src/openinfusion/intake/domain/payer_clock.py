# SPDX-License-Identifier: Apache-2.0
"""Until when a payer has to decide, and until when one may talk to its physician or appeal: dated rows with sources.

Where no row speaks about a payer, its contract or state law may; nothing is invented: the house asks again after days
of its own.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class ClockRow:
    """Hours a payer of these types has. ``drugs``: True speaks of drugs only, False of everything else, None of both."""

    types: frozenset[str]
    urgent: bool
    drugs: bool | None
    hours: int
    source: Source

    def speaks_of(self, payer_type: str, urgent: bool, is_drug: bool, on: date) -> bool:
        return (
            payer_type in self.types and self.urgent is urgent and self.drugs in (None, is_drug)
            and self.source.effective_from <= on
        )


@dataclass(frozen=True, slots=True)
class DecisionDue:
    """When the answer is due; ``binding`` is False where the day is only when the house asks again."""

    at: datetime
    words: str
    binding: bool


def decision_due(
    rows: Iterable[ClockRow], payer_type: str, *, urgent: bool, is_drug: bool, asked_at: datetime, on: date, ask_again_days: int,
) -> DecisionDue:
    """By the newest row that speaks about it on the day it is asked; else the day the house asks again."""
    fitting = [r for r in rows if r.speaks_of(payer_type, urgent, is_drug, on)]
    if not fitting:
        kind = "a drug" if is_drug else "a service"
        words = f"no rule on file binds this payer for {kind}; asked again after {ask_again_days} days"
        return DecisionDue(asked_at + timedelta(days=ask_again_days), words, False)
    row = max(fitting, key=lambda r: r.source.effective_from)
    span = f"{row.hours} h" if row.hours % 24 or row.hours <= 72 else f"{row.hours // 24} days"
    return DecisionDue(asked_at + timedelta(hours=row.hours), f"{span}: {row.source}", True)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """Days after a denial in which something may be done: ``what`` is peer or appeal."""

    what: str
    types: frozenset[str]
    days: int
    source: Source


def window_until(rows: Iterable[WindowRow], what: str, payer_type: str, denied: date) -> date | None:
    """The last day; None where nothing is known of it."""
    fitting = [r for r in rows if r.what == what and payer_type in r.types and r.source.effective_from <= denied]
    return denied + timedelta(days=max(fitting, key=lambda r: r.source.effective_from).days) if fitting else None
