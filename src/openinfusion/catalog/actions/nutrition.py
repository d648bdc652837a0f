# SPDX-License-Identifier: Apache-2.0
"""Propose figures of parenteral nutrition for a site, and sign, reject or end what another person proposed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.calculations.public import stocks_on_file
from openinfusion.catalog import models
from openinfusion.catalog.domain.nutrition import CurveDraft, LimitDraft, StockDraft, must_have_source
from openinfusion.catalog.domain.site_figure import HOLDS, SiteFigureFacts, SiteFigureState
from openinfusion.catalog.models.site_figure import SiteFigure
from openinfusion.catalog.permissions import PROPOSE
from openinfusion.catalog.queries import held_nutrition
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site

KINDS: dict[str, type[SiteFigure]] = {
    "limit": models.NutritionLimit,
    "stock": models.NutritionStock,
    "curve": models.NutritionCurve,
}
# what makes two figures the same one, so that the newer takes the place of the older
SAME: dict[type[SiteFigure], tuple[str, ...]] = {
    models.NutritionLimit: ("name", "group"),
    models.NutritionStock: ("code",),
    models.NutritionCurve: ("product_code", "amino_acid_percent", "dextrose_percent", "cysteine", "temperature_c"),
}


@action
def propose_limit(*, site_id: UUID, draft: LimitDraft, why: str, by: Actor) -> UUID:
    """Propose soft and hard bounds; Refused where they cross, also with what is on file for the bounds left blank."""
    limit = draft.limit()
    bounds = {b: getattr(limit, b) for b in draft.bounds()}
    row = models.NutritionLimit(name=limit.name, group=limit.group, unit=limit.unit, source=draft.source, **bounds)
    return _propose(row, site_id, why, by, {b: v for b, v in bounds.items() if v is not None})


@action
def propose_stock(*, site_id: UUID, draft: StockDraft, why: str, by: Actor) -> UUID:
    """Propose a stock solution; it stands in front of the one on file that has its code."""
    made = draft.stock()
    if not made.code.strip() or not made.label.strip():
        raise Malformed(Fault("code", "a stock solution has a code and a name"))
    if draft.product_id is not None:
        fetch(models.Product, draft.product_id)
    row = models.NutritionStock(
        code=made.code.strip(),
        label=made.label.strip(),
        kind=made.kind,
        unit=made.unit,
        per_ml=made.per_ml,
        contents={name: f"{value:f}" for name, value in made.contents.items()},
        osmolarity=made.osmolarity,
        specific_gravity=made.specific_gravity,
        aluminium=made.aluminium,
        energy=made.energy,
        product_id=draft.product_id,
        source=draft.source,
    )
    return _propose(row, site_id, why, by, {"per_ml": made.per_ml, "unit": made.unit})


@action
def propose_curve(*, site_id: UUID, draft: CurveDraft, why: str, by: Actor) -> UUID:
    """Propose a calcium-phosphate curve; Refused where it is no falling curve or its amino acids are not known."""
    draft.curve()
    known = {s.code for s in (*held_nutrition(site_id).stocks, *stocks_on_file()) if s.kind == "amino_acids"}
    if draft.product not in known:
        raise Refused(Reason("no-amino-acids", f"“{draft.product}” is no amino acid product of this site", "enter it first"))
    row = models.NutritionCurve(
        product_code=draft.product,
        amino_acid_percent=draft.amino_acid_percent,
        dextrose_percent=draft.dextrose_percent,
        cysteine=draft.cysteine,
        temperature_c=draft.temperature_c,
        source=draft.source,
        points=[[f"{p:f}", f"{c:f}"] for p, c in draft.points],
    )
    return _propose(row, site_id, why, by, {"points": row.points})


def _propose(row: SiteFigure, site_id: UUID, why: str, by: Actor, noted: dict[str, Any]) -> UUID:
    by.must(PROPOSE)
    if not why.strip():
        raise Malformed(Fault("why", "say why it is proposed"))
    row.site_id, row.why, row.source = fetch(Site, site_id).id, why.strip(), must_have_source(row.source)
    row.proposed_by, row.proposer_name = by.id, by.name
    row.save(force_insert=True)
    write(
        by,
        f"{row.machine.name}.propose",
        row,
        "{actor} proposed {subject}",
        reason=why,
        to_state=row.state,
        noted={"source": row.source} | noted,
    )
    return row.id


@action
def advance_site_figure(
    *, kind: str, figure_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None
) -> UUID:
    """Put in force (signed, by another person), reject, propose to end, keep, or end (signed, by another person).

    What comes into force takes the place of what was in force before.
    """
    if kind not in KINDS or step == "replace":
        raise NotFound(f"step {step} of a {kind}")
    row = lock(KINDS[kind], figure_id, version)
    facts = SiteFigureFacts(proposed_by_actor=by.id == (row.end_proposed_by if row.state == "leaving" else row.proposed_by))
    if step == "confirm":
        _step_aside(row, facts, by)
    advance(row, step, facts, by=by, reason=reason, noted={"source": row.source}, **_changes(step, by))
    return row.id


def _step_aside(row: SiteFigure, facts: SiteFigureFacts, by: Actor) -> None:
    """The figure that this one replaces; asked first, so that nothing steps aside for what may not come."""
    row.machine.advance(SiteFigureState(row.state), "confirm", facts, by.permissions, signed=by.signed)
    same = {name: getattr(row, name) for name in SAME[type(row)]}
    held = [s.value for s in HOLDS]
    for old in type(row)._default_manager.select_for_update(of=("self",)).filter(site_id=row.site_id, state__in=held, **same):
        advance(old, "replace", SiteFigureFacts(), by=by)


def _changes(step: str, by: Actor) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "confirm": {"confirmed_by": by.id, "confirmer_name": by.name, "confirmed_at": now()},
        "propose_end": {"end_proposed_by": by.id, "end_proposer_name": by.name},
        "keep": {"end_proposed_by": None, "end_proposer_name": ""},
        "end": {"ended_by": by.id, "ender_name": by.name},
    }
    return changes.get(step, {})
