# SPDX-License-Identifier: Apache-2.0
"""Provider adjustments: what a payer's reason beside its claims means, and on which account it stands."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openinfusion.billing.domain.ledger import Account, Kind, Transfer, provider_adjusted, transfers
from openinfusion.billing.domain.remittance import ProviderAdjustmentIn
from openinfusion.kernel.figures import rows


@dataclass(frozen=True, slots=True)
class ProviderReason:
    """One reason code of a PLB in our words, with its account."""

    code: str
    account: Account
    meaning: str


@cache
def provider_reasons() -> dict[str, ProviderReason]:
    """Every reason on file, by code."""
    found = rows(__package__, "data/provider_adjustments.toml")
    return {r["code"]: ProviderReason(r["code"], Account(r["account"]), r["meaning"]) for r in found}


def provider_transfers(p: ProviderAdjustmentIn) -> tuple[Transfer, ...]:
    """What it moves: on its reason's own account; unapplied, where the reason is not on file."""
    note = f"{p.reason} {p.reference}".strip()
    known = provider_reasons().get(p.reason)
    if known is None:
        return transfers(Kind.UNAPPLIED, -p.cents, note=note)
    return provider_adjusted(p.cents, known.account, f"{note}: {known.meaning}")


def unknown_reasons(found: tuple[ProviderAdjustmentIn, ...]) -> tuple[str, ...]:
    """A finding for each reason that is not on file."""
    return tuple(
        f"provider adjustment {p.reason or 'without a reason'} is not in our table; its amount waits unapplied"
        for p in found if p.reason not in provider_reasons()
    )
