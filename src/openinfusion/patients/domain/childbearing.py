# SPDX-License-Identifier: Apache-2.0
"""Whether a patient is pregnant or lactating, as the patient was asked. That nobody asked is an answer, too."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.standing import Source


class About(StrEnum):
    PREGNANCY = "pregnancy"
    LACTATION = "lactation"


class Said(StrEnum):
    YES = "yes"
    NO = "no"
    IMPOSSIBLE = "impossible"  # cannot become pregnant
    UNKNOWN = "unknown"  # asked; the patient cannot or will not say
    NOT_ASKED = "not_asked"


_WORDS = {
    (About.PREGNANCY, Said.YES): "pregnant", (About.PREGNANCY, Said.NO): "not pregnant",
    (About.PREGNANCY, Said.IMPOSSIBLE): "cannot become pregnant",
    (About.LACTATION, Said.YES): "lactating", (About.LACTATION, Said.NO): "not lactating",
}


@dataclass(frozen=True, slots=True)
class AskedFact:
    """The newest answer about one thing. No day where nobody asked."""

    id: UUID
    about: About
    said: Said
    asked_on: date | None
    asked_by: str

    @property
    def words(self) -> str:
        """As a person says it."""
        return words_of(self.about, self.said)


@dataclass(frozen=True, slots=True)
class AskedAges:
    """Whom the chart asks: from these years of age to below those."""

    from_years: int
    below_years: int
    source: Source

    def holds(self, age: int) -> bool:
        return self.from_years <= age < self.below_years


def words_of(about: About, said: Said) -> str:
    """Pregnant; not lactating; pregnancy: not asked."""
    told = {Said.UNKNOWN: "asked, not known"}.get(said, said.value.replace("_", " "))
    return _WORDS.get((about, said), f"{about.value}: {told}")


def check_asked(about: str, said: str, asked_on: date | None, today: date) -> tuple[About, Said]:
    """Both as they are kept; Malformed with every fault."""
    faults = []
    if about not in set(About):
        faults.append(Fault("about", f"“{about}” is neither pregnancy nor lactation"))
    if said not in set(Said):
        faults.append(Fault("said", f"“{said}” is no answer; known are {', '.join(Said)}"))
    elif said == Said.IMPOSSIBLE and about == About.LACTATION:
        faults.append(Fault("said", "“cannot become pregnant” is no answer about lactation"))
    elif (said == Said.NOT_ASKED) != (asked_on is None):
        faults.append(Fault("asked_on", "an answer has the day it was asked; nobody asked has none"))
    if asked_on is not None and asked_on > today:
        faults.append(Fault("asked_on", "lies in the future"))
    if faults:
        raise Malformed(*faults)
    return About(about), Said(said)
