# SPDX-License-Identifier: Apache-2.0
"""By when a denial must be answered: the contract's window where it names one, otherwise the table's days."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from openinfusion.billing.domain.denial import Advice, works
from openinfusion.kernel.refusal import Refused
from openinfusion.payers.public import ContractFact, contract_for


@dataclass(slots=True)
class Windows:
    """The contracts' windows, each contract asked for once."""

    known: dict[tuple[UUID, date], ContractFact | None] = field(default_factory=dict)

    def due(self, plan_id: UUID | None, advice: Advice, told_on: date) -> tuple[date, str]:
        """The last day, and where it comes from in words."""
        contract = self._contract(plan_id, told_on) if plan_id else None
        if contract is not None:
            work = works().get(advice.action)
            until = contract.appeal_until(told_on) if work and work.appealable else contract.corrected_until(told_on)
            if until is not None:
                return until, f"contract {contract.name}: {contract.source}"
        return advice.due_on(told_on), str(advice.source)

    def _contract(self, plan_id: UUID, on: date) -> ContractFact | None:
        key = (plan_id, on)
        if key not in self.known:
            try:
                self.known[key] = contract_for(plan_id, on)
            except Refused:
                self.known[key] = None
        return self.known[key]
