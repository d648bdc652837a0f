# SPDX-License-Identifier: Apache-2.0
"""How long a patient sits and the chair is taken, and how much one nurse watches at once. Instants; spans are half-open."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.suite_terms import SuiteTerms


@dataclass(frozen=True, slots=True)
class ChairTime:
    """From sitting down until the chair is clean again."""

    starts_at: datetime
    infusion_ends_at: datetime
    observation_ends_at: datetime
    turnover_ends_at: datetime


def chair_time(starts_at: datetime, infusion_minutes: int, observation_minutes: int, terms: SuiteTerms) -> ChairTime:
    """Set-up and infusion, then observation and disconnecting, then turnover."""
    infused = starts_at + timedelta(minutes=terms.setup_minutes + infusion_minutes)
    observed = infused + timedelta(minutes=observation_minutes + terms.disconnect_minutes)
    return ChairTime(starts_at, infused, observed, observed + timedelta(minutes=terms.turnover_minutes))


@dataclass(frozen=True, slots=True)
class Sitting:
    """Another appointment of that day, as far as a place is concerned. 

    ``until``: the patient leaves; ``clean``: the chair is free. ``second``: who watches beside the nurse, where two do.
    """

    number: str
    chair_id: UUID
    nurse: UUID
    site_id: UUID
    starts_at: datetime
    until: datetime
    clean: datetime
    acuity: int
    patient_id: UUID | None = None
    second: UUID | None = None


def against_chair(chair_id: UUID, time: ChairTime, others: Iterable[Sitting]) -> Iterator[Reason]:
    """Who sits in the chair then."""
    for o in others:
        if o.chair_id == chair_id and o.starts_at < time.turnover_ends_at and time.starts_at < o.clean:
            yield Reason("chair-taken", f"{o.number} has that chair then", "choose another chair or time")


def against_patient(patient_id: UUID, time: ChairTime, others: Iterable[Sitting]) -> Iterator[Reason]:
    """The patient sits somewhere else then."""
    for o in others:
        if o.patient_id == patient_id and o.starts_at < time.observation_ends_at and time.starts_at < o.until:
            yield Reason("patient-sits", f"the patient has {o.number} at that time", "choose another time")


def against_load(
    nurse: UUID, site_id: UUID, time: ChairTime, acuity: int, others: Iterable[Sitting], limit: int,
) -> Iterator[Reason]:
    """Why a nurse cannot watch one more: more acuity than her limit at some instant, or she is at another suite then."""
    meanwhile = (o for o in others if o.starts_at < time.observation_ends_at and time.starts_at < o.until)
    hers = [o for o in meanwhile if nurse in (o.nurse, o.second)]
    elsewhere = [o for o in hers if o.site_id != site_id]
    if elsewhere:
        yield Reason("other-suite", f"the nurse is at another suite then ({elsewhere[0].number})", "choose another nurse")
    most = acuity + max((load_at(hers, at) for at in {time.starts_at, *(o.starts_at for o in hers)} if at >= time.starts_at),
                        default=0)
    if most > limit:
        text = f"the nurse would watch an acuity of {most} at once, and {limit} is the limit"
        yield Reason("nurse-load", text, "choose another nurse or time")


def load_at(sitting: Iterable[Sitting], at: datetime) -> int:
    """The acuity watched at an instant."""
    return sum(o.acuity for o in sitting if o.starts_at <= at < o.until)


def against_hours(time: ChairTime, opens: datetime, latest: datetime) -> Iterator[Reason]:
    """Whether the patient would sit outside of the suite's hours."""
    if time.starts_at < opens:
        yield Reason("before-open", f"the suite opens at {opens:%H:%M}", "choose a later time")
    if time.observation_ends_at > latest:
        yield Reason("after-close", f"nobody sits after {latest:%H:%M}", "choose an earlier time")
