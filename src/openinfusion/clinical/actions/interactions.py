# SPDX-License-Identifier: Apache-2.0
"""Load an interaction set from a source the site licenses; withdraw one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.interaction_file import PairIn, check_licence
from openinfusion.clinical.domain.interaction_set import SetFacts
from openinfusion.clinical.models import Interaction, InteractionSet
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write

_BATCH = 5000


@action
def load_interactions(*, name: str, edition: str, licence: str, pairs: Sequence[PairIn], by: Actor) -> UUID:
    """Put a set in force in place of the one of the same name. Refused where its owner's terms are known to be others."""
    by.must(permissions.LOAD_INTERACTIONS)
    name, edition, licence = name.strip(), edition.strip(), licence.strip()
    check_licence(name, edition, licence)
    before = InteractionSet.objects.filter(name=name, state="in_force").first()
    if before is not None:
        if before.edition == edition:
            raise Refused(Reason("already-loaded", f"{name} {edition} is in force", "withdraw it first, or load a newer one"))
        advance(lock(InteractionSet, before.id), "withdraw", SetFacts(), by=by, reason=f"replaced by {edition}")
    row = InteractionSet.objects.create(
        name=name, edition=edition, licence=licence, rows=len(pairs), words=sorted({w for p in pairs for w in (p.left, p.right)}),
        loaded_on=house_today(), loaded_by=by.id, loader_name=by.name,
    )
    Interaction.objects.bulk_create(
        (Interaction(set=row, left=p.left, right=p.right, danger=p.tier, effect=p.effect, do=p.do) for p in pairs),
        batch_size=_BATCH,
    )
    write(by, "clinical.interaction_set.load", row, "{actor} loaded {subject}: {rows} rows, licence {licence}",
          noted={"rows": len(pairs), "licence": licence})
    return row.id


@action
def withdraw_interactions(*, set_id: UUID, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """The set no longer speaks."""
    row = lock(InteractionSet, set_id, version)
    advance(row, "withdraw", SetFacts(), by=by, reason=reason)
    return row.id
