# SPDX-License-Identifier: Apache-2.0
"""What payers want to see on a day: approved versions, and the blocks on file that no version has taken the place of."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers import models
from openinfusion.payers.adapters import criteria as on_file
from openinfusion.payers.domain.criteria_version import CriteriaFacts, CriteriaState
from openinfusion.payers.domain.criterion import CriteriaSet, Criterion
from openinfusion.payers.domain.criterion_text import line_changes, parse_criteria
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import read_once


@dataclass(frozen=True, slots=True)
class CriteriaVersionFact:
    """A version with who stands for it."""

    id: UUID
    state: str
    series: str
    payer_id: UUID | None
    payer_name: str
    types: tuple[str, ...]
    classes: tuple[str, ...]
    drugs: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    lines: tuple[str, ...]
    first: date
    source: str
    why: str
    drafted_by: UUID
    drafter_name: str
    approver_name: str
    approved_at: datetime | None
    made_at: datetime
    version: int

    @property
    def name(self) -> str:
        return self.series.replace("_", " ")

    @property
    def about(self) -> str:
        """Whom and what it is for, in words."""
        return about(self.payer_name, self.types, self.classes, self.drugs)


def about(payer: str, types: Sequence[str], classes: Sequence[str], drugs: Sequence[str]) -> str:
    """Whom and what criteria are for, in words; empty lists stand for all."""
    who = payer or ", ".join(t.replace("_", " ") for t in types) or "every payer"
    what = ", ".join(d.replace("_", " ") for d in (drugs or classes)) or "every therapy"
    return f"{who}: {what}"


def _fact(r: models.CriteriaVersion) -> CriteriaVersionFact:
    standing = Standing.SIGNED if r.state == CriteriaState.APPROVED.value else Standing.UNVERIFIED
    said = parse_criteria(r.lines, Source(r.source, r.first_on, standing, r.approver_name))
    return CriteriaVersionFact(
        r.id, r.state, r.series, r.payer_id, r.payer.name if r.payer else "", tuple(r.types), tuple(r.classes), tuple(r.drugs),
        said, tuple(r.lines), r.first_on, r.source, r.why, r.drafted_by, r.drafter_name, r.approver_name, r.approved_at,
        r.made_at, r.version,
    )


def criteria_version(id: UUID) -> CriteriaVersionFact:
    row = models.CriteriaVersion.objects.select_related("payer").filter(pk=id).first()
    if row is None:
        raise NotFound(f"criteria {id}")
    return _fact(row)


def criteria_versions(**where: object) -> list[CriteriaVersionFact]:
    """Versions, the newest first."""
    rows = models.CriteriaVersion.objects.select_related("payer").filter(**where)
    return [_fact(r) for r in rows.order_by("series", "-first_on", "-made_at")]


def file_criteria() -> tuple[CriteriaSet, ...]:
    """The blocks on file."""
    return on_file()


@read_once
def criteria_on(day: date) -> tuple[CriteriaSet, ...]:
    """Every set that holds on a day: of each series the version begun last, else the block on file."""
    newest: dict[str, models.CriteriaVersion] = {}
    rows = models.CriteriaVersion.objects.select_related("payer").filter(state=CriteriaState.APPROVED.value, first_on__lte=day)
    for r in rows.order_by("first_on"):
        newest[r.series] = r
    return (*(_set(r) for r in newest.values()), *(s for s in on_file() if s.code not in newest))


def _set(r: models.CriteriaVersion) -> CriteriaSet:
    source = Source(r.source, r.first_on, Standing.SIGNED, r.approver_name)
    return CriteriaSet(
        frozenset({r.payer.code} if r.payer else ()), frozenset(r.types), frozenset(r.classes), frozenset(r.drugs), source,
        parse_criteria(r.lines, source), r.series,
    )


def in_force_before(series: str, first: date) -> tuple[Criterion, ...]:
    """What a new version of a series takes the place of on its first day; nothing for a first one."""
    return next((s.criteria for s in criteria_on(first) if s.code == series), ())


def changes_in(v: CriteriaVersionFact) -> tuple[list[str], list[str]]:
    """The lines that go and come with a version, against what holds the moment it would begin."""
    if v.state == CriteriaState.APPROVED.value:
        earlier = [x for x in criteria_versions(series=v.series, state=v.state) if x.first < v.first]
        before = earlier[0].criteria if earlier else next((s.criteria for s in on_file() if s.code == v.series), ())
        return line_changes(before, v.criteria)
    return line_changes(in_force_before(v.series, v.first), v.criteria)


def criteria_facts(v: CriteriaVersionFact, by: Actor) -> CriteriaFacts:
    """What the guards look at, seen by this person."""
    there = models.CriteriaVersion.objects.filter(series=v.series, first_on=v.first, state=CriteriaState.APPROVED.value)
    gone, new = changes_in(v)
    return CriteriaFacts(by.id == v.drafted_by, bool(gone or new), there.exclude(pk=v.id).exists())
