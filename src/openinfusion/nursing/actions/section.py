# SPDX-License-Identifier: Apache-2.0
"""Writing one section of a visit's record; a device that did not know the last version is told so; both are kept."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from openinfusion.catalog import public as catalog
from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused, Stale
from openinfusion.nursing.actions.reaction import note_reaction
from openinfusion.nursing.actions.shelf import take_from_shelf
from openinfusion.nursing.adapters import take_turns
from openinfusion.nursing.domain.entry import read_values
from openinfusion.nursing.domain.figure import figure
from openinfusion.nursing.domain.infusion_record import RateStep, Vitals
from openinfusion.nursing.domain.kit import kit_reasons
from openinfusion.nursing.domain.rate_stop import against_rate
from openinfusion.nursing.domain.visit_form import section as section_of
from openinfusion.nursing.events import EntryQuestioned
from openinfusion.nursing.models import NurseVisit, Phone, RateReading, SectionEntry, VitalSigns
from openinfusion.nursing.permissions import MAKE
from openinfusion.nursing.queries import sections_of
from openinfusion.nursing.queries.drug import drug_reasons, drug_told, is_own_label, pump_reasons
from openinfusion.nursing.queries.package import package_key, package_turn
from openinfusion.nursing.queries.rate_plans import running
from openinfusion.nursing.queries.shelf import SECTION as SHELF
from openinfusion.nursing.queries.shelf import Judged, code_of, judge, more_than_ordered
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy

COLUMNS = {
    "identity": ("identifiers",), "line": ("line_site", "line_note", "line_flushes", "line_blood_return"),
    "reaction": ("reaction", "reaction_text", "reaction_grade", "reaction_action"), "teaching": ("taught", "taught_back"),
    "waste": ("wasted_ml", "waste_text"), "closing": ("started_at", "ended_at", "note"),
}
_TRUE = {"line_flushes", "line_blood_return", "taught_back"}
_TIMES = {"started_at", "ended_at"}
_SCANNED = {"drug", SHELF}  # sections that take a package by its code


@dataclass(frozen=True, slots=True)
class Said:
    """One entry as it was made: by whom, on which device, when, and knowing which version. ``despite``: why what the

    checks speak against is kept in the record all the same, because it was done.
    """

    section: str
    values: Mapping[str, Any]
    base: int | None = None
    at: datetime | None = None
    device_id: UUID | None = None
    despite: str = ""


@dataclass(slots=True)
class Written:
    """What an entry changes on its visit."""

    columns: dict[str, Any] = field(default_factory=dict)
    news: list[News] = field(default_factory=list)


@action
def write_section(
    *, visit_id: UUID, section: str, values: Mapping[str, Any], by: Actor, base: int | None = None, at: datetime | None = None,
    device_id: UUID | None = None, despite: str = "",
) -> UUID:
    """Write a section of the record of a visit in progress. Stale where it was changed since version ``base``."""
    visit = open_record(visit_id, by)
    said = Said(section, values, base, at, device_id, despite.strip())
    must_know_the_last(visit, said)
    written = keep(visit, said, by)
    revise(
        visit, "nursing.record.write", "{actor} wrote into the record of visit {subject}: {what}.", by=by, news=written.news,
        noted={"what": section_of(section).title.lower()}, **written.columns,
    )
    return visit.id


@action
def resolve_conflict(
    *, visit_id: UUID, section: str, values: Mapping[str, Any], keeps: str, base: int, by: Actor, at: datetime | None = None,
    device_id: UUID | None = None,
) -> UUID:
    """After a conflict the nurse chose: ``keeps`` is "mine" (the device's entry stands now) or "theirs". Both stay on record."""
    if keeps not in {"mine", "theirs"}:
        raise Malformed(Fault("keeps", "mine or theirs"))
    visit = open_record(visit_id, by)
    said = Said(section, values, base, at, device_id)
    must_know_the_last(visit, said)
    if keeps == "mine":
        written = keep(visit, said, by, against=base)
    else:
        written = Written()
        _kept_beside(visit, said, by, why="the other version was chosen", against=base)
    which = "the one of the phone" if keeps == "mine" else "the one on record"
    revise(
        visit, "nursing.record.choose", "{actor} found two versions of {what} of visit {subject} and kept {which}.", by=by,
        news=written.news, noted={"what": section_of(section).title.lower(), "which": which}, **written.columns,
    )
    return visit.id


@action
def set_aside(
    *, visit_id: UUID, section: str, values: Mapping[str, Any], why: str, by: Actor, at: datetime | None = None,
    device_id: UUID | None = None,
) -> UUID:
    """Keep an entry that the record no longer takes (closed, given to another nurse) beside it, for the manager to see."""
    by.must(MAKE)
    if not why.strip():
        raise Malformed(Fault("why", "say why it could not be written"))
    visit = lock(NurseVisit, visit_id)
    read_values(section, values)
    row = _kept_beside(visit, Said(section, values, None, at, device_id), by, why=why.strip(), against=None)
    write(by, "nursing.record.set_aside", visit, "{actor} set an entry of {what} of visit {subject} aside: {why}.",
          noted={"what": section_of(section).title.lower(), "why": why.strip()})
    return row.id


def open_record(visit_id: UUID, by: Actor, version: int | None = None) -> NurseVisit:
    """The visit, locked, if its record may be written by this person now."""
    by.must(MAKE)
    visit = lock(NurseVisit, visit_id, version)
    if visit.state != "in_progress":
        raise Refused(Reason("record-closed", f"the record is {visit.state.replace('_', ' ')}", "take it up again first"))
    if visit.nurse != by.id:
        raise Refused(Reason("another-nurse", "only the nurse of this visit writes its record"))
    return visit


def must_know_the_last(visit: NurseVisit, said: Said) -> None:
    """Stale where a section was changed since the version this entry was made upon; one that repeats is only added to."""
    last = visit.section_versions.get(said.section, 0)
    if said.base is not None and said.base != last and not section_of(said.section).repeats:
        raise Stale(f"{section_of(said.section).title} was changed since this was written (version {last}, not {said.base})")


def keep(visit: NurseVisit, said: Said, by: Actor, against: int | None = None) -> Written:
    """Keep an entry as the record and put what other rooms read into its columns."""
    if said.section not in sections_of(visit):
        raise Malformed(Fault("section", f"this type of visit has no section “{said.section}”"))
    values = read_values(said.section, said.values)
    if said.section == "pump" and not said.despite:  # its own field asks why a pump that differs is used
        said = replace(said, despite=str(values.get("pump_differs_why") or "").strip())
    at = _said_at(said)
    take_package_turns([said])
    judged = _checks(visit, said.section, values, at)
    found = judged.reasons
    if found and not said.despite:
        raise Refused(*found)
    values |= _told(visit, said.section, values, judged)
    if said.section in visit.section_versions and not section_of(said.section).repeats:
        SectionEntry.objects.filter(visit=visit, section=said.section, stands=True).update(stands=False)
    number = visit.section_versions.get(said.section, 0) + 1
    device = _device(said.device_id, by)

    def kept(problems: Sequence[Reason]) -> SectionEntry:
        return SectionEntry.objects.create(
            visit=visit, section=said.section, number=number, values=values, said_at=at, written_by=by.id, writer_name=by.name,
            device=device, problems=[r.text for r in problems], why=said.despite, against=against,
            package=package_key(code_of(values)) if said.section in _SCANNED else "",
        )

    if judged.source == "shelf" and not found:
        try:
            with transaction.atomic():
                take_from_shelf(visit, kept(()), judged, at, by)
        except Refused as no:  # the ledger knows better than the shelf as it was read; it was given all the same
            if not said.despite:
                raise
            found = no.reasons
            kept(found)
    else:
        kept(found)
    written = Written({"section_versions": visit.section_versions | {said.section: number}})
    if found:
        written.news.append(EntryQuestioned(
            visit_id=visit.id, therapy_id=visit.therapy_id, patient_id=visit.patient_id, site_id=visit.site_id, at=at,
            text=("; ".join(r.text for r in found) + _not_moved(judged))[:800],
        ))
    _project(visit, said.section, values, written, by, at)
    return written


def take_package_turns(said: Iterable[Said]) -> None:
    """Wait until nobody else scans packages of the same lots: each is counted, and its serial seen, before the next."""
    take_turns(turn for one in said if one.section in _SCANNED and (turn := package_turn(code_of(one.values))))


def _told(visit: NurseVisit, section: str, values: Mapping[str, Any], judged: Judged) -> dict[str, str]:
    """What the code says of itself, for the record; at a suite also from where the package was taken, and for what."""
    if section == "drug":
        source = {"drug_from": judged.source} if judged.source else {}
        return drug_told(visit, code_of(values)) | source
    if section != SHELF:
        return {}
    read = {f"shelf_{name.removeprefix('drug_')}": text for name, text in drug_told(visit, code_of(values)).items()}
    return read | ({"shelf_for": f"{judged.asked.given_as.value}, order {judged.asked.order.number}"} if judged.asked else {})


def _not_moved(judged: Judged) -> str:
    """What whoever looks into it must mend by hand: a refused package of the suite's own is not taken from the ledger."""
    return ". No stock was moved and nothing is charged for it: correct the count." if judged.source == "shelf" else ""


def _kept_beside(visit: NurseVisit, said: Said, by: Actor, *, why: str, against: int | None) -> SectionEntry:
    return SectionEntry.objects.create(
        visit=visit, section=said.section, number=visit.section_versions.get(said.section, 0) + 1,
        values=read_values(said.section, said.values), stands=False, said_at=_said_at(said), written_by=by.id,
        writer_name=by.name, device=_device(said.device_id, by), why=why[:500], against=against,
    )


def _said_at(said: Said) -> datetime:
    """When it was said by the device's clock; never later than ours by more than its slack."""
    at = said.at or now()
    if at.tzinfo is None:
        raise Malformed(Fault("at", "is a date and time with its zone"))
    if at > now() + _slack():
        raise Malformed(Fault("at", "lies in the future; set the clock of the phone"))
    return at


def _slack() -> timedelta:
    return timedelta(minutes=int(figure("clock_slack_minutes", house_today())))


def _device(device_id: UUID | None, by: Actor) -> Phone | None:
    """The phone an entry came from; a revoked one, or another nurse's, sends nothing."""
    if device_id is None:
        return None
    phone = lock(Phone, device_id)
    if phone.nurse != by.id:
        raise Refused(Reason("another-phone", "this phone was prepared by another nurse", "that nurse signs in and sends"))
    if phone.revoked_at is not None:
        text = f"this phone was revoked by {phone.revoker_name}; what it holds unsent is kept on it"
        raise Refused(Reason("phone-revoked", text, "the nurse manager allows it again, then send"))
    return phone


def _checks(visit: NurseVisit, section: str, values: Mapping[str, Any], at: datetime) -> Judged:
    """What the house knows against an entry: the wrong drug, another pump, controlled waste without a witness."""
    early = _before_it_began(visit, section, at)
    if section in _SCANNED and visit.in_suite and (section == SHELF or not is_own_label(code_of(values))):
        judged = judge(visit, section, values, at)
        more = more_than_ordered(visit, code_of(values)) if judged.source == "delivered" else ()
        return replace(judged, reasons=(*early, *judged.reasons, *more))
    more = more_than_ordered(visit, code_of(values)) if section == "drug" and visit.in_suite else ()
    return Judged((*early, *_reasons(visit, section, values, at), *more))


def _before_it_began(visit: NurseVisit, section: str, at: datetime) -> tuple[Reason, ...]:
    """A scan is judged by its own day: a clock that runs behind must not make an expired package good."""
    if section not in _SCANNED or visit.started_at is None or at >= visit.started_at - _slack():
        return ()
    return (Reason("scanned-before", "by the clock of the phone this was scanned before the visit began",
                   "set the clock of the phone, and scan it again"),)


def _reasons(visit: NurseVisit, section: str, values: Mapping[str, Any], at: datetime) -> Sequence[Reason]:
    if section == "drug":
        found = drug_reasons(visit, str(values.get("code", "")), at)
        if values.get("drug_from") == "shelf" and not visit.in_suite:
            found.append(Reason("not-in-suite", "this visit is not in a suite: no shelf is here", "scan what was delivered"))
        return found
    if section == "rate":
        return _rate_reasons(visit, values)
    if section == "pump":
        return [*pump_reasons(visit, values), *_pump_above_plan(visit, values)]
    if section == "kit":
        return kit_reasons(values, at.astimezone(zone_at(visit.site_id)).date())
    if section == "waste" and not values.get("waste_witness") and catalog.controlled(therapy(visit.therapy_id).drug_code):
        return [Reason("witness", "wasting a controlled drug needs a witness", "name who saw it")]
    return ()


def _rate_reasons(visit: NurseVisit, values: Mapping[str, Any]) -> list[Reason]:
    step = _rate(values)
    if step.at > now() + _slack():
        raise Malformed(Fault("rate_at", "lies in the future; write a rate when it runs"))
    return list(against_rate(step, running(visit), str(values.get("rate_plan", ""))))


def _pump_above_plan(visit: NurseVisit, values: Mapping[str, Any]) -> list[Reason]:
    """A pump set faster than anything the order and the product's steps let this infusion run at."""
    rate = values.get("pump_rate_ml_per_h")
    now_running = running(visit)
    chosen = now_running.by()
    plans = [chosen] if chosen else list(now_running.plans)
    if rate is None or not plans:
        return []
    most = max(plans, key=lambda p: p.highest)
    if Decimal(str(rate)) <= most.highest:
        return []
    text = f"the pump has {rate} mL/h; {most.label.lower()} lets it run at most at {most.highest.normalize():f} mL/h"
    return [Reason("pump-above-order", text, "call the pharmacist before it runs")]


def _project(
    visit: NurseVisit, section: str, values: Mapping[str, Any], written: Written, by: Actor, at: datetime,
) -> None:
    """What of an entry other rooms read: columns of the visit, rate steps, vital signs, a reaction."""
    for name in COLUMNS.get(section, ()):
        written.columns[name] = _column(name, values.get(name))
    if section == "vitals":
        add_vitals(visit, [_vitals(values)])
    elif section == "rate":
        add_rates(visit, [_rate(values)])
        if values.get("rate_plan") and not visit.rate_plan:
            visit.rate_plan = written.columns["rate_plan"] = values["rate_plan"]
    elif section == "reaction" and values.get("reaction", "none") != "none":
        written.news += note_reaction(visit, values, at, by)


def _column(name: str, value: Any) -> Any:
    if name in _TRUE:
        return None if value is None and name != "taught_back" else value == "yes"
    if name in _TIMES:
        return datetime.fromisoformat(value) if value else None
    if name == "wasted_ml":
        return Decimal(value) if value else None
    if name in {"identifiers", "taught"}:
        return value or []
    return value or (0 if name == "reaction_grade" else "")


def _needs(values: Mapping[str, Any], names: Sequence[str]) -> None:
    faults = [Fault(n, "is needed") for n in names if values.get(n) is None]
    if faults:
        raise Malformed(*faults)


def _vitals(v: Mapping[str, Any]) -> Vitals:
    _needs(v, ("vitals_at", "temperature_c", "pulse_per_min", "respirations_per_min", "systolic_mmhg", "diastolic_mmhg"))
    return Vitals(
        datetime.fromisoformat(v["vitals_at"]), Decimal(v["temperature_c"]), v["pulse_per_min"], v["respirations_per_min"],
        v["systolic_mmhg"], v["diastolic_mmhg"], v.get("spo2_percent"),
    )


def _rate(v: Mapping[str, Any]) -> RateStep:
    _needs(v, ("rate_at", "rate_ml_per_h"))
    return RateStep(datetime.fromisoformat(v["rate_at"]), Decimal(v["rate_ml_per_h"]))


def add_rates(visit: NurseVisit, rates: Sequence[RateStep]) -> None:
    """Add rate steps; Malformed for a negative one or a second one at that minute."""
    if any(r.rate_ml_per_h < 0 for r in rates):
        raise Malformed(Fault("rate", "a rate is not negative"))
    there = set(RateReading.objects.filter(visit=visit).values_list("at", flat=True)) if rates else set()
    if there & {r.at for r in rates}:
        raise Malformed(Fault("rate", "there is already a rate step at that minute"))
    RateReading.objects.bulk_create([RateReading(visit=visit, at=r.at, rate_ml_per_h=r.rate_ml_per_h) for r in rates])


def add_vitals(visit: NurseVisit, vitals: Sequence[Vitals]) -> None:
    """Add sets of vital signs; Malformed for what cannot be a human's."""
    faults = [Fault("vitals", text) for v in vitals for text in _implausible(v)]
    if faults:
        raise Malformed(*faults)
    VitalSigns.objects.bulk_create([
        VitalSigns(
            visit=visit, at=v.at, temperature_c=v.temperature_c, pulse_per_min=v.pulse_per_min,
            respirations_per_min=v.respirations_per_min, systolic_mmhg=v.systolic_mmhg, diastolic_mmhg=v.diastolic_mmhg,
            spo2_percent=v.spo2_percent,
        ) for v in vitals
    ])


def _implausible(v: Vitals) -> list[str]:
    """What cannot be a human's; entry mistakes, not clinical limits."""
    found = []
    if not 25 <= v.temperature_c <= 45:
        found.append(f"{v.temperature_c} °C cannot be a body temperature; was it read in °F?")
    if v.systolic_mmhg <= v.diastolic_mmhg:
        found.append("the systolic pressure is above the diastolic")
    if v.spo2_percent is not None and not 0 < v.spo2_percent <= 100:
        found.append("an oxygen saturation is between 1 and 100 %")
    return found
