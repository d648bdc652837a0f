# SPDX-License-Identifier: Apache-2.0
"""Enter a compatibility observation, sign another person's, withdraw one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical import permissions
from openinfusion.clinical.domain.compatibility import Observation, ObservationFacts, check_observation
from openinfusion.clinical.models import CompatibilityObservation
from openinfusion.kernel.quantity import Quantity
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def enter_observation(*, seen: Observation, by: Actor) -> UUID:
    """Enter what a publication says; it counts once a second person has signed it. The drugs are the catalog's codes."""
    by.must(permissions.ENTER_OBSERVATION)
    check_observation(seen)
    for side in (seen.one, seen.other):
        catalog.drug(side.drug)
    row = CompatibilityObservation.objects.create(
        **_side("one", seen.one.drug, seen.one.per_ml, seen.one.diluent),
        **_side("other", seen.other.drug, seen.other.per_ml, seen.other.diluent),
        mode=seen.mode.value, outcome=seen.outcome.value, phenomenon=seen.phenomenon.strip(), ratio=seen.ratio.strip(),
        hours=seen.hours, celsius=seen.celsius, citation=seen.citation.strip(), entered_by=by.id, enterer_name=by.name,
    )
    write(by, "clinical.observation.enter", row, "{actor} entered {subject}: {outcome}, after {citation}",
          noted={"outcome": seen.outcome.value, "citation": seen.citation})
    return row.id


def _side(name: str, drug: str, per_ml: Quantity | None, diluent: str) -> dict[str, Any]:
    return {
        f"{name}_drug": drug, f"{name}_diluent": diluent.strip(),
        f"{name}_amount": per_ml.amount if per_ml else None, f"{name}_unit": per_ml.unit.code if per_ml else "",
    }


@action
def advance_observation(*, observation_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Sign or withdraw. Refused for signing what one entered oneself."""
    row = lock(CompatibilityObservation, observation_id, version)
    changes: dict[str, Any] = {"signed_by": by.id, "signer_name": by.name, "signed_at": now()} if step == "sign" else {}
    advance(row, step, ObservationFacts(entered_by_actor=row.entered_by == by.id), by=by, reason=reason, **changes)
    return row.id
