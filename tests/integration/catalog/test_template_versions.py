# SPDX-License-Identifier: Apache-2.0
"""Therapy templates as versions: drafted by one pharmacist, signed by another, in force from their day, read by all rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.catalog.actions import load
from openinfusion.catalog.adapters import tables
from openinfusion.catalog.models import Template, TemplateDraft
from openinfusion.catalog.public import AuxiliaryLabel, KitText, TemplateText, text_of
from openinfusion.kernel.refusal import Malformed, NotFound, Refused, Stale
from openinfusion.kernel.waiting import Ask
from openinfusion.platform.clock import today, told
from openinfusion.platform.journal import timeline

TODAY = "America/Chicago"
SAID = {"source": "Policy 21, 2026", "why": "the flush supply changed"}


def day(days: int = 0) -> date:
    return today(TODAY) + timedelta(days=days)


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def changed(**changes: Any) -> TemplateText:
    """What the antibiotic template says now, with these changes."""
    return replace(text_of(catalog.template("antibiotic", day())), **({"visits_per_week": 3} | changes))


def drafted(bench: Any, days: int = 0, **changes: Any) -> UUID:
    return catalog.draft_template(
        therapy_class="antibiotic", effective_from=day(days), content=changed(**changes), by=bench.pharmacist, **SAID,
    )


def proposed(bench: Any, days: int = 0, **changes: Any) -> UUID:
    made = drafted(bench, days, **changes)
    catalog.advance_template_draft(draft_id=made, step="propose", by=bench.pharmacist)
    return made


def signed(bench: Any, days: int = 0, **changes: Any) -> UUID:
    made = proposed(bench, days, **changes)
    catalog.advance_template_draft(draft_id=made, step="sign", by=bench.second_pharmacist.signing("test"))
    return made


def test_a_version_holds_from_its_day_once_another_pharmacist_has_signed_it(bench: Any) -> None:
    before = catalog.template("antibiotic", day())
    made = proposed(bench, days=3)
    assert catalog.template("antibiotic", day(5)).visits_per_week == 1, "not before it is signed"
    sign = {"draft_id": made, "step": "sign"}
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(**sign, by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-draft"}
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(**sign, by=bench.second_pharmacist)
    assert codes(no) == {"signature-missing"}
    catalog.advance_template_draft(**sign, by=bench.second_pharmacist.signing("test"))
    assert catalog.template("antibiotic", day(2)) == before
    held = catalog.template("antibiotic", day(3))
    assert (held.visits_per_week, held.status, held.drafter, held.source.signed_by) == (3, "signed", "Pat One", "Pat Two")
    assert held.per_diem_hcpcs == before.per_diem_hcpcs and held.by_interval == before.by_interval
    assert before.id and catalog.template_version("antibiotic", before.id) == before, "the old one stays readable"
    told_ = [line.sentence for line in timeline(subject_id=made)]
    assert "Pat Two signed" in told_[0] and "Pat One proposed" in told_[1] and "Pat One drafted" in told_[2]
    assert timeline(subject_id=made)[2].reason == SAID["why"] and timeline(subject_id=made)[0].signature == "test"
    assert held.id and "put the template of anti-infective therapy in force" in timeline(subject_id=held.id)[0].sentence


def test_a_draft_begins_as_a_copy_of_the_version_in_force_and_says_nothing_new_until_it_is_changed(bench: Any) -> None:
    made = catalog.draft_template(therapy_class="iron", effective_from=day(1), by=bench.pharmacist, **SAID)
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(draft_id=made, step="propose", by=bench.pharmacist)
    assert codes(no) == {"nothing-changed"}
    content = replace(text_of(catalog.template("iron")), teaching=("signs of a reaction",))
    change = {"draft_id": made, "effective_from": day(2), "content": content, **SAID}
    with pytest.raises(Refused) as no:
        catalog.change_template_draft(**change, by=bench.second_pharmacist)
    assert codes(no) == {"not-your-draft"}
    with pytest.raises(Stale):
        catalog.change_template_draft(**change, by=bench.pharmacist, version=7)
    catalog.change_template_draft(**change, by=bench.pharmacist)
    catalog.advance_template_draft(draft_id=made, step="propose", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        catalog.change_template_draft(**change, by=bench.pharmacist)
    assert codes(no) == {"not-a-draft"}
    assert TemplateDraft.objects.get(pk=made).teaching == ["signs of a reaction"]


def test_one_draft_of_a_class_is_open_at_a_time_and_a_withdrawn_one_says_why(bench: Any) -> None:
    made = proposed(bench)
    with pytest.raises(Refused) as no:
        drafted(bench)
    assert codes(no) == {"draft-open"}
    catalog.advance_template_draft(draft_id=made, step="hand_back", reason="name the flush", by=bench.second_pharmacist)
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(draft_id=made, step="withdraw", by=bench.pharmacist)
    assert codes(no) == {"reason-missing"}
    catalog.advance_template_draft(draft_id=made, step="withdraw", reason="not now", by=bench.pharmacist)
    assert timeline(subject_id=made)[0].reason == "not now"
    assert drafted(bench) != made


def test_a_day_that_has_passed_or_is_taken_and_a_base_that_changed_are_refused(bench: Any) -> None:
    with pytest.raises(Malformed, match="today or later"):
        drafted(bench, days=-1)
    signed(bench, days=4)
    made = proposed(bench, days=6, visits_per_week=5)
    signing = {"draft_id": made, "step": "sign", "by": bench.second_pharmacist.signing("test")}
    TemplateDraft.objects.filter(pk=made).update(effective_from=day(4))
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(**signing)
    assert codes(no) == {"date-taken"}
    TemplateDraft.objects.filter(pk=made).update(effective_from=day(1))
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(**signing)
    assert codes(no) == {"base-changed"}
    TemplateDraft.objects.filter(pk=made).update(effective_from=day(-1))
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(**signing)
    assert "date-past" in codes(no)


def test_the_database_holds_the_second_person_and_the_one_open_draft(bench: Any) -> None:
    made = proposed(bench)
    draft, version = TemplateDraft.objects.filter(pk=made), Template.objects.filter(therapy_class="antibiotic")
    held = version.get().id
    for wrong in (
        {"state": "signed"}, {"state": "signed", "signed_by": bench.pharmacist.id, "made": held},
        {"state": "signed", "signed_by": bench.second_pharmacist.id},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            draft.update(**wrong)
    for wrong in ({"drafted_by": bench.pharmacist.id}, {
        "drafted_by": bench.pharmacist.id, "status": "signed", "signed_by": bench.pharmacist.id,
    }):
        with pytest.raises(DatabaseError), transaction.atomic():
            version.update(**wrong)
    row = draft.get()
    again = {f.attname: getattr(row, f.attname) for f in TemplateDraft._meta.fields if f.name not in ("id", "organization", "state")}
    with pytest.raises(DatabaseError), transaction.atomic():
        TemplateDraft(**again).save(force_insert=True)


def test_loading_the_catalog_again_leaves_the_house_its_signed_versions(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(bench, kit=(KitText("99903009001", 9, "dose"),))
    on_file = tables("templates")["antibiotic"]
    for begins, fresh in ((day(), 0), (day(30), 1)):
        file = {"templates": {"antibiotic": {**on_file, "effective_from": begins}}}
        monkeypatch.setattr(load, "tables", lambda name, file=file: file.get(name) or tables(name))
        assert catalog.load_catalog(by=bench.administrator) == fresh
        assert catalog.template("antibiotic", day()).kit[0].quantity == 9
    assert catalog.template("antibiotic", day(40)).kit[0].quantity == 9, "a later one on file waits for a signature"
    later = Template.objects.get(therapy_class="antibiotic", effective_from=day(30))
    with pytest.raises(Refused) as no:
        load.sign_figure(kind="template", figure_id=later.id, by=bench.pharmacist.signing("test"))
    assert codes(no) == {"not-in-force"}


def test_a_proposed_version_waits_for_others_and_a_returned_one_for_its_author(bench: Any) -> None:
    ask = Ask(roles=frozenset({"pharmacist"}), kind="Template version")

    def waits(by: Any) -> list[UUID]:
        return [w.id for w in catalog.waiting(by, ask).rows]

    made = proposed(bench)
    assert waits(bench.second_pharmacist) == [made] and waits(bench.pharmacist) == []
    catalog.advance_template_draft(draft_id=made, step="hand_back", reason="more words", by=bench.second_pharmacist)
    assert waits(bench.second_pharmacist) == [] and waits(bench.pharmacist) == [made]


def test_whoever_lacks_the_permission_drafts_and_signs_nothing(bench: Any) -> None:
    with pytest.raises(Malformed):
        drafted(bench, labels=(AuxiliaryLabel("x", "drug:aspirin"),))
    with pytest.raises(Refused) as no:
        catalog.draft_template(therapy_class="iron", effective_from=day(), by=bench.technician, **SAID)
    assert codes(no) == {"not-permitted"}
    with pytest.raises(Refused) as no:
        catalog.advance_template_draft(draft_id=proposed(bench), step="sign", by=bench.technician.signing("test"))
    assert codes(no) == {"not-permitted"}
    with pytest.raises(NotFound):
        catalog.draft_template(therapy_class="magic", effective_from=day(), by=bench.pharmacist, **SAID)


def test_the_rooms_read_the_version_of_their_day(bench: Any) -> None:
    from openinfusion.clinical.queries.monitoring import protocol_of
    from openinfusion.therapy import public as therapy

    order = bench.order(drug_code="iron_sucrose", dose=replace(bench.order().dose))
    course = therapy.therapy(bench.therapy(order))
    said = text_of(catalog.template("iron", day()))
    made = catalog.draft_template(
        therapy_class="iron", effective_from=day(2), by=bench.pharmacist, **SAID,
        content=replace(said, labs=said.labs[:1], required_items=(*said.required_items, "cbc")),
    )
    catalog.advance_template_draft(draft_id=made, step="propose", by=bench.pharmacist)
    catalog.advance_template_draft(draft_id=made, step="sign", by=bench.second_pharmacist.signing("test"))
    assert len(protocol_of(course, day())) == 2 and len(protocol_of(course, day(2))) == 1
    assert "cbc" not in catalog.required_items(day())["iron"] and "cbc" in catalog.required_items(day(2))["iron"]


PASSWORD = {"signature": "a long test password"}


@pytest.mark.filterwarnings("error")
def test_the_pages_draft_edit_compare_and_sign(bench: Any, browse: Callable[[Any], Any]) -> None:
    one, two, tech = browse(bench.pharmacist), browse(bench.second_pharmacist), browse(bench.technician)
    listed = one.get("/catalog/templates/").content.decode()
    assert "Anti-infective therapy" in listed and "unverified" in listed
    assert "Nobody has an open draft" in one.get("/catalog/templates/?show=drafts").content.decode()
    shown = one.get("/catalog/templates/antibiotic/").content.decode()
    assert "Draft a new version" in shown and "Bring to room temperature before use" in shown and "No fever" not in shown
    assert "Draft a new version" not in tech.get("/catalog/templates/antibiotic/").content.decode()
    begun = one.post("/catalog/templates/antibiotic/drafts/", {"effective_from": day(1).isoformat(), **SAID})
    assert begun.status_code == 302 and begun["Location"].endswith("/edit/")
    made = TemplateDraft.objects.get()
    form = one.get(begun["Location"]).content.decode()
    assert 'aria-label="Supply 1"' in form and two.get(begun["Location"]).status_code == 404
    change = f"/catalog/template-drafts/{made.id}/change/"
    assert one.post(change, {**filled(), "labs-0-loinc": "58410-3"}).status_code == 422
    assert one.post(change, {**filled(), "kit-0-quantity": ""}).status_code == 422
    assert one.post(change, {**filled(), "version": made.version}).status_code == 302
    page = f"/catalog/template-drafts/{made.id}/"
    mine = one.get(page).content.decode()
    assert "<del>visits a week: 1</del>" in mine and "<ins>visits a week: 2</ins>" in mine and "Hang up straight, always" in mine
    assert one.post(f"{page}propose/").status_code == 302
    assert "whoever drafted it may not sign it" in one.get(page).content.decode()
    assert two.post(f"{page}sign/", {"signature": "wrong"}).status_code == 422
    assert two.post(f"{page}sign/", PASSWORD).status_code == 302
    assert "The version it became" in two.get(page).content.decode()
    after = one.get("/catalog/templates/antibiotic/").content.decode()
    assert "to come" in after and "signed by Pat Two" in after
    assert one.get(f"/catalog/templates/antibiotic/{TemplateDraft.objects.get().made_id}/").status_code == 200
    assert one.get("/catalog/templates/magic/").status_code == 404
    assert "Therapy templates" in one.get("/catalog/").content.decode()
    held = Template.objects.get(therapy_class="iron")
    assert one.post(f"/catalog/templates/iron/{held.id}/sign/", PASSWORD).status_code == 302
    assert "Came on file, signed by Pat One" in one.get("/catalog/templates/iron/").content.decode()


def filled() -> dict[str, Any]:
    """The edit form as a browser sends it: one supply, one test, two labels and blank lines."""
    lines = {"kit": [{"ndc11": "99903009001", "quantity": 2, "per": "dose"}, {"ndc11": "", "quantity": "", "per": "dose"}],
             "labs": [{"name": "CBC", "loinc": "58410-2", "every_days": 7}, {"name": "", "loinc": "", "every_days": ""}],
             "labels": [{"text": "Hang up straight", "when": "always"}, {"text": "", "when": "always"}]}
    sent: dict[str, Any] = {}
    for name, rows in lines.items():
        sent |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        sent |= {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    return sent | {
        "name": "Anti-infective therapy", "effective_from": day(1).isoformat(), "required_items": ["prescription", "allergies"],
        "teaching": "aseptic technique\n\nwhom to call", "goals": "no fever for 48 hours", "nursing_task": "infusion_nursing",
        "visits_per_week": "2", **SAID,
    }


def test_the_api_lists_reads_drafts_signs_and_withdraws(bench: Any, browse: Callable[[Any], Any]) -> None:
    one, two, json = browse(bench.pharmacist), browse(bench.second_pharmacist), {"content_type": "application/json"}
    listed = {t["therapy_class"]: t for t in one.get("/api/catalog/templates").json()}
    assert len(listed) == 16 and listed["iron"]["status"] == "unverified"
    given = {"effective_from": day(1).isoformat(), **SAID}
    made = one.post("/api/catalog/templates/iron/drafts", given, **json).json()["id"]
    content = {**listed["iron"]["content"], "visits_per_week": 2}
    draft = f"/api/catalog/template-drafts/{made}"
    assert one.put(draft, {**given, "content": content}, **json).status_code == 200
    read = one.get(draft).json()
    assert read["changes"][0]["changed"] == [["visits a week: 1", "visits a week: 2"]] and read["state"] == "draft"
    assert one.put(draft, {**given, "content": {**content, "nursing_task": "baking"}}, **json).status_code == 422
    assert one.post(f"{draft}/steps", {"step": "propose"}, **json).status_code == 200
    assert len(two.get("/api/catalog/template-drafts").json()) == 1
    assert one.post(f"{draft}/steps", {"step": "sign"}, headers={"X-Signature": PASSWORD["signature"]}, **json).status_code == 409
    signing = two.post(f"{draft}/steps", {"step": "sign"}, headers={"X-Signature": PASSWORD["signature"]}, **json)
    assert signing.status_code == 200, signing.content
    assert [v["status"] for v in one.get("/api/catalog/templates/iron").json()] == ["signed", "unverified"]
    assert one.get("/api/catalog/templates/magic").status_code == 404
    other = one.post("/api/catalog/templates/pain/drafts", {**given, "content": content | {"labels": []}}, **json).json()["id"]
    step = f"/api/catalog/template-drafts/{other}/steps"
    assert one.post(step, {"step": "withdraw", "reason": "not now"}, **json).status_code == 200
    assert one.get(f"/api/catalog/template-drafts/{other}").json()["state"] == "withdrawn"


def test_a_time_told_before_the_first_version_still_finds_one(bench: Any) -> None:
    from datetime import UTC, datetime

    with told(datetime(2024, 5, 1, tzinfo=UTC)):
        assert catalog.template("antibiotic").visits_per_week == 1
