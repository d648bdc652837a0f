# SPDX-License-Identifier: Apache-2.0
"""A product that may stand in for one that is short: proposed by a pharmacist, signed by another, never the other way round."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role


class SubstituteState(StrEnum):
    PROPOSED = "proposed"
    SIGNED = "signed"
    REJECTED = "rejected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SubstituteFacts:
    proposer: UUID | None = None
    actor: UUID | None = None


def signer_is_another_pharmacist(f: SubstituteFacts) -> Reason | None:
    if f.proposer != f.actor:
        return None
    return Reason("own-proposal", "whoever proposed it may not sign it", "another pharmacist signs")


def must_stand_in(product_id: UUID, instead_id: UUID, drug: str, other: str) -> None:
    """Malformed for a product that replaces itself. Another drug is a new order, not a substitute."""
    faults = []
    if product_id == instead_id:
        faults.append(Fault("instead", "a product does not replace itself"))
    if drug != other:
        faults.append(Fault("instead", "another drug needs a new order; substitute within the same drug"))
    if faults:
        raise Malformed(*faults)


_S = SubstituteState
_P = permissions.SUBSTITUTE.code

SUBSTITUTE: Machine[SubstituteState, SubstituteFacts] = Machine(
    name="inventory.substitute",
    initial=_S.PROPOSED,
    steps=(
        Step("sign", _S.PROPOSED, _S.SIGNED, _P, "Sign", "{actor} signed {subject}", (signer_is_another_pharmacist,), "ok",
             False, "substitute signed"),
        Step("reject", _S.PROPOSED, _S.REJECTED, _P, "Reject", "{actor} rejected {subject}", (), "warn", True),
        Step("end", _S.SIGNED, _S.ENDED, _P, "End", "{actor} ended {subject}", (), "warn", True),
    ),
    owners={_S.PROPOSED: Role.PHARMACIST, _S.SIGNED: "", _S.REJECTED: "", _S.ENDED: ""},
    tones={_S.PROPOSED: "wait", _S.SIGNED: "ok", _S.REJECTED: "idle", _S.ENDED: "idle"},
)
