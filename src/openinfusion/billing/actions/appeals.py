# SPDX-License-Identifier: Apache-2.0
"""Preparing an appeal: the letter, and the packet drawn from the chart, kept as it will be sent."""

from __future__ import annotations

from uuid import UUID

from openinfusion.billing.adapters import appeal_paper
from openinfusion.billing.models import Appeal, Denial
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.appeal_packet import packet_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store
from openinfusion.platform.journal import write

_LEVELS = 3


@action
def prepare_appeal(*, denial_id: UUID, letter: str, by: Actor) -> UUID:
    """Make the packet for the next level of appeal; made again, the newer one stands, until it is filed."""
    by.must(WORK)
    denial = lock(Denial, denial_id)
    if denial.state not in {"working", "upheld"}:
        raise Refused(Reason("not-now", f"an appeal is prepared while a denial is worked or upheld, not while {denial.state}"))
    if len(letter.strip()) < 40:
        raise Malformed(Fault("letter", "write to the payer why the decision is wrong"))
    level = denial.level + 1
    if level > _LEVELS:
        raise Refused(Reason("no-level", "the external review was the last level"))
    packet = packet_of(denial, letter.strip(), level)
    name = f"appeal-{denial.claim.control}-{level}.pdf"
    file_id = store(name, appeal_paper(packet.data), "application/pdf", by)
    row, _ = Appeal.objects.update_or_create(
        denial=denial,
        level=level,
        defaults={
            "claim_id": denial.claim_id,
            "letter": letter.strip(),
            "packet_file_id": file_id,
            "contents": list(packet.contents),
            "missing": list(packet.missing),
            "prepared_by": by.id,
            "prepared_name": by.name,
        },
    )
    write(
        by,
        "billing.appeal.prepare",
        denial,
        "{actor} prepared the appeal of level {level} against denial {subject}",
        noted={"level": level, "file": file_id, "missing": list(packet.missing)},
        patient_id=denial.claim.patient_id,
    )
    return row.id
