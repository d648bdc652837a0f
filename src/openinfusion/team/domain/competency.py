# SPDX-License-Identifier: Apache-2.0
"""Competencies: what a task requires of a person, how long a pass holds, and the reasons against somebody doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.span import months_after
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class Requirement:
    """For this task a person must have passed this element within so many months; the first time so often in a row."""

    task: str
    element: str
    label: str
    months: int
    source: Source
    first_passes: int = 1


@dataclass(frozen=True, slots=True)
class Pass:
    """The latest result of one person in one element.

    ``in_a_row``: passes without a failure up to now; ``best``: the longest such row there ever was.
    """

    element: str
    on: date
    passed: bool
    in_a_row: int = 1
    best: int = 1


def latest_of(element: str, results: Sequence[tuple[date, bool]]) -> Pass:
    """The standing that a person's results in an element amount to, the earliest first; there is at least one."""
    row = best = 0
    for _, passed in results:
        row = row + 1 if passed else 0
        best = max(best, row)
    on, passed = results[-1]
    return Pass(element, on, passed, row, best)


@cache
def requirements() -> tuple[Requirement, ...]:
    """All rows of competencies.toml."""
    return tuple(
        Requirement(
            r["task"],
            r["element"],
            r["label"],
            r["months"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
            r.get("first_passes", 1),
        )
        for r in rows(__package__, "competencies.toml")
    )


def tasks() -> list[str]:
    return sorted({r.task for r in requirements()})


def elements() -> dict[str, str]:
    """Every element with its label."""
    return {r.element: r.label for r in requirements()}


def due_on(passed_on: date, months: int) -> date:
    """The first day on which the pass no longer holds. A month without that day ends earlier, never later."""
    return months_after(passed_on, months)


def reasons_against(task: str, latest: Sequence[Pass], on: date, person: str) -> tuple[Reason, ...]:
    """Every reason why this person may not do this task on this day; none means may."""
    wanted = [r for r in requirements() if r.task == task]
    if not wanted:
        return (Reason("task-unknown", f"no competency is defined for “{task}”", "compliance"),)
    by_element = {p.element: p for p in latest}
    found = []
    for r in wanted:
        last = by_element.get(r.element)
        if last is None:
            found.append(Reason("competency-missing", f"{person} has no {r.label} on record", "compliance records it"))
        elif not last.passed:
            found.append(Reason("competency-failed", f"{person} failed {r.label} on {last.on:%d-%b-%Y}", "retraining and a pass"))
        elif last.best < r.first_passes:
            text = f"{person} passed {r.label} {last.in_a_row} of {r.first_passes} times in a row"
            found.append(Reason("competency-incomplete", text, "the passes that are missing"))
        elif due_on(last.on, r.months) <= on:
            found.append(
                Reason(
                    "competency-lapsed",
                    f"{person}'s {r.label} lapsed on {due_on(last.on, r.months):%d-%b-%Y}",
                    "a new pass",
                )
            )
    return tuple(found)
