# SPDX-License-Identifier: Apache-2.0
"""The content of a contract's version as a person writes it: terms, rates and rules; its faults, and its lines in words."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.payers.domain.contract import (
    CLAIM_FORM_WORDS,
    BillWhen,
    ClaimForm,
    ContractFact,
    DayBasis,
    LineSplit,
)
from openinfusion.payers.domain.rate import RateTerm, parse_rates
from openinfusion.payers.domain.rule import Rule, parse_rules

HOLDS = ("inpatient", "snf", "hospice", "ed")
LINE_FORMS = ("span", "day")
TIMELY_FROM = ("first", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a contract: how days and lines are counted, what is paid, and the deadlines in days."""

    day_basis: str
    max_interval_h: int
    count_first_day: bool
    count_last_day: bool
    line_split: str
    line_form: str
    bill_when: str
    concurrent_pct: tuple[int, ...]
    suite_modifier: str
    hold_on: tuple[str, ...]
    per_diems_a_day: int
    first_dose_separate: bool
    per_diem_payable: bool
    nursing_payable: bool
    require_kx: bool
    jw_jz: bool
    lesser_of_charge: bool
    escalator_pct: Decimal
    timely_filing_days: int
    timely_from: str
    corrected_filing_days: int | None
    appeal_days: int | None
    pay_days: int
    program_modifier: str = ""  # of drugs bought under 340B
    claim_form: str = ClaimForm.BY_BENEFIT.value  # a draft of before this term was one leaves it to the benefit


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractText:
    """Everything a version says, without its days, source and signatures."""

    name: str
    terms: Terms
    rates: tuple[RateTerm, ...]
    rules: tuple[Rule, ...]

    def must_be_sound(self) -> None:
        """Malformed with every fault, or nothing."""
        if found := tuple(_faults(self)):
            raise Malformed(*found)

    def plain(self) -> dict[str, Any]:
        """As kept in a draft: the rates and rules as their lines."""
        terms = asdict(self.terms) | {"escalator_pct": f"{self.terms.escalator_pct:f}"}
        return {
            "name": self.name, "terms": terms, "rates": [str(r) for r in self.rates], "rules": [str(r) for r in self.rules],
        }


def from_plain(said: Mapping[str, Any]) -> ContractText:
    """A draft's content read back."""
    terms = dict(said["terms"])
    for name in ("concurrent_pct", "hold_on"):
        terms[name] = tuple(terms[name])
    terms["escalator_pct"] = Decimal(terms["escalator_pct"])
    return ContractText(
        name=said["name"], terms=Terms(**terms), rates=parse_rates(said["rates"]), rules=parse_rules(said["rules"]),
    )


def text_of(contract: ContractFact, rates: tuple[RateTerm, ...], rules: tuple[Rule, ...]) -> ContractText:
    """What a version says, as a draft would."""
    terms = Terms(**{f.name: getattr(contract, f.name) for f in fields(Terms)})
    return ContractText(
        name=contract.name, terms=terms, rates=tuple(sorted(rates, key=lambda r: r.pattern)),
        rules=tuple(Rule(r.kind, r.subjects, r.value) for r in rules),
    )


_RANGES = {
    "max_interval_h": (1, 744), "per_diems_a_day": (0, 9), "timely_filing_days": (1, 1100), "corrected_filing_days": (1, 1100),
    "appeal_days": (1, 1100), "pay_days": (1, 365),
}


def _faults(text: ContractText) -> Iterator[Fault]:
    t = text.terms
    if not text.name.strip():
        yield Fault("name", "a contract has a name")
    for name, allowed in (
        ("day_basis", set(DayBasis)), ("line_split", set(LineSplit)), ("line_form", set(LINE_FORMS)),
        ("bill_when", set(BillWhen)), ("timely_from", set(TIMELY_FROM)), ("claim_form", set(ClaimForm)),
    ):
        if getattr(t, name) not in allowed:
            yield Fault(name, f"it is one of {', '.join(sorted(allowed))}")
    for name, (low, high) in _RANGES.items():
        if (value := getattr(t, name)) is not None and not low <= value <= high:
            yield Fault(name, f"between {low} and {high}")
    if not t.concurrent_pct or any(not 0 <= p <= 100 for p in t.concurrent_pct) or t.concurrent_pct[0] != 100:
        yield Fault("concurrent_pct", "percentages such as 100 50 50; the first therapy is paid in full")
    if wrong := sorted(set(t.hold_on) - set(HOLDS)):
        yield Fault("hold_on", f"{', '.join(wrong)}: days are held on {', '.join(HOLDS)}")
    for name, such_as in (("suite_modifier", "SS"), ("program_modifier", "TB")):
        if (mark := getattr(t, name)) and not re.fullmatch(r"[A-Z0-9]{2}", mark, re.ASCII):
            yield Fault(name, f"a modifier has two signs, such as {such_as}")
    if not 0 <= t.escalator_pct <= 25:
        yield Fault("escalator_pct", "between 0 and 25 percent a year")


TITLES = {"name": "Name", "terms": "Terms", "rates": "Rates", "rules": "Rules"}


def lines_of(text: ContractText) -> dict[str, dict[str, str]]:
    """Every line of every part in words, by what makes it the same line in another version."""
    return {
        "name": {"name": text.name},
        "terms": dict(_term_words(text.terms)),
        "rates": {r.pattern: f"{r.pattern}: {r.words}" for r in text.rates},
        "rules": {str(r): str(r) for r in text.rules},
    }


def _term_words(t: Terms) -> Iterator[tuple[str, str]]:
    yes = {True: "yes", False: "no"}
    yield "day_basis", f"days counted by {t.day_basis.replace('_', ' ')}, up to every {t.max_interval_h} h"
    yield "ends", f"first day counts: {yes[t.count_first_day]}, last day counts: {yes[t.count_last_day]}"
    yield "hold_on", f"no days while: {', '.join(t.hold_on) or 'nothing named'}"
    yield "lines", f"lines by {t.line_form}, split by {t.line_split.replace('_', ' ')}"
    yield "bill_when", f"billed on {t.bill_when.replace('_', ' ')}"
    yield "concurrent", f"concurrent therapies paid at {', '.join(f'{p} %' for p in t.concurrent_pct)}"
    yield "most", f"per diems a day: {t.per_diems_a_day or 'no limit'}"
    yield "suite", f"suite modifier: {t.suite_modifier or 'none'}"
    yield "program", f"modifier of drugs bought under 340B: {t.program_modifier or 'none named'}"
    yield "first_dose", f"first dose paid by itself: {yes[t.first_dose_separate]}"
    yield "pays", f"pays per diems: {yes[t.per_diem_payable]}, nursing: {yes[t.nursing_payable]}"
    yield "marks", f"KX wanted: {yes[t.require_kx]}, JW/JZ wanted: {yes[t.jw_jz]}"
    yield "lesser", f"lesser of rate and charge: {yes[t.lesser_of_charge]}"
    yield "escalator", f"fixed rates rise {t.escalator_pct.normalize():f} % on each anniversary"
    yield "filing", f"file within {t.timely_filing_days} days of the {t.timely_from} day"
    yield "corrected", f"corrected claims within {_days(t.corrected_filing_days)}, appeals within {_days(t.appeal_days)}"
    yield "claim_form", f"claims go {CLAIM_FORM_WORDS[ClaimForm(t.claim_form)]}"
    yield "pay_days", f"usually paid after {t.pay_days} days"


def _days(n: int | None) -> str:
    return "an unknown time" if n is None else f"{n} days"


@dataclass(frozen=True, slots=True)
class Change:
    """What one part of a contract loses and gains; ``changed`` holds how a line was and will be."""

    title: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()


def difference(before: ContractText | None, after: ContractText) -> tuple[Change, ...]:
    """What the later version changes, part by part; for a first version everything is new."""
    will = lines_of(after)
    was: Mapping[str, Mapping[str, str]] = lines_of(before) if before is not None else {part: {} for part in TITLES}
    found = []
    for part, title in TITLES.items():
        old, new = was[part], will[part]
        change = Change(
            title,
            tuple(words for k, words in old.items() if k not in new),
            tuple(words for k, words in new.items() if k not in old),
            tuple((old[k], new[k]) for k in old if k in new and old[k] != new[k]),
        )
        if change.gone or change.new or change.changed:
            found.append(change)
    return tuple(found)
