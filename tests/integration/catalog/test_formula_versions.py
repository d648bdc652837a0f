# SPDX-License-Identifier: Apache-2.0
"""Master formulations as versions: drafted by one pharmacist, signed by another, read by the day; pages and API alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.catalog.actions.load import sign_figure
from openinfusion.catalog.models import Formula
from openinfusion.catalog.public import FormulaText, formula_text
from openinfusion.kernel.refusal import Malformed, NotFound, Refused, Stale
from openinfusion.kernel.waiting import Ask
from openinfusion.platform.clock import today
from openinfusion.platform.journal import timeline

SAID = {"source": "Policy 7, 2026", "why": "the pharmacy draws with another pin"}
PASSWORD = "a long test password"


def day(days: int = 0) -> date:
    return today("America/Chicago") + timedelta(days=days)


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def changed(**changes: Any) -> FormulaText:
    return replace(formula_text(catalog.formula("vancomycin", "IV", day())), **({"infusion_minutes": 120} | changes))


def drafted(bench: Any, days: int = 0, **changes: Any) -> UUID:
    return catalog.draft_formula(
        drug_code="vancomycin", route="IV", effective_from=day(days), content=changed(**changes), by=bench.pharmacist, **SAID)


def signed(bench: Any, days: int = 0, **changes: Any) -> UUID:
    made = drafted(bench, days, **changes)
    catalog.advance_formula_draft(draft_id=made, step="propose", by=bench.pharmacist)
    catalog.advance_formula_draft(draft_id=made, step="sign", by=bench.second_pharmacist.signing("test"))
    return made


def test_every_formula_on_file_says_how_it_is_made_and_what_is_weighed_has_a_gravity(bench: Any) -> None:
    for row in Formula.objects.select_related("drug"):
        fact = catalog.formula_version(row.id)
        formula_text(fact)
        assert fact.quality_checks and (fact.mixing or not fact.compounded), row
        assert fact.status == "unverified"
        assert not fact.weighed or fact.specific_gravity, row


def test_a_version_holds_from_its_day_once_another_pharmacist_has_signed_it(bench: Any) -> None:
    before = catalog.formula("vancomycin", "IV", day())
    made = drafted(bench, days=3)
    sign = {"draft_id": made, "step": "sign"}
    catalog.advance_formula_draft(draft_id=made, step="propose", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        catalog.advance_formula_draft(**sign, by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-draft"}
    with pytest.raises(Refused) as no:
        catalog.advance_formula_draft(**sign, by=bench.second_pharmacist)
    assert codes(no) == {"signature-missing"}
    catalog.advance_formula_draft(**sign, by=bench.second_pharmacist.signing("test"))
    assert catalog.formula("vancomycin", "IV", day(2)) == before
    held = catalog.formula("vancomycin", "IV", day(3))
    assert (held.infusion_minutes, held.status, held.drafter, held.source.signed_by) == (120, "signed", "Pat One", "Pat Two")
    assert before.id and catalog.formula_version(before.id) == before, "the old one stays readable"
    told = [line.sentence for line in timeline(subject_id=made)]
    assert "Pat Two signed" in told[0] and "Pat One proposed" in told[1] and "Pat One drafted" in told[2]


def test_what_is_unsound_is_refused_with_every_fault(bench: Any) -> None:
    with pytest.raises(Malformed) as no:
        drafted(bench, method="brew", withdraw="maybe", diluent="00000000000", device="00000000000", container="bucket",
                storage="warm", category=4, final_volume_ml=Decimal(0), max_amount=Decimal(0), max_unit="spoon",
                infusion_minutes=99999, specific_gravity=Decimal(9), tolerance_percent=Decimal(90), mixing=("",),
                equipment=("x" * 301,), quality_checks=(), label_text=("x" * 81,))
    assert {f.path for f in no.value.faults} == {
        "method", "withdraw", "diluent", "device", "container", "storage", "category", "final volume", "most in 1 mL",
        "infusion minutes", "specific gravity", "tolerance", "order of mixing", "equipment", "label text"}
    with pytest.raises(Malformed) as no:
        drafted(bench, mixing=(), quality_checks=(), specific_gravity=None, weighed=True)
    assert {f.path for f in no.value.faults} == {"order of mixing", "quality checks", "specific gravity"}
    with pytest.raises(Malformed, match="today or later"):
        drafted(bench, days=-1)
    with pytest.raises(Malformed, match="say why"):
        catalog.draft_formula(drug_code="vancomycin", route="IV", effective_from=day(), source="x", why=" ", by=bench.pharmacist)
    with pytest.raises(NotFound):
        catalog.draft_formula(drug_code="vancomycin", route="SC", effective_from=day(), by=bench.pharmacist, **SAID)
    with pytest.raises(NotFound):
        catalog.formula_version(bench.site_id)


def test_only_its_author_changes_a_draft_and_one_is_open_at_a_time(bench: Any) -> None:
    made = catalog.draft_formula(drug_code="vancomycin", route="IV", effective_from=day(1), by=bench.pharmacist, **SAID)
    with pytest.raises(Refused) as no:
        catalog.advance_formula_draft(draft_id=made, step="propose", by=bench.pharmacist)
    assert codes(no) == {"nothing-changed"}
    with pytest.raises(Refused) as no:
        drafted(bench)
    assert codes(no) == {"draft-open"}
    change = {"draft_id": made, "effective_from": day(2), "content": changed(weighed=False), **SAID}
    with pytest.raises(Refused) as no:
        catalog.change_formula_draft(**change, by=bench.second_pharmacist)
    assert codes(no) == {"not-your-draft"}
    with pytest.raises(Stale):
        catalog.change_formula_draft(**change, by=bench.pharmacist, version=7)
    catalog.change_formula_draft(**change, by=bench.pharmacist)
    catalog.advance_formula_draft(draft_id=made, step="propose", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        catalog.change_formula_draft(**change, by=bench.pharmacist)
    assert codes(no) == {"not-a-draft"}
    catalog.advance_formula_draft(draft_id=made, step="hand_back", reason="name the pin", by=bench.second_pharmacist)
    catalog.advance_formula_draft(draft_id=made, step="withdraw", reason="not now", by=bench.pharmacist)
    with pytest.raises(NotFound):
        catalog.draft_formula(drug_code="vancomycin", route="IV", effective_from=day(), copy_of=bench.site_id, by=bench.pharmacist, **SAID)


def test_the_database_holds_two_people_and_the_gravity(bench: Any) -> None:
    signed(bench, days=2)
    row = Formula.objects.get(drafted_by__isnull=False)
    for change in ({"signed_by": row.drafted_by}, {"weighed": True, "specific_gravity": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Formula.objects.filter(pk=row.pk).update(**change)


def test_the_version_in_force_is_signed_as_valid_here_and_no_other(bench: Any) -> None:
    first = catalog.formula("vancomycin", "IV", day()).id
    signed(bench)
    with pytest.raises(Refused) as no:
        sign_figure(kind="formula", figure_id=first, by=bench.pharmacist.signing("test"))
    assert codes(no) == {"not-in-force"}


def test_a_draft_waits_for_a_pharmacist(bench: Any) -> None:
    made = drafted(bench)
    ask = Ask(roles=frozenset({"pharmacist"}), kind="Formula version")
    assert [w.id for w in catalog.waiting(bench.pharmacist, ask).rows] == [made]
    catalog.advance_formula_draft(draft_id=made, step="propose", by=bench.pharmacist)
    assert [w.missing for w in catalog.waiting(bench.second_pharmacist, ask).rows] == [("another pharmacist's signature",)]


def test_the_pages_lead_from_the_list_to_a_signed_version(bench: Any, browse: Any) -> None:
    one, two = browse(bench.pharmacist), browse(bench.second_pharmacist)
    page = one.get("/catalog/formulas/?q=vanco").content.decode()
    assert "vancomycin" in page and "ceFAZolin" not in page
    assert "No such formula" in one.get("/catalog/formulas/?q=nosuchdrug").content.decode()
    assert "vancomycin,IV,compound" in one.get("/catalog/formulas/?q=vanco&export=csv").content.decode()
    held = catalog.formula("vancomycin", "IV", day())
    page = one.get(f"/catalog/formulas/{held.id}/").content.decode()
    assert "Order of mixing" in page and "Stability it rests on" in page and "Begin the draft" in page
    begun = one.post("/catalog/formulas/vancomycin/IV/drafts/", {"effective_from": day(1).isoformat(), **SAID})
    assert begun.status_code == 302, begun.content.decode()[-800:]
    edit = begun["Location"]
    form = one.get(edit).context["page"].form
    filled = {n: v for n, v in form.initial.items() if v is not None} | {"infusion_minutes": "100", "closed_system": "on"}
    filled["effective_from"] = day(1).isoformat()
    filled = {k: v for k, v in filled.items() if v is not False}
    saved = one.post(edit.replace("edit/", "change/"), filled)
    assert saved.status_code == 302, saved.content.decode()[-900:]
    page = one.get(saved["Location"]).content.decode()
    assert "infused over 100 minutes" in page and "<del>" in page
    assert one.post(saved["Location"] + "propose/").status_code == 302
    assert two.post(saved["Location"] + "sign/", {"signature": PASSWORD}).status_code == 302
    assert catalog.formula("vancomycin", "IV", day(1)).infusion_minutes == 100
    assert two.get(edit).status_code == 404
    assert "signed by Pat Two" in one.get(f"/catalog/formulas/{catalog.formula('vancomycin', 'IV', day(1)).id}/").content.decode()


def test_the_same_over_the_api(bench: Any, browse: Any) -> None:
    one, two = browse(bench.pharmacist), browse(bench.second_pharmacist)
    kind = {"content_type": "application/json"}
    (version,) = one.get("/api/catalog/formulas", {"drug_code": "vancomycin", "route": "IV"}).json()
    assert one.get(f"/api/catalog/formulas/{version['id']}").json() == version
    body = {"effective_from": day().isoformat(), **SAID, "content": version["content"] | {"infusion_minutes": 100}}
    made = one.post("/api/catalog/formulas/vancomycin/IV/drafts", body, **kind)
    assert made.status_code == 200, made.content.decode()
    base = f"/api/catalog/formula-drafts/{made.json()['id']}"
    assert one.put(base, body | {"content": body["content"] | {"infusion_minutes": 110}}, **kind).status_code == 200
    assert [d["state"] for d in one.get("/api/catalog/formula-drafts").json()] == ["draft"]
    (change,) = one.get(base).json()["changes"]
    assert change["changed"] == [["infused over 90 minutes", "infused over 110 minutes"]]
    assert one.post(f"{base}/steps", {"step": "propose"}, **kind).status_code == 200
    assert two.post(f"{base}/steps", {"step": "sign"}, **kind, headers={"X-Signature": PASSWORD}).status_code == 200
    held = one.get("/api/catalog/formula-in-force", {"drug_code": "vancomycin", "route": "IV"}).json()
    assert held["content"]["infusion_minutes"] == 110 and held["signed_by"] == "Pat Two"
    assert one.put(base, body | {"content": body["content"] | {"final_volume_ml": "1e3"}}, **kind).status_code == 422
