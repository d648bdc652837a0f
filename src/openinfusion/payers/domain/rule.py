# SPDX-License-Identifier: Apache-2.0
"""Rules of payers as dated data, one line each: "frequency A4221: 1 in 7 days", "authorization class:biologic J17*: needed".

A rule names its kind, what it is about (codes, beginnings of codes, classes of therapy, or all) and its value, which
each kind reads in its own way. Rules of a contract stand before those on file for payers of its type; of two rules of
one kind about the same subjects the contract's holds.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.standing import Source
from openinfusion.payers.domain.rate import PATTERN


class RuleKind(StrEnum):
    """What a rule is about."""

    AUTHORIZATION = "authorization"
    DOCUMENT = "document"
    MODIFIER = "modifier"
    WASTE = "waste"
    NDC = "ndc"
    DESCRIBE = "describe"
    PLACE = "place"
    FREQUENCY = "frequency"
    RENTAL = "rental"
    MONTH = "month"
    WITH = "with"
    NEVER = "never"
    HIGHEST = "highest"
    GAP = "gap"
    ROUND = "round"
    NOT_COVERED = "not_covered"
    SUPPLY = "supply"
    REFILL = "refill"
    PROTEIN = "protein"


_CODE = r"(?:[A-Z][0-9]{4}|[0-9]{5}|[A-Z0-9]{0,4}\*)"
_CODES = rf"{_CODE}(?: {_CODE})*"
_SLUG = r"[a-z0-9_]+"
WHEN = ("always", "suite", "home", "concurrent", "subcutaneous", "pump")

VALUES: dict[RuleKind, tuple[str, str]] = {  # the form of each kind's value, and an example of it
    RuleKind.AUTHORIZATION: (r"needed|not needed|over (?P<units>[0-9]{1,6}) units", "needed"),
    RuleKind.DOCUMENT: (rf"(?P<items>{_SLUG}(?: {_SLUG})*)", "letter_of_medical_necessity"),
    RuleKind.MODIFIER: (rf"(?P<any>[A-Z0-9]{{2}}(?: or [A-Z0-9]{{2}})*)(?: when (?P<when>{'|'.join(WHEN)}))?", "SS when suite"),
    RuleKind.WASTE: (r"JW and JZ", "JW and JZ"),
    RuleKind.NDC: (r"needed", "needed"),
    RuleKind.DESCRIBE: (r"needed", "needed"),
    RuleKind.PLACE: (r"(?P<places>[0-9]{2}(?: [0-9]{2})*)", "12 49"),
    RuleKind.FREQUENCY: (r"(?P<units>[0-9]{1,6}) in (?P<days>[0-9]{1,4}) days?", "1 in 7 days"),
    RuleKind.RENTAL: (r"(?P<months>[0-9]{1,2}) months", "13 months"),
    RuleKind.MONTH: (r"one line", "one line"),
    RuleKind.WITH: (rf"(?P<codes>{_CODES}) (?:on the same day|within (?P<days>[0-9]{{1,3}}) days)", "99601 on the same day"),
    RuleKind.NEVER: (rf"(?P<codes>{_CODES}) on the same day", "S9497 S9500 on the same day"),
    RuleKind.HIGHEST: (r"one a day", "one a day"),
    RuleKind.GAP: (rf"(?P<days>[0-9]{{1,3}}) days after (?P<codes>{_CODES})", "60 days after G0068 G0069"),
    RuleKind.ROUND: (r"up|nearest|down", "up"),
    RuleKind.NOT_COVERED: (r"(?P<why>[^\n]{3,200})", "per diems are not a benefit of this plan"),
    RuleKind.SUPPLY: (r"(?P<days>[0-9]{1,3}) days", "34 days"),
    RuleKind.REFILL: (r"(?P<percent>[0-9]{1,3}) percent", "75 percent"),
    RuleKind.PROTEIN: (r"(?P<low>[0-9]{1,3}) to (?P<high>[0-9]{1,3}) g a day", "10 to 51 g a day"),
}
_SUBJECT = re.compile(rf"{PATTERN.pattern}|class:{_SLUG}|all", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it holds on a day. ``value`` has the form its kind asks for."""

    kind: RuleKind
    subjects: tuple[str, ...]
    value: str
    source: Source | None = None
    last: date | None = None

    def __str__(self) -> str:
        return f"{self.kind.value} {' '.join(self.subjects)}: {self.value}"

    @property
    def said(self) -> dict[str, str]:
        """The parts of the value by name."""
        match = re.fullmatch(VALUES[self.kind][0], self.value)
        return {k: v for k, v in match.groupdict().items() if v is not None} if match else {}

    def about(self, code: str, therapy_class: str = "") -> bool:
        """Whether this rule speaks of a code billed for a class of therapy."""
        return any(names(s, code, therapy_class) for s in self.subjects)

    def holds_on(self, day: date) -> bool:
        return (self.source is None or self.source.effective_from <= day) and (self.last is None or day <= self.last)


def names(subject: str, code: str, therapy_class: str = "") -> bool:
    if subject == "all":
        return True
    if subject.startswith("class:"):
        return bool(therapy_class) and subject == f"class:{therapy_class}"
    return code.startswith(subject[:-1]) if subject.endswith("*") else code == subject


def parse_rule(line: str, source: Source | None = None, last: date | None = None) -> Rule:
    """A line read strictly; Malformed says what is wrong with it."""
    head, colon, value = line.partition(": ")
    words, value = head.split(), " ".join(value.split())
    if not colon or len(words) < 2:
        raise Malformed(Fault(line, "write it as: kind, codes or classes, a colon and a space, the value"))
    if words[0] not in set(RuleKind):
        raise Malformed(Fault(line, f"“{words[0]}” is no kind of rule; there are {', '.join(RuleKind)}"))
    kind = RuleKind(words[0])
    subjects = tuple(w if w.startswith("class:") or w == "all" else w.upper() for w in words[1:])
    if wrong := [s for s in subjects if not _SUBJECT.fullmatch(s)]:
        raise Malformed(Fault(line, f"“{wrong[0]}” is no code, no beginning of codes (J*), no class:name and not all"))
    pattern, example = VALUES[kind]
    if not re.fullmatch(pattern, value, re.ASCII):
        raise Malformed(Fault(line, f"the value of “{kind.value}” looks like this: {example}"))
    return Rule(kind, tuple(dict.fromkeys(subjects)), value, source, last)


def parse_rules(lines: Iterable[str], source: Source | None = None) -> tuple[Rule, ...]:
    """All lines in order; Malformed with every fault, a rule that stands there twice among them."""
    found: dict[tuple[RuleKind, frozenset[str], str], Rule] = {}
    faults: list[Fault] = []
    for line in lines:
        try:
            rule = parse_rule(line, source)
        except Malformed as no:
            faults += no.faults
            continue
        if _key(rule) in found:
            faults.append(Fault(line, "it stands there twice"))
        found[_key(rule)] = rule
    if faults:
        raise Malformed(*faults)
    return tuple(found.values())


_MANY = frozenset({RuleKind.DOCUMENT, RuleKind.MODIFIER, RuleKind.WITH, RuleKind.NEVER, RuleKind.FREQUENCY})


def _key(rule: Rule) -> tuple[RuleKind, frozenset[str], str]:
    """What makes two rules the same: kind and subjects; where a kind may be said several times, the value too."""
    return rule.kind, frozenset(rule.subjects), rule.value if rule.kind in _MANY else ""


def rules_on(day: date, own: Iterable[Rule], on_file: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that hold: the contract's, and of those on file what the contract does not say otherwise."""
    mine = [r for r in own if r.holds_on(day)]
    said = {(r.kind, frozenset(r.subjects)) for r in mine}
    asks = any(r.kind is RuleKind.AUTHORIZATION for r in mine)
    return (*mine, *(
        r for r in on_file
        if r.holds_on(day) and (r.kind, frozenset(r.subjects)) not in said and not (asks and r.kind is RuleKind.AUTHORIZATION)
    ))
