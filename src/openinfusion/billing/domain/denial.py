# SPDX-License-Identifier: Apache-2.0
"""Denials: a payer's reason and remark codes to what they mean here, where they began, what to do next, and until when."""
from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.billing.domain.remittance import AdjustmentIn
from openinfusion.kernel.figures import rows
from openinfusion.kernel.standing import Source, Standing

_FILE = Path(__file__).parent / "data" / "denials.toml"
_UNKNOWN = "research"
_SHARES = frozenset({"1", "2", "3"})


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work on denials: days allowed where the contract says nothing, the share that comes back (assumed)."""

    action: str
    days: int
    overturn: Decimal
    cause: str
    appealable: bool
    source: Source

    def worth(self, cents: int) -> int:
        """Cents that may be hoped for: the amount times the assumed share; what the queue is ordered by."""
        return int((cents * self.overturn).to_integral_value(rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Advice:
    """What one reason means and what follows. ``opens`` tells whether it is a denial that somebody must work.

    ``cause``: where in the house it began. ``edit``: the check before sending that would have caught it, if one would.
    """

    meaning: str
    action: str
    next_step: str
    opens: bool
    days: int
    source: Source
    cause: str = ""
    edit: str = ""

    def due_on(self, told_on: date) -> date:
        return told_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class _Row:
    codes: frozenset[str]
    remarks: frozenset[str]
    advice: Advice


def advice_for(group: str, carc: str, rarcs: Sequence[str]) -> Advice:
    """The most exact row for these codes; an unknown code opens a denial to research, never nothing."""
    found = _advice(carc, tuple(rarcs))
    if group == "PR" and carc not in _SHARES:
        return replace(
            found, action="patient_share", opens=False,
            next_step="The payer leaves this to the patient: bill the next payer, then the patient.",
        )
    return found


def opens_denial(a: AdjustmentIn, rarcs: Sequence[str] = ()) -> bool:
    """Whether this adjustment refuses payment, so that its amount stays open until somebody has worked it."""
    return advice_for(a.group, a.carc, rarcs).opens


@cache
def works() -> dict[str, Work]:
    """Every kind of work, by its name."""
    return {
        r["action"]: Work(
            r["action"], r["days"], Decimal(r["overturn"]), r["cause"], r["appealable"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        ) for r in rows(__package__, "data/denial_actions.toml")
    }


@cache
def _advice(carc: str, rarcs: tuple[str, ...]) -> Advice:
    found = [r for r in _rows() if carc in r.codes]
    exact = [r for r in found if r.remarks & set(rarcs)]
    general = [r for r in found if not r.remarks]
    for some in (exact, general):
        if some:
            return some[0].advice
    return Advice(
        f"Reason {carc} is not in our table", _UNKNOWN, "Look the code up with the payer and add it to the table.",
        True, works()[_UNKNOWN].days, _head(), works()[_UNKNOWN].cause,
    )


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _head() -> Source:
    d = _document()
    return Source(d["source"], d["effective_from"], Standing(d["status"]))


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(frozenset(r["codes"]), frozenset(r.get("remarks", ())), _advice_of(r)) for r in _document()["reason"]
    )


def _advice_of(r: dict[str, Any]) -> Advice:
    work = works().get(r["action"])
    return Advice(
        r["meaning"], r["action"], r["next_step"], r.get("opens", True), work.days if work else 0, _head(),
        r.get("cause", work.cause if work else ""), r.get("edit", ""),
    )
