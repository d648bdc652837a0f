# SPDX-License-Identifier: Apache-2.0
"""Loaded interaction sets and signed compatibility observations: as the checks need them, and as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.clinical.domain.compatibility import Mixed, Mode, Observation
from openinfusion.clinical.domain.compatibility import Outcome as Seen
from openinfusion.clinical.domain.interaction import Danger, Interaction, LoadedSet, Pair, by_pair
from openinfusion.clinical.models import CompatibilityObservation, InteractionSet
from openinfusion.clinical.models import Interaction as Row
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.standing import Source, Standing
from openinfusion.platform.reading import Reading
from openinfusion.platform.scope import read_once


@dataclass(frozen=True, slots=True)
class SetFact:
    """A loaded set as pages show it."""

    id: UUID
    state: str
    name: str
    edition: str
    licence: str
    rows: int
    loaded_on: date
    loader_name: str
    version: int


@dataclass(frozen=True, slots=True)
class ObservationFact:
    """An observation as pages show it."""

    id: UUID
    state: str
    seen: Observation
    entered_by: UUID
    enterer_name: str
    signer_name: str
    signed_at: datetime | None
    version: int


@read_once
def _in_force() -> tuple[tuple[UUID, LoadedSet, Source], ...]:
    return tuple(
        (r.id, LoadedSet(r.name, r.edition, r.licence, r.rows, frozenset(r.words)),
         Source(f"{r.name} {r.edition}, {r.licence}", r.loaded_on, Standing.SOURCED))
        for r in _IN_FORCE()
    )


_IN_FORCE = Reading(
    lambda _: InteractionSet.objects.filter(state="in_force").order_by("name"),
    "id", "name", "edition", "licence", "rows", "words", "loaded_on",
)


def loaded_sets() -> tuple[LoadedSet, ...]:
    """The imported sets in force."""
    return tuple(loaded for _, loaded, _ in _in_force())


def interactions_among(words: Iterable[str]) -> dict[Pair, tuple[Interaction, ...]]:
    """The imported pairs of which both sides are among these words; one query, none where nothing was imported."""
    sets = {id: (loaded, source) for id, loaded, source in _in_force()}
    known = {w for loaded, _ in sets.values() for w in loaded.words}
    said = sorted(known.intersection(words))
    if not said:
        return {}
    rows = Row.objects.filter(set_id__in=list(sets), left__in=said, right__in=said).order_by("left", "right")
    return by_pair(
        Interaction(
            code=f"interaction-imported-{danger}", left=left, right=right, danger=Danger(danger), effect=effect, do=do,
            source=sets[set_id][1], set_name=str(sets[set_id][0].name),
        )
        for set_id, left, right, danger, effect, do in rows.values_list("set_id", "left", "right", "danger", "effect", "do")
    )


def observations_among(drugs: Sequence[str]) -> dict[Pair, tuple[Observation, ...]]:
    """The signed observations between these drugs, by pair."""
    if len(drugs) < 2:
        return {}
    found: dict[Pair, tuple[Observation, ...]] = {}
    rows = CompatibilityObservation.objects.filter(state="signed", one_drug__in=drugs, other_drug__in=drugs)
    for row in rows.order_by("made_at"):
        seen = _seen(row)
        found[seen.pair] = (*found.get(seen.pair, ()), seen)
    return found


def _seen(row: CompatibilityObservation) -> Observation:
    return Observation(
        one=Mixed(row.one_drug, Quantity(row.one_amount, unit(row.one_unit)), row.one_diluent),
        other=Mixed(row.other_drug, Quantity(row.other_amount, unit(row.other_unit)), row.other_diluent),
        mode=Mode(row.mode), outcome=Seen(row.outcome), phenomenon=row.phenomenon, ratio=row.ratio, hours=row.hours,
        celsius=row.celsius, citation=row.citation,
    )


def set_facts() -> list[SetFact]:
    """Every set that was ever loaded, those in force first."""
    rows = InteractionSet.objects.order_by("state", "name", "-loaded_on")
    return [SetFact(r.id, r.state, r.name, r.edition, r.licence, r.rows, r.loaded_on, r.loader_name, r.version) for r in rows]


def observation_facts(state: str = "") -> list[ObservationFact]:
    """Observations, the newest first; at most 500."""
    rows = CompatibilityObservation.objects.filter(**({"state": state} if state else {})).order_by("-made_at")[:500]
    return [
        ObservationFact(r.id, r.state, _seen(r), r.entered_by, r.enterer_name, r.signer_name, r.signed_at, r.version)
        for r in rows
    ]
