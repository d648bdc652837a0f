# SPDX-License-Identifier: Apache-2.0
"""Criteria as a person writes them, one a line, read strictly: "weight: weight within 30 days | a weight within 30 days".

A line is the criterion's code, its kind with what the kind needs, and after the bar its words. What is written is read back
the same. Versions of criteria differ by their lines.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.standing import Source
from openinfusion.payers.domain.criterion import Criterion, CriterionKind

_LINE = re.compile(r"(?P<code>[a-z][a-z0-9_]{1,39}): (?P<kind>[a-z]+)(?P<rest>(?: [^|]*?)?) \| (?P<text>[^|\n]{3,300})", re.ASCII)
_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
_TAIL = re.compile(
    rf"(?P<subjects>.*?)(?: within (?P<days>[0-9]{{1,4}}) days)?(?: from (?P<low>{_NUMBER}))?(?: below (?P<high>{_NUMBER}))?"
    r"(?: in (?P<unit>\S{1,20}))?", re.ASCII,
)
_SUBJECT = {
    CriterionKind.DIAGNOSIS: r"[A-Z][0-9A-Z]{0,2}(?:\.[0-9A-Z]{1,4})?", CriterionKind.TRIED: r"[a-z][a-z0-9_-]*",
    CriterionKind.LAB: r"[0-9]{1,7}-[0-9]", CriterionKind.DOCUMENT: r"[a-z][a-z0-9_]*",
}
_MAY = {  # what each kind may say besides its subjects
    CriterionKind.LAB: {"days", "low", "high", "unit"}, CriterionKind.AGE: {"low", "high"}, CriterionKind.WEIGHT: {"days"},
    CriterionKind.DOSE: {"high"},
}
_BOUNDS = {"days": "days", "low": "lower bound", "high": "upper bound", "unit": "unit"}
EXAMPLES = (
    "diagnosis: diagnosis K50 K51 | Crohn's disease or ulcerative colitis",
    "tried: tried methotrexate prednisone | a conventional agent tried before",
    "ferritin: lab 2276-4 within 90 days below 100 in ng/mL | ferritin below 100 ng/mL",
    "age: age from 6 | six years or older",
    "weight: weight within 30 days | a weight within 30 days",
    "dose: dose below 10 | at most 10 mg for each kg",
    "letter: document letter_of_medical_necessity | a letter of medical necessity",
    "plan_signed: plan | a signed plan of treatment",
    "infections: said | recurrent infections on record",
)


def parse_criterion(line: str, source: Source | None = None) -> Criterion:
    """One line; Malformed names what cannot be read in it."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise Malformed(Fault(line[:80], f"write “code: kind … | words”, such as “{EXAMPLES[0]}”"))
    if found["kind"] not in set(CriterionKind):
        raise Malformed(Fault(line[:80], f"the kind is one of {', '.join(CriterionKind)}"))
    kind, tail = CriterionKind(found["kind"]), _TAIL.fullmatch(found["rest"])
    said = tail.groupdict() if tail else {"subjects": "?"}
    subjects = tuple(_joined(kind, (said.pop("subjects") or "").split()))
    given = {name for name, value in said.items() if value}
    why = _against(kind, subjects, given)
    if why:
        raise Malformed(Fault(line[:80], why))
    return Criterion(
        found["code"], found["text"].strip(), kind, subjects, int(said["days"]) if said.get("days") else None,
        Decimal(said["low"]) if said.get("low") else None, Decimal(said["high"]) if said.get("high") else None,
        said.get("unit") or "", source,
    )


def _joined(kind: CriterionKind, words: Sequence[str]) -> Iterator[str]:
    """A drug's name of two words is written with an underscore."""
    for word in words:
        yield word.replace("_", " ") if kind is CriterionKind.TRIED else word


def _against(kind: CriterionKind, subjects: Sequence[str], given: set[str]) -> str:
    """Why a criterion of this kind may not say this; empty, where it may."""
    pattern = _SUBJECT.get(kind)
    if pattern is None and subjects:
        return f"a criterion of the kind {kind} names nothing before its bounds: “{' '.join(subjects)}”"
    if pattern is not None and not subjects:
        return f"a criterion of the kind {kind} names what it looks for"
    plain = [s.replace(" ", "_") if kind is CriterionKind.TRIED else s for s in subjects]
    if wrong := [s for s in plain if pattern and not re.fullmatch(pattern, s, re.ASCII)]:
        return f"“{wrong[0]}” is nothing that the kind {kind} can look for"
    if more := sorted(given - _MAY.get(kind, set())):
        return f"the kind {kind} has no {', '.join(_BOUNDS[m] for m in more)}"
    if kind is CriterionKind.AGE and not given:
        return "say from which age, or below which"
    if kind is CriterionKind.DOSE and "high" not in given:
        return "say below how many mg for each kg"
    if kind is CriterionKind.LAB and given & {"low", "high"} and "unit" not in given:
        return "a bound of a laboratory value has its unit"
    return ""


def criterion_line(c: Criterion) -> str:
    """The line that reads as this criterion."""
    subjects = [s.replace(" ", "_") if c.kind is CriterionKind.TRIED else s for s in c.any_of]
    parts = [c.kind.value, *subjects]
    parts += [f"within {c.within_days} days"] if c.within_days is not None else []
    parts += [f"from {c.low:f}"] if c.low is not None else []
    parts += [f"below {c.high:f}"] if c.high is not None else []
    parts += [f"in {c.unit}"] if c.unit else []
    return f"{c.code}: {' '.join(parts)} | {c.text}"


def parse_criteria(lines: Iterable[str], source: Source | None = None) -> tuple[Criterion, ...]:
    """Every line; Malformed with every line that cannot be read, and with codes that stand twice."""
    found: list[Criterion] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            found.append(parse_criterion(line, source))
        except Malformed as no:
            faults += no.faults
    codes = [c.code for c in found]
    faults += [Fault(code, "this code stands twice") for code in sorted({c for c in codes if codes.count(c) > 1})]
    if faults:
        raise Malformed(*faults)
    return tuple(found)


def line_changes(before: Iterable[Criterion], after: Iterable[Criterion]) -> tuple[list[str], list[str]]:
    """The lines that go and those that come."""
    was, will = [criterion_line(c) for c in before], [criterion_line(c) for c in after]
    return [x for x in was if x not in will], [x for x in will if x not in was]
