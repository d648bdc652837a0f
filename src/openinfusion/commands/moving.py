# SPDX-License-Identifier: Apache-2.0
"""Moving things in and out by command: FHIR bundles, remittances; a chart, the journal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor


def actor_named(email: str) -> Actor:
    """The person with this account, in whose name a command acts; NotFound if there is none."""
    from openinfusion.platform.models import User
    from openinfusion.platform.permissions import actor_of

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise NotFound(f"no active account {email}")
    return actor_of(user)


def bring_in(kind: str, path: Path, by: Actor) -> list[UUID]:
    """Import a FHIR bundle (a referral) or an 835 (remittances); the ids of what was made, or was there already."""
    from openinfusion.exchange import public as exchange

    if kind == "fhir":
        return [exchange.receive_bundle(data=path.read_bytes(), by=by, name=path.name)]
    return exchange.receive_remittance(name=path.name, data=path.read_bytes(), by=by)


def load_interactions(path: Path, name: str, edition: str, licence: str, by: Actor) -> UUID:
    """Load an interaction set from a source the site licenses; its id."""
    from openinfusion.clinical import public as clinical

    pairs = clinical.read_pairs(clinical.text_of(path.read_bytes()))
    return clinical.load_interactions(name=name, edition=edition, licence=licence, pairs=pairs, by=by)


def load_codes(path: Path, first: date, source: str, whole: bool, take: bool, by: Actor) -> dict[str, Any]:
    """Read a list of billing codes, and take it where asked; what it changes, and who stands on what ends or changes."""
    from openinfusion.catalog import public as catalog
    from openinfusion.payers import public as payers
    from openinfusion.platform.scope import entered

    with entered(by.organization_id):
        there = next((x for x in catalog.code_lists() if x.standing == "read" and (x.name, x.first) == (path.name, first)), None)
    id = there.id if there is not None else catalog.read_code_list(
        name=path.name, data=path.read_bytes(), first=first, source=source, is_whole=whole, by=by)
    if take:
        catalog.take_code_list(list_id=id, by=by)
    with entered(by.organization_id):
        found = catalog.code_list(id)
        return {
            "id": str(id), "first": first.isoformat(), "standing": found.standing, "codes": found.codes,
            "rejected": [f"line {r.line}: {r.text}: {r.why}" for r in found.rejects],
            "changes": [
                {"kind": r.kind, "code": r.code, "words": r.words, "contracts": [c.name for c in r.contracts],
                 "drugs": list(r.drugs)} for r in payers.touched_by(found)
            ],
        }


def codes_in_words(said: dict[str, Any]) -> str:
    """The difference as lines, and what to do next."""
    lines = [
        f"{c['kind']:8} {c['code']}  {c['words']}"
        + (f"  | contracts: {', '.join(c['contracts'])}" if c["contracts"] else "")
        + (f"  | drugs: {', '.join(c['drugs'])}" if c["drugs"] else "") for c in said["changes"]
    ]
    lines += [f"rejected {text}" for text in said["rejected"][:20]]
    ends = {"read": "nothing is changed yet; the same command with --take takes it", "taken": "taken", "dropped": "dropped"}
    counts = f"{said['codes']} codes read, {len(said['changes'])} changes, {len(said['rejected'])} lines rejected"
    return "\n".join([*lines, f"{counts}: {ends[said['standing']]}"])


def chart_of(mrn: str, by: Actor) -> dict[str, Any]:
    """Everything the rooms know of a patient, as plain values; the export itself is journalled."""
    from openinfusion.desk.actions import open_chart
    from openinfusion.desk.queries import chart_rows
    from openinfusion.patients import public as patients
    from openinfusion.platform.journal import plain, timeline
    from openinfusion.platform.scope import entered

    with entered(by.organization_id):
        row = next((r for r in patients.search(mrn) if r.mrn == mrn), None)
        if row is None:
            raise NotFound(f"no patient has the record number {mrn}")
        open_chart(patient_id=row.id, by=by)
        return {
            "patient": _said(patients.patient(row.id)),
            "allergies": _said(patients.allergies(row.id)),
            "conditions": [_said(c) for c in patients.conditions(row.id)],
            "labs": [_said(x) for x in patients.labs(row.id)],
            "coverage": [_said(c) for c in patients.coverage(row.id)],
            "chart": [_said(r) for r in chart_rows(row.id, by)],
            "timeline": [
                {"at": plain(t.at), "sentence": t.sentence, "reason": t.reason} for t in timeline(patient_id=row.id, limit=5000)
            ],
        }


def _said(fact: Any) -> dict[str, Any]:
    from openinfusion.platform.journal import plain

    return {name: plain(getattr(fact, name)) for name in fact.__dataclass_fields__}


def written(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
