# SPDX-License-Identifier: Apache-2.0
"""Which tests a therapy asks for and how often, and which results answer a test.

A drug with a row in data/protocols.toml follows it; any other follows the monitoring of its therapy class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from openinfusion.clinical.domain.policy import in_force, rows, source_of


class ExamKind(StrEnum):
    """lab and measurement are answered by what is on the chart; an assessment by a person's words."""

    LAB = "lab"
    MEASUREMENT = "measurement"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Exam:
    """One test. ``members``: the codes that together answer it, each with its alternatives."""

    code: str
    name: str
    kind: ExamKind
    members: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A test of a protocol and every how many days; once at the start too."""

    code: str
    name: str
    every_days: int
    source: str


@cache
def known_exams() -> Mapping[str, Exam]:
    found = {}
    for r in rows("tests"):
        members = tuple(frozenset(m.split("|")) for m in r["members"]) or (frozenset({r["code"]}),)
        found[r["code"]] = Exam(r["code"], r["name"], ExamKind(r["kind"]), members)
    return found


def exam_of(code: str, name: str = "") -> Exam:
    """The test with this code; one that no row describes is a laboratory test answered by its own code."""
    return known_exams().get(code) or Exam(code, name or code, ExamKind.LAB, (frozenset({code}),))


def protocol(drug_code: str, by_class: Iterable[Watch], on: date) -> tuple[Watch, ...]:
    """What this drug asks for on a day: its own row, else what its class asks for."""
    found = [r for r in rows("protocols") if drug_code in r["drugs"]]
    if not found:
        return tuple(by_class)
    row = in_force(found, on)
    return tuple(Watch(t["code"], exam_of(t["code"]).name, t["every_days"], str(source_of(row))) for t in row["tests"])


@dataclass(frozen=True, slots=True)
class Result:
    """A value on the chart: its code and the day it was drawn where the patient lives."""

    code: str
    drawn_on: date
    text: str
    flagged: bool  # outside the reference range on file


@dataclass(frozen=True, slots=True)
class Answered:
    """What the chart says to a test: the results that count, and the members still missing."""

    results: tuple[Result, ...]
    missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.missing and bool(self.results)

    @property
    def drawn_on(self) -> date:
        return max(r.drawn_on for r in self.results)

    @property
    def text(self) -> str:
        return "; ".join(r.text for r in self.results)

    @property
    def flagged(self) -> bool:
        return any(r.flagged for r in self.results)


def answer(exam: Exam, results: Iterable[Result], since: date) -> Answered:
    """The newest results drawn since a day that answer a test; ``missing`` names members nobody has sent."""
    newest: dict[str, Result] = {}
    for r in results:
        if r.drawn_on >= since and (r.code not in newest or newest[r.code].drawn_on < r.drawn_on):
            newest[r.code] = r
    if exam.code in newest:
        return Answered((newest[exam.code],), ())
    counted, missing = [], []
    for codes in exam.members:
        there = sorted((newest[c] for c in codes if c in newest), key=lambda r: (r.drawn_on, r.code))
        if there:
            counted.append(there[-1])
        else:
            missing.append(" or ".join(sorted(codes)))
    return Answered(tuple(counted), tuple(missing))
