# SPDX-License-Identifier: Apache-2.0
"""Load payers, plans, contracts and rates from their files."""
from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.payers import models
from openinfusion.payers.adapters import rates, terms
from openinfusion.payers.domain.rate import Basis
from openinfusion.payers.permissions import LOAD
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.platform.models import Organization, Record

_OF_CONTRACT = (
    "name", "day_basis", "line_split", "bill_when", "concurrent_pct", "timely_filing_days", "timely_from",
    "per_diem_payable", "nursing_payable", "require_kx", "jw_jz", "suite_modifier",
)
_COMMON = (
    "max_interval_h",
    "count_first_day",
    "count_last_day",
    "line_form",
    "modifiers",
    "first_on",
    "source",
    "status",
)


def key_id(organization_id: UUID, kind: str, *key: str) -> UUID:
    """The id of a loaded row: the same key in the same organization always has the same id."""
    return uuid5(organization_id, "|".join(("payers", kind, *key)))


@action
def load_payers(*, by: Actor) -> int:
    """Load the payers' files into this organization; rows already there are left alone. Answers how many are new."""
    if not by.may(LOAD.code):
        raise Refused(Reason("not-permitted", f"needs the permission {LOAD.code}"))
    org, common = by.organization_id, terms()["common"]
    fresh = 0
    for code, table in terms()["payers"].items():
        payer_id, contract_id = key_id(org, "payer", code), key_id(org, "contract", code)
        fresh += _keep_new([_payer(payer_id, code, table)])
        fresh += _keep_new([_plan(org, payer_id, plan) for plan in table["plans"]])
        terms_of = {k: table["contract"][k] for k in _OF_CONTRACT} | {k: common[k] for k in _COMMON}
        terms_of |= {"agreement": contract_id, "hold_on": ["inpatient"]}
        fresh += _keep_new([models.Contract(id=contract_id, payer_id=payer_id, **terms_of)])
        fresh += _keep_new(_rates(org, code, contract_id, table["contract"]["schedule"]))
    home = Organization.objects.get(id=org)
    write(by, "payers.loaded", home, "{actor} loaded payers and rates: {fresh} new rows", noted={"fresh": fresh})
    return fresh


def _keep_new(found: list[Any]) -> int:
    model: type[Record] = type(found[0])
    known = set(model._default_manager.filter(id__in=[row.id for row in found]).values_list("id", flat=True))
    new = [row for row in found if row.id not in known]
    model._default_manager.bulk_create(new)
    return len(new)


def _payer(id: UUID, code: str, table: dict[str, Any]) -> models.Payer:
    return models.Payer(
        id=id, code=code, name=table["name"], type=table["type"], x12_id=table["x12_id"],
        authorize_classes=table["authorize_classes"], authorize_codes=table["authorize_codes"],
        extra_items=table["extra_items"],
    )


def _plan(org: UUID, payer_id: UUID, plan: dict[str, str]) -> models.Plan:
    return models.Plan(id=key_id(org, "plan", plan["code"]), payer_id=payer_id, **plan)


def _rates(org: UUID, code: str, contract_id: UUID, schedule: str) -> list[models.Rate]:
    return [
        models.Rate(
            id=key_id(org, "rate", code, r["code"], r["effective_from"]),
            contract_id=contract_id,
            hcpcs=r["code"],
            basis=Basis.FIXED.value,
            amount=Decimal(r[schedule]),
            source=r["source"],
            status=r["status"],
        )
        for r in rates()
        if r[schedule]
    ]
