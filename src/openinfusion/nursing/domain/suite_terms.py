# SPDX-License-Identifier: Apache-2.0
"""How a suite works: hours, minutes around an infusion, acuity a nurse may watch. The house's dated rows, or a site's own."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken, Fault, Malformed

MOST_ACUITY = 3


@dataclass(frozen=True, slots=True)
class SuiteTerms:
    """``nurse_acuity``: the sum of acuities one nurse watches at once; a patient counts 1, 2 or 3.

    ``observation_minutes`` after a first dose; ``grace_minutes`` until a patient who has not come may be recorded as missed;
    ``prep_minutes`` at the bench for a drug that is not made yet; ``benches``: preparations at once.
    """

    opens: time
    closes: time
    latest: time
    nurse_acuity: int
    setup_minutes: int
    disconnect_minutes: int
    turnover_minutes: int
    observation_minutes: int
    grace_minutes: int
    prep_minutes: int
    benches: int
    effective_from: date
    source: str
    status: str


def house_terms(on: date) -> SuiteTerms:
    """The newest row of the house in force on a day; Broken where none is."""
    held = [r for r in rows(__package__, "data/suite_terms.toml") if r["effective_from"] <= on]
    if not held:
        raise Broken(f"no terms of a suite are in force on {on}")
    r = max(held, key=lambda x: x["effective_from"])
    hours = {name: time.fromisoformat(r[name]) for name in ("opens", "closes", "latest")}
    return SuiteTerms(**{**r, **hours})


def must_be_sound(t: SuiteTerms) -> None:
    """Malformed where hours do not follow each other or a figure cannot be."""
    faults = list(_faults(t))
    if faults:
        raise Malformed(*faults)


def _faults(t: SuiteTerms) -> Iterator[Fault]:
    if not t.opens < t.closes <= t.latest:
        yield Fault("opens", "opens, closes and latest follow each other")
    if not 1 <= t.nurse_acuity <= 20:
        yield Fault("nurse_acuity", "1 to 20")
    for name in ("setup", "disconnect", "turnover", "observation", "grace", "prep"):
        if not 0 <= getattr(t, f"{name}_minutes") <= 240:
            yield Fault(f"{name}_minutes", "0 to 240")
    if not 1 <= t.benches <= 20:
        yield Fault("benches", "1 to 20")
    if not t.source.strip():
        yield Fault("source", "say where the figures come from")
