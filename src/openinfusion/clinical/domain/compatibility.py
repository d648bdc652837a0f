# SPDX-License-Identifier: Apache-2.0
"""Compatibility observations that a site enters from sources it licenses: two persons sign them, and they answer narrowly.

An observation counts only where signed, and speaks only between the concentrations that were tested. No row is no
data: do not run together. Rows that disagree are uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.interaction import Pair, pair_of
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role

NUTRITION = "parenteral_nutrition"
NUTRITION_KINDS = frozenset({"2-in-1", "3-in-1"})


class ObservationState(StrEnum):
    ENTERED = "entered"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class Mode(StrEnum):
    Y_SITE = "y_site"
    ADMIXTURE = "admixture"
    SYRINGE = "syringe"


class Outcome(StrEnum):
    """C: stayed compatible · I: incompatible · U: uncertain, or observers disagree · no_data: nothing covers it."""

    COMPATIBLE = "C"
    INCOMPATIBLE = "I"
    UNCERTAIN = "U"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Mixed:
    """One side of an observation or of an order: the drug, the amount in 1 mL, the diluent (empty: as supplied)."""

    drug: str
    per_ml: Quantity | None
    diluent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What somebody saw when two solutions met."""

    one: Mixed
    other: Mixed
    mode: Mode
    outcome: Outcome
    phenomenon: str = ""
    ratio: str = "1:1"
    hours: int = 4
    celsius: int = 23
    citation: str

    @property
    def pair(self) -> Pair:
        return pair_of(self.one.drug, self.other.drug)

    def side(self, drug: str) -> Mixed:
        return self.one if self.one.drug == drug else self.other


Observations = Mapping[Pair, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class ObservationFacts:
    """What the guards look at."""

    entered_by_actor: bool = False


def signer_is_another_person(f: ObservationFacts) -> Reason | None:
    if not f.entered_by_actor:
        return None
    own = "whoever entered an observation may not sign it"
    return Reason("own-observation", own, "a second pharmacist compares it with the source and signs")


_S = ObservationState

OBSERVATION: Machine[ObservationState, ObservationFacts] = Machine(
    name="clinical.observation",
    initial=_S.ENTERED,
    steps=(
        Step("sign", _S.ENTERED, _S.SIGNED, permissions.SIGN_OBSERVATION.code, "Compare and sign",
             "{actor} compared {subject} with its source and signed", (signer_is_another_person,), "ok", sign="compared"),
        *(Step("withdraw", s, _S.WITHDRAWN, permissions.SIGN_OBSERVATION.code, "Withdraw",
               "{actor} withdrew {subject}", (), "warn", True) for s in (_S.ENTERED, _S.SIGNED)),
    ),
    owners={_S.ENTERED: Role.PHARMACIST, _S.SIGNED: "", _S.WITHDRAWN: ""},
    tones={_S.ENTERED: "wait", _S.SIGNED: "ok", _S.WITHDRAWN: "idle"},
)


def check_observation(seen: Observation) -> None:
    """Malformed with everything that would make the row useless."""
    faults = [Fault("amount", f"the concentration of {s.drug} is more than zero")
              for s in (seen.one, seen.other) if s.per_ml is None or s.per_ml.amount <= 0]
    if seen.one.drug == seen.other.drug:
        faults.append(Fault("drugs", "two different drugs are observed"))
    if seen.outcome is Outcome.NO_DATA:
        faults.append(Fault("outcome", "an observation has a result: C, I or U"))
    if seen.outcome is Outcome.INCOMPATIBLE and not seen.phenomenon.strip():
        faults.append(Fault("phenomenon", "say what was seen: haze, particles, gas, colour"))
    if not seen.citation.strip():
        faults.append(Fault("citation", "say where it is published"))
    for s in (seen.one, seen.other):
        if s.drug == NUTRITION and s.diluent not in NUTRITION_KINDS:
            faults.append(Fault("diluent", f"for nutrition say {' or '.join(sorted(NUTRITION_KINDS))}"))
    if faults:
        raise Malformed(*faults)


def verdict(one: Mixed, other: Mixed, rows: Iterable[Observation], mode: Mode = Mode.Y_SITE) -> Outcome:
    """What the signed rows of a pair say about these two concentrations."""
    fitting = [r for r in rows if r.mode is mode and _fits(one, r) and _fits(other, r)]
    if NUTRITION in (one.drug, other.drug):
        kinds = {r.side(NUTRITION).diluent for r in fitting}
        if kinds != NUTRITION_KINDS:  # an order does not tell which it is, so both must be known
            return Outcome.NO_DATA
        parts = [[r for r in fitting if r.side(NUTRITION).diluent == kind] for kind in sorted(kinds)]
    else:
        parts = [fitting]
    said = {_agreed(one, other, part) for part in parts}
    return said.pop() if len(said) == 1 else Outcome.NO_DATA if Outcome.NO_DATA in said else Outcome.UNCERTAIN


def _fits(mine: Mixed, row: Observation) -> bool:
    seen = row.side(mine.drug)
    if mine.drug == NUTRITION:
        return True  # its sides differ by kind, not by concentration
    if mine.per_ml is None or seen.per_ml is None or mine.per_ml.unit.dimension is not seen.per_ml.unit.dimension:
        return False
    return mine.diluent == seen.diluent


def _agreed(one: Mixed, other: Mixed, rows: list[Observation]) -> Outcome:
    if not rows or not _bracketed(one, rows) or not _bracketed(other, rows):
        return Outcome.NO_DATA
    said = {r.outcome for r in rows}
    return said.pop() if len(said) == 1 else Outcome.UNCERTAIN


def _bracketed(mine: Mixed, rows: list[Observation]) -> bool:
    if mine.drug == NUTRITION:
        return True
    tested = [t for r in rows if (t := r.side(mine.drug).per_ml) is not None]
    return mine.per_ml is not None and min(tested) <= mine.per_ml <= max(tested)
