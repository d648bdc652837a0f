# SPDX-License-Identifier: Apache-2.0
"""A FHIR bundle comes in: read whole or not at all, kept as it was, made a referral once."""
from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from openinfusion.exchange.domain.fhir_referral import read_referral
from openinfusion.exchange.models.inbound import InboundBundle
from openinfusion.exchange.permissions import RECEIVE_REFERRAL
from openinfusion.intake import public as intake
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.files import store
from openinfusion.platform.journal import write

LARGEST_BYTES = 20_000_000


@action
def receive_bundle(*, data: bytes, by: Actor, name: str = "bundle.json") -> UUID:
    """The referral this bundle is: made now, or before if the same bundle has come in already."""
    by.must(RECEIVE_REFERRAL)
    if len(data) > LARGEST_BYTES:
        raise Malformed(Fault("Bundle", "is larger than 20 MB; send one patient a bundle"))
    referral, fingerprint = read_referral(data)
    before = InboundBundle.objects.select_for_update(of=("self",)).filter(fingerprint=fingerprint).first()
    if before is not None:
        revise(
            before, "exchange.fhir.repeated", "{actor} sent {subject} that had come in already", by=by,
            times=before.times + 1,
        )
        return before.referral_id
    file_id = store(name, data, "application/fhir+json", by)
    referral_id = intake.receive_referral(referral=replace(referral, file_id=file_id), fingerprint=fingerprint, by=by)
    row = InboundBundle(
        fingerprint=fingerprint, file_id=file_id, sender=referral.source_name, received_by=by.id, received_name=by.name,
        referral_id=referral_id,
    )
    row.save(force_insert=True)
    write(by, "exchange.fhir.received", row, "{actor} brought in {subject} from {sender}",
          noted={"sender": referral.source_name or "a sender not named", "fingerprint": fingerprint})
    return referral_id
