# SPDX-License-Identifier: Apache-2.0
"""Which rules are silenced, what stands open, and how each rule fares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from openinfusion.clinical.domain.rule import RuleState, Tally
from openinfusion.clinical.models import Firing, Outcome, RuleStanding
from openinfusion.platform.reading import Reading
from openinfusion.platform.scope import read_once


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A rule with its tally and its standing."""

    code: str
    rule: str
    title: str  # as it was said last
    is_hard: bool
    tally: Tally
    last_fired_at: datetime | None
    state: str
    why: str
    proposed_by: UUID | None
    proposer_name: str


@read_once
def retired_rules() -> frozenset[str]:
    """The codes of rules that two pharmacists have silenced."""
    return frozenset(code for (code,) in _RETIRED())


_RETIRED = Reading(lambda _: RuleStanding.objects.filter(state=RuleState.RETIRED.value), "code")
_STANDING = Reading(
    lambda among: Firing.objects.filter(among("prescription_id"), cleared_at=None), "prescription_id", "fingerprint", "id"
)


def open_firings(prescription_ids: Iterable[UUID]) -> dict[UUID, dict[str, UUID]]:
    """What stands open of many orders: fingerprint to firing, by prescription."""
    found: dict[UUID, dict[str, UUID]] = {}
    for prescription_id, fingerprint, id in _STANDING(prescription_ids):
        found.setdefault(prescription_id, {})[fingerprint] = id
    return found


def rule_facts(code: str = "") -> list[RuleFact]:
    """Every rule that ever fired or was proposed to be retired, the most fired first."""
    rows = Firing.objects.filter(**({"code": code} if code else {})).order_by()
    tallies = {
        row["code"]: row
        for row in rows.values("code").annotate(
            fired=Count("id"),
            overridden=Count("id", filter=Q(outcome=Outcome.OVERRIDDEN.value)),
            acted=Count("id", filter=Q(outcome=Outcome.ACTED.value)),
            open=Count("id", filter=Q(cleared_at=None)),
            hard=Count("id", filter=Q(tier="hard")),
            last=Max("made_at"),
        )
    }
    newest = rows.order_by("code", "-made_at").distinct("code").values_list("code", "rule", "title")
    said = {c: (rule, title) for c, rule, title in newest}
    standings = {s.code: s for s in RuleStanding.objects.filter(**({"code": code} if code else {}))}
    found = [_fact(c, said.get(c, ("", c)), tallies.get(c), standings.get(c)) for c in tallies.keys() | standings.keys()]
    return sorted(found, key=lambda f: (-f.tally.fired, f.code))


def _fact(code: str, said: tuple[str, str], row: Any, standing: RuleStanding | None) -> RuleFact:
    counts = {name: int(row[name]) for name in ("fired", "overridden", "acted", "open")} if row else {}
    return RuleFact(
        code,
        said[0],
        said[1],
        bool(row and row["hard"]),
        Tally(**counts),
        row["last"] if row else None,
        standing.state if standing else RuleState.IN_FORCE.value,
        standing.why if standing else "",
        standing.proposed_by if standing else None,
        standing.proposer_name if standing else "",
    )
