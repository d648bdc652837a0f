# SPDX-License-Identifier: Apache-2.0
"""Enter a payer or a plan by hand."""
from __future__ import annotations

import re
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.payers import models
from openinfusion.payers.domain.contract import PayerType
from openinfusion.payers.permissions import ENTER
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write

FILINGS = ("CI", "BL", "HM", "MB", "16", "MC", "CH", "VA", "WC", "OF", "12", "13", "14", "15")
BENEFITS = ("medical", "pharmacy", "both")


@action
def enter_payer(*, name: str, type: str, x12_id: str, by: Actor) -> UUID:
    """A payer this house works with. ``x12_id``: the number it goes by in X12 messages."""
    by.must(ENTER)
    faults = []
    if not name.strip():
        faults.append(Fault("name", "a payer has a name"))
    if type not in set(PayerType):
        faults.append(Fault("type", f"it is one of {', '.join(PayerType)}"))
    if not re.fullmatch(r"[A-Za-z0-9]{2,20}", x12_id.strip(), re.ASCII):
        faults.append(Fault("x12_id", "two to twenty letters and digits, as the payer's list has it"))
    if faults:
        raise Malformed(*faults)
    row = models.Payer(code=_code(models.Payer, name), name=name.strip(), type=type, x12_id=x12_id.strip().upper())
    row.save(force_insert=True)
    write(by, "payers.payer.entered", row, "{actor} entered the payer {subject}", noted={"type": type, "x12": row.x12_id})
    return row.id


@action
def enter_plan(*, payer_id: UUID, name: str, filing: str, benefit: str, by: Actor) -> UUID:
    """A plan of a payer. ``filing``: the claim filing code of X12; ``benefit``: medical, pharmacy or both."""
    by.must(ENTER)
    payer = lock(models.Payer, payer_id)
    faults = []
    if not name.strip():
        faults.append(Fault("name", "a plan has a name"))
    if filing not in FILINGS:
        faults.append(Fault("filing", f"it is one of {', '.join(FILINGS)}"))
    if benefit not in BENEFITS:
        faults.append(Fault("benefit", f"it is one of {', '.join(BENEFITS)}"))
    if faults:
        raise Malformed(*faults)
    row = models.Plan(payer=payer, code=_code(models.Plan, name), name=name.strip(), filing=filing, benefit=benefit)
    row.save(force_insert=True)
    write(by, "payers.plan.entered", row, "{actor} entered the plan {subject} of {payer}", noted={"payer": payer.name})
    return row.id


def _code(model: type[models.Payer] | type[models.Plan], name: str) -> str:
    """A short name that is not taken yet."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")[:40] or "payer"
    taken = set(model._default_manager.filter(code__startswith=stem).values_list("code", flat=True))
    return next(c for c in (stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))) if c not in taken)
