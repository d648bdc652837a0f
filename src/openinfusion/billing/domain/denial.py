# SPDX-License-Identifier: Apache-2.0
"""Denials: a payer's reason and remark codes to what they mean here, what to do next, and until when."""
from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.kernel.standing import Source, Standing

_FILE = Path(__file__).parent / "data" / "denials.toml"
_UNKNOWN_DAYS = "research"


@dataclass(frozen=True, slots=True)
class Advice:
    """What one reason means and what follows. ``opens`` tells whether it is a denial that somebody must work."""

    meaning: str
    action: str
    next_step: str
    opens: bool
    days: int
    source: Source

    def due_on(self, told_on: date) -> date:
        return told_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class _Row:
    codes: frozenset[str]
    remarks: frozenset[str]
    advice: Advice


def advice_for(group: str, carc: str, rarcs: Sequence[str]) -> Advice:
    """The most exact row for these codes; an unknown code opens a denial to research, never nothing."""
    if group == "PR" and carc not in {"1", "2", "3"}:
        return _patient(_best(carc, rarcs))
    return _best(carc, rarcs)


def opens_denial(carc: str) -> bool:
    """True for every code but those the table calls plain arithmetic."""
    return not any(carc in row.codes and not row.advice.opens for row in _rows())


def _best(carc: str, rarcs: Sequence[str]) -> Advice:
    rows = [r for r in _rows() if carc in r.codes]
    exact = [r for r in rows if r.remarks & set(rarcs)]
    general = [r for r in rows if not r.remarks]
    for found in (exact, general):
        if found:
            return found[0].advice
    head = _head()
    return Advice(
        f"Reason {carc} is not in our table", "research", "Look the code up with the payer and add it to the table.",
        True, _days()[_UNKNOWN_DAYS], head,
    )


def _patient(a: Advice) -> Advice:
    return Advice(a.meaning, "patient_share",
        "The payer leaves this to the patient: bill the next payer, then the patient.",
                  False, a.days, a.source)


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _head() -> Source:
    d = _document()
    return Source(d["source"], d["effective_from"], Standing(d["status"]))


@cache
def _days() -> dict[str, int]:
    return {row["action"]: row["days"] for row in _document()["deadline"]}


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(frozenset(r["codes"]), frozenset(r.get("remarks", ())), Advice(
            r["meaning"], r["action"], r["next_step"], r.get("opens", True), _days().get(r["action"], 0), _head(),
        ))
        for r in _document()["reason"]
    )
