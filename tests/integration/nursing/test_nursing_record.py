# SPDX-License-Identifier: Apache-2.0
"""The record section by section: what is checked, what is refused, what happens to two versions, and who hears of it."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit, Phone, Reaction, SectionEntry
from openinfusion.nursing.queries.packet import packet
from openinfusion.platform.clock import now, told
from openinfusion.quality import public as quality

SIGNED = {"signed_name": "Amara Sampleton", "signed_relation": "self", "strokes": "M1 1 L2 2"}


def begun(thread: Any, visit_type: str = "infusion", therapy_id: UUID | None = None, hours: int = 1) -> UUID:
    """A visit of the nurse, in progress."""
    visit_id = nursing.request_visit(
        therapy_id=therapy_id or thread.bench.therapy(), purpose="weekly", visit_type=visit_type, by=thread.manager)
    start = now() + timedelta(hours=hours)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=1),
                        by=thread.manager)
    for step in ("accept", "confirm", "set_out", "arrive"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    return visit_id


def write(thread: Any, visit_id: UUID, section: str, **values: Any) -> UUID:
    return nursing.write_section(visit_id=visit_id, section=section, values=values, by=thread.nurse)


def entries(visit_id: UUID, section: str) -> list[SectionEntry]:
    return list(SectionEntry.objects.filter(visit_id=visit_id, section=section).order_by("made_at"))


def delivered(thread: Any) -> tuple[UUID, compounding.PreparationFact]:
    ticket_id = thread.delivered()
    therapy_id = delivery.ticket(ticket_id).therapy_id
    return therapy_id, compounding.preparations_of_therapy(therapy_id)[-1]


def test_the_drug_is_taken_by_its_label_and_any_other_refused(thread: Any) -> None:
    therapy_id, made = delivered(thread)
    visit_id = begun(thread, therapy_id=therapy_id)
    with pytest.raises(Refused, match="no label of this pharmacy"):
        write(thread, visit_id, "drug", code="OI1*NOSUCH1*1*X")
    with pytest.raises(Refused, match="no product with its lot and expiry"):
        write(thread, visit_id, "drug", code="0100312345678906")
    code = compounding.label_code(made.lot_number, 1)
    with told(made.beyond_use_at), pytest.raises(Refused, match=r"past its beyond-use date \(.* C[SD]T\)"):
        write(thread, visit_id, "drug", code=code)
    assert entries(visit_id, "drug") == []
    write(thread, visit_id, "drug", code=code)
    (entry,) = entries(visit_id, "drug")
    assert entry.values["code"] == code and entry.values["lot"] == made.lot_number
    other = begun(thread, hours=4)
    with pytest.raises(Refused, match="another therapy"):
        write(thread, other, "drug", code=code)


def test_a_recalled_lot_in_the_bag_is_refused_and_what_was_given_all_the_same_is_looked_into(thread: Any) -> None:
    therapy_id, made = delivered(thread)
    lot_id = compounding.ingredients(made.work_order_id)[0].lots[0].lot_id
    inventory.advance_lot(lot_id=lot_id, step="recall", reason="class II recall", by=thread.bench.pharmacist)
    visit_id, code = begun(thread, therapy_id=therapy_id), compounding.label_code(made.lot_number, 1)
    with pytest.raises(Refused, match="contains recalled lot"):
        write(thread, visit_id, "drug", code=code)
    nursing.write_section(visit_id=visit_id, section="drug", values={"code": code}, despite="it had run in before the recall was known",
                          by=thread.nurse)
    (entry,) = entries(visit_id, "drug")
    assert "recalled" in entry.problems[0] and entry.why.startswith("it had run")
    thread.bench.tell()
    assert any("in spite of a check" in i.title for i in quality.open_incidents())


def test_a_section_written_upon_an_old_version_is_refused_and_both_are_kept_when_chosen(thread: Any) -> None:
    visit_id = begun(thread, "line_care")
    write(thread, visit_id, "line", line_site="left", line_flushes="yes")
    late = {"visit_id": visit_id, "section": "line", "values": {"line_site": "right", "line_flushes": "no"}, "by": thread.nurse}
    with pytest.raises(Stale, match="changed since"):
        nursing.write_section(base=0, **late)
    assert nursing.record(visit_id).line_site == "left" and len(entries(visit_id, "line")) == 1
    with pytest.raises(Malformed, match="mine or theirs"):
        nursing.resolve_conflict(keeps="both", base=1, **late)
    nursing.resolve_conflict(keeps="theirs", base=1, **late)
    assert nursing.record(visit_id).line_site == "left"
    nursing.resolve_conflict(keeps="mine", base=1, **late)
    assert nursing.record(visit_id).line_site == "right" and nursing.record(visit_id).line_flushes is False
    assert [(e.values["line_site"], e.stands, e.against) for e in entries(visit_id, "line")] == [
        ("left", False, None), ("right", False, 1), ("right", True, 1)]
    with pytest.raises(Stale):
        nursing.resolve_conflict(keeps="mine", base=1, **late)


def test_the_old_way_of_writing_counts_versions_too(thread: Any) -> None:
    visit_id = begun(thread, "line_care")
    write(thread, visit_id, "line", line_site="left", line_flushes="yes")
    nursing.write_record(visit_id=visit_id, entries=nursing.VisitEntries(line_site="elsewhere"), by=thread.nurse)
    assert NurseVisit.objects.get(pk=visit_id).section_versions == {"line": 2}
    with pytest.raises(Stale):
        nursing.write_section(visit_id=visit_id, section="line", values={}, base=1, by=thread.nurse)


def test_a_record_is_finished_when_its_type_has_all_it_needs(thread: Any) -> None:
    visit_id, at = begun(thread, "lab_draw"), now() - timedelta(minutes=30)
    with pytest.raises(Refused, match="blood drawn"):
        nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    with pytest.raises(Malformed, match="no section"):
        write(thread, visit_id, "kit", kit_on_hand="yes")
    write(thread, visit_id, "identity", identifiers=["name", "birth date"])
    write(thread, visit_id, "line", line_site="left", line_flushes="yes")
    write(thread, visit_id, "labs", labs_drawn=["vancomycin trough"], labs_at=at.isoformat(), labs_from="line")
    write(thread, visit_id, "closing", started_at=at.isoformat(), ended_at=(at + timedelta(minutes=25)).isoformat())
    write(thread, visit_id, "patient", signed_name="Amara", signed_relation="self")
    with pytest.raises(Refused, match="sent with.*a signature"):
        nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    write(thread, visit_id, "labs", labs_drawn=["vancomycin trough"], labs_at=at.isoformat(), labs_from="line", labs_sent="courier")
    write(thread, visit_id, "patient", **SIGNED)
    nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    assert nursing.visit(visit_id).minutes == 25


def test_a_reaction_is_reported_told_upwards_and_waits_until_the_prescriber_is_told(thread: Any) -> None:
    visit_id = begun(thread)
    with pytest.raises(Malformed, match="grade from 1 to 5"):
        write(thread, visit_id, "reaction", reaction="infusion", reaction_text="flushed")
    said = {"reaction": "infusion", "reaction_text": "flushed, itching", "reaction_action": "stopped, antihistamine"}
    write(thread, visit_id, "reaction", reaction_grade=3, **said)
    thread.bench.tell()
    (event,) = clinical.events_where(patient_id=thread.bench.patient_id)
    assert (event.family, event.kind, event.harm) == ("adverse_reaction", "infusion_reaction", "severe")
    assert any("grade 3" in i.title for i in quality.open_incidents())
    assert nursing.waiting(thread.bench.pharmacist).counts["Reaction"] == 1
    row = Reaction.objects.get(visit_id=visit_id)
    with pytest.raises(Malformed):
        nursing.tell_prescriber(reaction_id=row.id, how=" ", by=thread.nurse)
    nursing.tell_prescriber(reaction_id=row.id, how="by telephone, do not go on today", by=thread.bench.pharmacist)
    with pytest.raises(Refused, match="already"):
        nursing.tell_prescriber(reaction_id=row.id, how="again", by=thread.nurse)
    assert "Reaction" not in nursing.waiting(thread.bench.pharmacist).counts
    write(thread, visit_id, "reaction", reaction_grade=4, **said)
    assert nursing.waiting(thread.bench.pharmacist).counts["Reaction"] == 1 and Reaction.objects.count() == 1
    (event,) = clinical.events_where(patient_id=thread.bench.patient_id)
    assert event.harm == "life_threatening", "what got worse is worse in clinical as well"
    thread.bench.tell()
    assert len([i for i in quality.open_incidents() if "eaction" in i.title]) == 1
    clinical.advance_event(event_id=event.id, step="review", related="related", reason="during the infusion", by=thread.bench.pharmacist)
    write(thread, visit_id, "reaction", reaction_grade=5, **said)
    assert [e.state for e in clinical.events_where(patient_id=thread.bench.patient_id)] == ["reported"], "it is judged again"
    with pytest.raises(Refused, match="by what is recorded"):
        clinical.advance_event(event_id=event.id, step="worsen", by=thread.bench.pharmacist)


def test_a_reaction_of_the_line_names_the_device(thread: Any) -> None:
    visit_id = begun(thread)
    write(thread, visit_id, "reaction", reaction="line", reaction_grade=1, reaction_text="redness", reaction_action="watched")
    (event,) = clinical.events_where(patient_id=thread.bench.patient_id)
    assert event.family == "line_event" and event.device


def test_vitals_and_rates_are_added_and_a_second_rate_at_that_minute_refused(thread: Any) -> None:
    visit_id, at = begun(thread, "general"), now() - timedelta(minutes=20)
    signs = {"temperature_c": "36.8", "pulse_per_min": 70, "respirations_per_min": 14, "systolic_mmhg": 120, "diastolic_mmhg": 80}
    for minutes in (0, 10):
        write(thread, visit_id, "vitals", vitals_at=(at + timedelta(minutes=minutes)).isoformat(), **signs)
    assert len(nursing.record(visit_id).vitals) == 2
    with pytest.raises(Malformed, match="is needed"):
        write(thread, visit_id, "vitals", vitals_at=at.isoformat())
    write(thread, visit_id, "rate", rate_at=at.isoformat(), rate_ml_per_h="42")
    with pytest.raises(Malformed, match="already a rate step"):
        write(thread, visit_id, "rate", rate_at=at.isoformat(), rate_ml_per_h="84")
    assert nursing.record(visit_id).rates[0].rate_ml_per_h == Decimal(42) and len(entries(visit_id, "rate")) == 1


def test_an_entry_the_record_no_longer_takes_is_kept_beside_it(thread: Any) -> None:
    visit_id = begun(thread, "line_care")
    nursing.report_miss(visit_id=visit_id, kind="refused", reason_code="refused_visit", next_step="reschedule", told=["nurse manager"],
                        by=thread.nurse)
    values = {"line_site": "left"}
    with pytest.raises(Refused, match="the record is missed"):
        write(thread, visit_id, "line", **values)
    with pytest.raises(Malformed, match="say why"):
        nursing.set_aside(visit_id=visit_id, section="line", values=values, why="", by=thread.nurse)
    nursing.set_aside(visit_id=visit_id, section="line", values=values, why="the visit was closed meanwhile", by=thread.nurse)
    (entry,) = entries(visit_id, "line")
    assert not entry.stands and nursing.record(visit_id).line_site == ""


def test_a_phone_carries_the_visits_and_a_revoked_one_sends_nothing(thread: Any) -> None:
    visit_id = begun(thread, "line_care")
    phone_id = nursing.register_phone(name="Nan's phone", by=thread.nurse)
    nursing.prepare_phone(device_id=phone_id, by=thread.nurse)
    phone = Phone.objects.get(pk=phone_id)
    assert phone.visits == [str(visit_id)] and phone.good_until is not None
    with pytest.raises(Refused, match="another nurse"):
        nursing.prepare_phone(device_id=phone_id, by=thread.manager)
    late = {"visit_id": visit_id, "section": "line", "values": {"line_site": "left"}, "device_id": phone_id, "by": thread.nurse}
    nursing.revoke_phone(device_id=phone_id, reason="lost", by=thread.manager)
    for refused in (lambda: nursing.write_section(**late), lambda: nursing.prepare_phone(device_id=phone_id, by=thread.nurse)):
        with pytest.raises(Refused, match="revoked"):
            refused()
    with pytest.raises(Refused):
        nursing.allow_phone(device_id=phone_id, reason="found", by=thread.nurse)
    nursing.allow_phone(device_id=phone_id, reason="found", by=thread.manager)
    with pytest.raises(Malformed, match="future"):
        nursing.write_section(at=now() + timedelta(hours=1), **late)
    nursing.write_section(at=now() - timedelta(hours=5), **late)
    (entry,) = entries(visit_id, "line")
    assert entry.device_id == phone_id and entry.said_at < entry.made_at - timedelta(hours=4)


def test_a_packet_says_all_a_nurse_needs_without_a_network(thread: Any) -> None:
    therapy_id, made = delivered(thread)
    visit_id = begun(thread, "first_dose", therapy_id)
    found = packet(NurseVisit.objects.get(pk=visit_id), thread.nurse)
    assert found["drugs"][0]["codes"][0] == compounding.label_code(made.lot_number, 1) and found["drugs"][0]["against"] == []
    assert found["patient"]["allergies"] == "none known" and found["patient"]["usual"]["pulse_per_min"] == ["50", "110"]
    assert {s["code"] for s in found["sections"]} >= set(found["type"]["needed"])
    assert [s["name"] for s in found["steps"]] == ["document"]
