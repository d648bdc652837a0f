# SPDX-License-Identifier: Apache-2.0
"""A site's own nutrition figures: two people put them in force and end them; the database holds it; the journal tells it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.catalog.models import NutritionLimit
from openinfusion.catalog.public import CurveDraft, LimitDraft, StockDraft
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.journal import timeline

POTASSIUM = LimitDraft(name="potassium", group="adult", soft_low=D(1), soft_high=D("1.5"), hard_high=D(3), source="Policy 12")
CURVE = CurveDraft(
    product="travasol-10", amino_acid_percent=D(2), dextrose_percent=D(10), temperature_c=D(37), source="An article, 2018",
    points=((D(5), D(40)), (D(20), D(12)), (D(40), D(4))),
)
SALINE = StockDraft(
    code="sodium-chloride", label="sodium chloride 23.4 %", kind="sodium_chloride", unit="meq", per_ml=D(4),
    contents={"na": D(4), "cl": D(4)}, source="Label of the vial",
)


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def in_force(kind: str, figure_id: Any, bench: Any) -> None:
    catalog.advance_site_figure(kind=kind, figure_id=figure_id, step="confirm", by=bench.second_pharmacist.signing("test"))


def test_a_limit_holds_once_another_pharmacist_has_signed_it_and_the_journal_tells_it(bench: Any) -> None:
    made = catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="heart unit", by=bench.pharmacist)
    assert catalog.site_nutrition(bench.site_id).limits == ()
    (waiting,) = [w for w in catalog.waiting(bench.second_pharmacist).rows if w.id == made]
    assert waiting.missing == ("another pharmacist's signature",)
    with pytest.raises(Refused) as no:
        catalog.advance_site_figure(kind="limit", figure_id=made, step="confirm", by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-proposal"}
    with pytest.raises(Refused) as no:
        catalog.advance_site_figure(kind="limit", figure_id=made, step="confirm", by=bench.second_pharmacist)
    assert codes(no) == {"signature-missing"}
    in_force("limit", made, bench)
    (limit,) = catalog.site_nutrition(bench.site_id).limits
    assert (limit.soft_high, limit.hard_high, limit.unit) == (D("1.5"), D(3), "meq/kg/d")
    assert limit.source.signed_by == "Pat Two" and limit.source.standing.value == "signed"
    told = [line.sentence for line in timeline(subject_id=made)]
    assert "Pat Two put the limit of potassium (adult) in force" in told[0] and "Pat One proposed" in told[1]


def test_a_bound_left_blank_stays_as_on_file(bench: Any) -> None:
    draft = LimitDraft(name="glucose_rate", group="adult", soft_high=D(4), source="Policy 13")
    in_force("limit", catalog.propose_limit(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist), bench)
    (limit,) = catalog.site_nutrition(bench.site_id).limits
    assert (limit.soft_high, limit.hard_high) == (D(4), D("8.3"))


def test_a_newer_limit_takes_the_place_of_the_older_in_the_same_act(bench: Any) -> None:
    first = catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="w", by=bench.pharmacist)
    in_force("limit", first, bench)
    second = catalog.propose_limit(
        site_id=bench.site_id, draft=LimitDraft(name="potassium", group="adult", hard_high=D(4), source="Policy 14"), why="w",
        by=bench.pharmacist,
    )
    with pytest.raises(Refused):
        catalog.advance_site_figure(kind="limit", figure_id=second, step="confirm", by=bench.pharmacist.signing("test"))
    assert NutritionLimit.objects.get(pk=first).state == "in_force"
    in_force("limit", second, bench)
    assert NutritionLimit.objects.get(pk=first).state == "replaced"
    assert [x.hard_high for x in catalog.site_nutrition(bench.site_id).limits] == [D(4)]


def test_an_end_needs_two_as_well_and_until_then_the_limit_holds(bench: Any) -> None:
    made = catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="w", by=bench.pharmacist)
    in_force("limit", made, bench)
    step = {"kind": "limit", "figure_id": made}
    catalog.advance_site_figure(**step, step="propose_end", reason="policy ended", by=bench.second_pharmacist)
    assert len(catalog.site_nutrition(bench.site_id).limits) == 1
    with pytest.raises(Refused) as no:
        catalog.advance_site_figure(**step, step="end", by=bench.second_pharmacist.signing("test"))
    assert codes(no) == {"own-proposal"}
    catalog.advance_site_figure(**step, step="keep", reason="not yet", by=bench.pharmacist)
    catalog.advance_site_figure(**step, step="propose_end", reason="policy ended", by=bench.second_pharmacist)
    catalog.advance_site_figure(**step, step="end", by=bench.pharmacist.signing("test"))
    assert catalog.site_nutrition(bench.site_id).limits == ()


def test_the_database_holds_the_second_person_the_order_of_bounds_and_one_at_a_time(bench: Any) -> None:
    made = catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="w", by=bench.pharmacist)
    rows = NutritionLimit.objects.filter(pk=made)
    for wrong in (
        {"state": "in_force"}, {"state": "in_force", "confirmed_by": bench.pharmacist.id}, {"hard_high": D(1)},
        {"soft_low": None, "soft_high": None, "hard_low": None, "hard_high": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**wrong)
    in_force("limit", made, bench)
    other = catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="w", by=bench.pharmacist)
    with pytest.raises(DatabaseError), transaction.atomic():
        NutritionLimit.objects.filter(pk=other).update(state="in_force", confirmed_by=bench.second_pharmacist.id)


def test_what_cannot_be_a_figure_is_refused(bench: Any) -> None:
    crossed = LimitDraft(name="potassium", group="adult", soft_high=D(5), hard_high=D(3), source="x")
    for draft, wanted in (
        (crossed, "limits-crossed"), (LimitDraft(name="potassium", group="adult", source="x"), "no-bound"),
        (LimitDraft(name="potassium", group="cat", hard_high=D(1), source="x"), "limit-unknown"),
    ):
        with pytest.raises(Refused) as no:
            catalog.propose_limit(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist)
        assert codes(no) == {wanted}
    with pytest.raises(Malformed):
        catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why=" ", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        catalog.propose_limit(site_id=bench.site_id, draft=POTASSIUM, why="w", by=bench.technician)
    assert codes(no) == {"not-permitted"}


def test_a_stock_solution_and_a_curve_are_signed_likewise(bench: Any) -> None:
    in_force("stock", catalog.propose_stock(site_id=bench.site_id, draft=SALINE, why="w", by=bench.pharmacist), bench)
    in_force("curve", catalog.propose_curve(site_id=bench.site_id, draft=CURVE, why="w", by=bench.pharmacist), bench)
    held = catalog.site_nutrition(bench.site_id)
    assert held.stocks[0].label == "sodium chloride 23.4 %" and held.curves[0].signed_by == "Pat Two"
    assert "sodium chloride 4 mEq/mL" in catalog.stock_packages(bench.site_id)["sodium-chloride"].name


@pytest.mark.filterwarnings("error")
def test_the_page_proposes_and_puts_in_force(bench: Any, browse: Callable[[Any], Any]) -> None:
    one, two = browse(bench.pharmacist), browse(bench.second_pharmacist)
    address = f"/catalog/nutrition/?site={bench.site_id}"
    assert "None set here" in one.get(address).content.decode()
    posted = one.post(f"/catalog/nutrition/{bench.site_id}/limits/", {
        "limit": "potassium|adult", "soft_high": "2", "hard_high": "3", "source": "Policy 12", "why": "heart unit"})
    assert posted.status_code == 302
    for form, values in (
        ("stocks", {"code": "own-zinc", "label": "zinc 5 mg/mL", "kind": "trace", "unit": "ug", "per_ml": "5000",
                    "contents": "zn=5000", "source": "label", "why": "fewer mL"}),
        ("curves", {"product": "travasol-10", "amino_acid_percent": "2", "dextrose_percent": "10", "temperature_c": "37",
                    "points": "5 40\n20 12", "source": "article", "why": "for judging"}),
    ):
        assert one.post(f"/catalog/nutrition/{bench.site_id}/{form}/", values).status_code == 302
    made = NutritionLimit.objects.get()
    body = one.get(address).content.decode()
    assert "whoever proposed it may not sign it" in body and "zinc 5 mg/mL" in body and "5 → 40; 20 → 12" in body
    step = f"/catalog/nutrition/{bench.site_id}/limit/{made.id}/confirm/"
    assert two.post(step, {"signature": "wrong"}).status_code == 422
    assert two.post(step, {"signature": "a long test password", "version": made.version}).status_code == 302
    assert "in force" in two.get(address + "&state=in_force").content.decode()
    assert one.get("/catalog/nutrition/?site=nowhere").status_code == 404


def test_the_api_proposes_and_lists(bench: Any, browse: Callable[[Any], Any]) -> None:
    one, two = browse(bench.pharmacist), browse(bench.second_pharmacist)
    root = f"/api/catalog/nutrition/{bench.site_id}"
    proposals = (
        ("limits", {"name": "sodium", "group": "adult", "hard_high": "4"}),
        ("stocks", {"code": "z", "label": "Z", "kind": "trace", "unit": "ug", "per_ml": "10", "contents": {"zn": "10"}}),
        ("curves", {"product": "travasol-10", "amino_acid_percent": "2", "dextrose_percent": "5", "temperature_c": "25",
                    "points": [["1", "9"], ["2", "8"]]}),
    )
    made = {}
    for kind, given in proposals:
        answer = one.post(f"{root}/{kind}", {**given, "source": "s", "why": "w"}, content_type="application/json")
        assert answer.status_code == 200, answer.content
        made[kind] = answer.json()["id"]
    step = f"/api/catalog/nutrition/figures/limit/{made['limits']}/steps"
    assert one.post(step, {"step": "confirm"}, content_type="application/json").status_code == 409
    signed = two.post(step, {"step": "confirm"}, content_type="application/json", headers={"X-Signature": "a long test password"})
    assert signed.status_code == 200
    listed = {f["kind"]: f for f in one.get(root).json()}
    assert listed["limit"]["state"] == "in_force" and listed["limit"]["words"]["hard_high"] == "4"
    assert listed["curve"]["words"] == {"1": "9", "2": "8"}
