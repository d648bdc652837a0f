# SPDX-License-Identifier: Apache-2.0
"""An 835 posted into the ledger: read, balanced, matched, entered, journalled, every claim's state moved. 1,000 and 5,000 claims.

The claims are made in the table as they stand when they were sent; the 835 is the simulated payer's, with coinsurance and
denials. Wall time of the whole action, commit included, since the database does half of the work; beside it this process's
own CPU time, because a machine that does other things too makes wall time worthless. ``posting_alone`` measures other sizes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks.x12 import claims, remittance
from openinfusion.billing.domain.ledger import Kind, transfers
from openinfusion.billing.models import Claim, ClaimLine, LedgerTransfer
from openinfusion.billing.public import ledger_balance
from openinfusion.exchange.domain.x12.claim import ClaimOut
from openinfusion.exchange.public import receive_remittance
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import entered

SIZES = (1_000, 5_000)
AIM_SECONDS = 30
A_FILE = 5_000  # claims in one 835; more come in several files, as a payer sends them


def rows(organization_id: UUID, by: Actor, sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """Seconds for each size, and that posting the same again moves nothing."""
    return [_all(organization_id, by, size) for size in sizes]


def _all(organization_id: UUID, by: Actor, size: int) -> dict[str, Any]:
    """One size, in files of at most ``A_FILE`` claims."""
    files = [min(A_FILE, size - at) for at in range(0, size, A_FILE)]
    parts = [_one(organization_id, by, many, f"B{size // 1000}F{n}") for n, many in enumerate(files)]
    seconds = sum(p["seconds"] for p in parts)
    return {
        "name": "835 posted", "claims": size, "unit": "s", "seconds": round(seconds, 2),
        "per_claim_ms": round(seconds / size * 1000, 2), "cpu_seconds": round(sum(p["cpu_seconds"] for p in parts), 2),
        "repeat_seconds": round(sum(p["repeat_seconds"] for p in parts), 2),
        # Of several files the last beside the first: 1 where a full ledger costs a claim no more than an empty one.
        "last_to_first_cpu": round(parts[-1]["cpu_seconds"] / parts[0]["cpu_seconds"], 2),
    }


def _one(organization_id: UUID, by: Actor, size: int, mark: str) -> dict[str, Any]:
    found = claims(size)
    controls = {c.patient_control: f"{mark}{c.patient_control[-10:]}" for c in found}
    text = remittance(found).replace("BENCH1", f"BENCH{mark}")
    text = re.sub(r"CLP\*([^*]+)\*", lambda m: f"CLP*{controls.get(m[1], m[1])}*", text)
    text = text.replace("REF*6R*OI", f"REF*6R*{mark}")
    with entered(organization_id):
        _sent(found, controls, mark)
    begun, cpu = time.perf_counter(), time.process_time()
    (made,) = receive_remittance(name="bench.835", data=text.encode(), by=by)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    again = receive_remittance(name="again.835", data=text.encode(), by=by)
    repeat = time.perf_counter() - begun
    with entered(organization_id):
        assert again == [made]
        assert not ledger_balance().cents
        posted = Claim.objects.filter(control__in=controls.values()).exclude(state="accepted").count()
        assert posted == size, f"{posted} of {size}"
    return {"seconds": seconds, "cpu_seconds": cpu, "repeat_seconds": repeat}


def _sent(found: tuple[ClaimOut, ...], controls: dict[str, str], mark: str) -> None:
    """Our side of these claims: sent, accepted, charged."""
    like = Claim.objects.filter(plan__isnull=False)[0]
    made, lines, moved = [], [], []
    for c in found:
        charge = int(c.charge * 100)
        claim = Claim(
            id=new_id(),
            control=controls[c.patient_control],
            patient_id=like.patient_id,
            therapy_id=like.therapy_id,
            site_id=like.site_id,
            plan_id=like.plan_id,
            payer_name=like.payer_name,
            member_id=c.member_id,
            charge_cents=charge,
            expected_cents=charge * 7 // 10,
            open_cents=charge,
            first_on=c.lines[0].first_on,
            last_on=c.lines[0].last_on,
            submitted_at=datetime(2026, 2, 1, tzinfo=UTC),
        )
        made.append(claim)
        moved += [
            LedgerTransfer(
                kind=t.kind.value,
                debit=t.debit.value,
                credit=t.credit.value,
                cents=t.cents,
                on=date(2026, 2, 1),
                claim=claim,
                therapy_id=like.therapy_id,
                plan_id=like.plan_id,
            )
            for t in transfers(Kind.CHARGE, charge)
        ]
        lines += [
            ClaimLine(
                claim=claim,
                number=n,
                control=s.control.replace("OI", mark, 1),
                kind="drug",
                source_kind="bench",
                source_id=new_id(),
                source_key=f"{mark}{s.control}",
                code=s.code,
                modifiers=list(s.modifiers),
                units=int(s.units),
                first_on=s.first_on,
                last_on=s.last_on,
                charge_cents=int(s.charge * 100),
                expected_cents=int((s.charge * 7 / 10).quantize(s.charge) * 100),
            )
            for n, s in enumerate(c.lines, 1)
        ]
    Claim.objects.bulk_create(made, batch_size=1000)
    ClaimLine.objects.bulk_create(lines, batch_size=1000)
    LedgerTransfer.objects.bulk_create(moved, batch_size=1000)
    for state in ("ready", "queued", "submitted", "accepted"):
        Claim.objects.filter(id__in=[c.id for c in made]).update(state=state)


def show(console: Console, found: list[dict[str, Any]]) -> None:
    table = Table("what", "claims", "seconds", "own CPU s", "ms a claim", "the same again, s", "aim")
    for r in found:
        aim = f"< {AIM_SECONDS} s" if r["claims"] == A_FILE else ""
        figures = (r["seconds"], r["cpu_seconds"], r["per_claim_ms"], r["repeat_seconds"])
        table.add_row(r["name"], f"{r['claims']:,}", *(str(x) for x in figures), aim)
    console.print(table)
