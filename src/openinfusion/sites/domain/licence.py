# SPDX-License-Identifier: Apache-2.0
"""Licences of a site, and whether it may ship to a state.

Which states ask for a permit of their own for sterile compounding is not on file: where a permit was never recorded the
system says that it cannot judge; one that is on record and has expired stops the shipment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.kernel.refusal import Reason


class LicenceKind(StrEnum):
    PHARMACY = "pharmacy"  # resident, in the site's own state
    NONRESIDENT = "nonresident_pharmacy"
    STERILE = "sterile_permit"
    CONTROLLED = "controlled_substances"
    DEA = "dea"
    NPI = "npi"
    PTAN = "ptan"
    ACCREDITATION = "accreditation"

    @property
    def label(self) -> str:
        return _WORDS.get(self.value, self.value.replace("_", " "))


_WORDS = {
    "npi": "NPI",
    "dea": "DEA registration",
    "ptan": "PTAN (Medicare)",
    "sterile_permit": "sterile compounding permit",
    "nonresident_pharmacy": "nonresident pharmacy",
}
LASTING = frozenset({LicenceKind.NPI, LicenceKind.PTAN})  # numbers that need no renewal


@dataclass(frozen=True, slots=True)
class SiteLicenceFact:
    """A licence on record; ``expires_on`` is the last day it holds, None where it needs no renewal."""

    kind: LicenceKind
    state: str
    number: str
    expires_on: date | None

    def holds(self, on: date) -> bool:
        return self.expires_on is None or on <= self.expires_on


def reasons_against_shipping(
    held: Sequence[SiteLicenceFact], *, site: str, home: str, to: str, on: date, controlled: bool = False
) -> tuple[Reason, ...]:
    """Every reason why a site may not ship to a state on a day."""
    kind = LicenceKind.PHARMACY if to == home else LicenceKind.NONRESIDENT
    found = [_needs(held, kind, to, on, site)]
    found.append(_expired(held, LicenceKind.STERILE, to, on, site))
    if controlled:
        found.append(_needs(held, LicenceKind.DEA, home, on, site))
        found.append(_expired(held, LicenceKind.CONTROLLED, to, on, site))
    return tuple(r for r in found if r is not None)


def cannot_judge(held: Sequence[SiteLicenceFact], to: str) -> tuple[str, ...]:
    """What is not known about shipping there."""
    if any(x.kind is LicenceKind.STERILE and x.state == to for x in held):
        return ()
    return (f"whether {to} asks for a sterile compounding permit is not on file",)


def _needs(held: Sequence[SiteLicenceFact], kind: LicenceKind, state: str, on: date, site: str) -> Reason | None:
    if not any(x.kind is kind and x.state == state for x in held):
        return Reason("ship-unlicensed", f"{site} has no {kind.label} licence for {state} on record", "compliance records it")
    return _expired(held, kind, state, on, site)


def _expired(held: Sequence[SiteLicenceFact], kind: LicenceKind, state: str, on: date, site: str) -> Reason | None:
    mine = [x for x in held if x.kind is kind and x.state == state]
    if not mine or any(x.holds(on) for x in mine):
        return None
    last = max(x.expires_on for x in mine if x.expires_on is not None)
    text = f"{site}'s {kind.label} for {state} expired on {last:%d-%b-%Y}"
    return Reason("ship-expired", text, "compliance records the renewal")
