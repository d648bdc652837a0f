# SPDX-License-Identifier: Apache-2.0
"""Whose stock it is. Kinds of ownership are kept apart: what one of them holds is never allocated to another."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason


class Ownership(StrEnum):
    OWNED = "owned"
    CONSIGNED = "consigned"  # the supplier's until it is used
    WHITE_BAGGED = "white_bagged"  # bought by a patient's payer, for this patient only
    PROGRAM_340B = "340b"  # bought at the program's price, for its patients only

    @property
    def words(self) -> str:
        return "340B" if self is Ownership.PROGRAM_340B else self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Pool:
    """What a need may be covered from: one ownership, and of white-bagged stock one patient's."""

    ownership: Ownership = Ownership.OWNED
    patient_id: UUID | None = None

    def must_be_sound(self) -> None:
        """Malformed where a patient is missing, or named for stock that is nobody's in particular."""
        if (self.ownership is Ownership.WHITE_BAGGED) is (self.patient_id is None):
            text = "name the patient it was bought for" if self.patient_id is None else "only white-bagged stock is one patient's"
            raise Malformed(Fault("patient", text))

    def holds(self, other: Pool) -> bool:
        return self == other

    def reason_against(self, other: Pool, number: str) -> Reason | None:
        """Why a lot of another pool may not be taken for a need of this one; None where it is of this pool."""
        if self.holds(other):
            return None
        whose = "another patient's" if self.ownership is other.ownership else other.ownership.words
        return Reason("ownership-differs", f"lot {number} is {whose} stock, and this need is {self.ownership.words}",
                      "take a lot of the same ownership")


OWNED = Pool()


def pool_of(ownership: str, patient_id: UUID | None) -> Pool:
    """The pool as a lot or a reservation keeps it."""
    return Pool(Ownership(ownership), patient_id)
