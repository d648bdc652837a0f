# SPDX-License-Identifier: Apache-2.0
"""Therapy templates without a database: which version holds, what a draft may say, its difference, and who signs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from openinfusion.catalog.adapters import known_items, known_tasks, rows, tables
from openinfusion.catalog.domain.template import AuxiliaryLabel, Monitoring, Preparation, in_force
from openinfusion.catalog.domain.template_change import condition_words, difference
from openinfusion.catalog.domain.template_draft import TEMPLATE_DRAFT, TemplateDraftFacts, TemplateDraftState
from openinfusion.catalog.domain.template_text import KitText, Known, TemplateText, is_loinc
from openinfusion.catalog.permissions import DRAFT_TEMPLATE, SIGN_TEMPLATE
from openinfusion.intake.adapters import item_rules
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.team.domain.competency import requirements

KNOWN = Known(known_items(), known_tasks(), frozenset(r["ndc11"] for r in rows("products")), frozenset({"ziconotide"}))
TEXT = TemplateText(
    name="Anti-infective therapy", required_items=("prescription", "allergies"), kit=(KitText("99903009001", 2, "dose"),),
    labs=(Monitoring("58410-2", "CBC", 7),), teaching=("aseptic technique",), goals=("no fever for 48 hours",),
    labels=(AuxiliaryLabel("Protect from light"),), visits_per_week=1, nursing_task="infusion_nursing",
    first_dose_attended=False,
)


@dataclass(frozen=True)
class Dated:
    effective_from: date
    status: str = "unverified"


def test_the_newest_version_that_has_begun_holds_and_before_the_first_the_first() -> None:
    old, new = Dated(date(2026, 1, 1)), Dated(date(2026, 6, 1))
    assert in_force([new, old], date(2026, 5, 31)) is old
    assert in_force([old, new], date(2026, 6, 1)) is new
    assert in_force([new, old], date(2025, 1, 1)) is old
    assert in_force([], date(2026, 1, 1)) is None


def test_what_the_house_signed_stands_before_a_later_one_on_file() -> None:
    signed, on_file = Dated(date(2026, 3, 1), "signed"), Dated(date(2026, 6, 1))
    assert in_force([signed, on_file], date(2026, 7, 1)) is signed
    assert in_force([signed, on_file], date(2026, 2, 1)) is signed, "the first, before any has begun"


def test_a_sound_text_has_no_faults() -> None:
    TEXT.must_be_sound(KNOWN)


@pytest.mark.parametrize(("changes", "field"), [
    ({"name": " "}, "name"),
    ({"required_items": ("prescription", "a_horoscope")}, "required_items"),
    ({"required_items": ("prescription", "prescription")}, "required_items"),
    ({"required_items": ("allergies",)}, "required_items"),
    ({"kit": (KitText("00000000000", 1, "dose"),)}, "kit"),
    ({"kit": (KitText("99903009001", 0, "dose"),)}, "kit"),
    ({"kit": (KitText("99903009001", 1, "moon"),)}, "kit"),
    ({"kit": (KitText("99903009001", 1, "dose"), KitText("99903009001", 2, "dose"))}, "kit"),
    ({"labs": (Monitoring("58410-3", "CBC", 7),)}, "labs"),
    ({"labs": (Monitoring("58410-2", "", 7),)}, "labs"),
    ({"labs": (Monitoring("58410-2", "CBC", 0),)}, "labs"),
    ({"labs": (Monitoring("58410-2", "CBC", 7), Monitoring("58410-2", "CBC", 14))}, "labs"),
    ({"teaching": ("x", "X")}, "teaching"),
    ({"teaching": ("",)}, "teaching"),
    ({"goals": ("y" * 201,)}, "goals"),
    ({"labels": (AuxiliaryLabel("z" * 41),)}, "labels"),
    ({"labels": (AuxiliaryLabel("Keep cold", "on Sundays"),)}, "labels"),
    ({"labels": tuple(AuxiliaryLabel(f"Text {n}") for n in range(7))}, "labels"),
    ({"labels": (AuxiliaryLabel("Once"), AuxiliaryLabel("Once"))}, "labels"),
    ({"visits_per_week": 22}, "visits_per_week"),
    ({"nursing_task": "baking"}, "nursing_task"),
])
def test_every_fault_is_named_by_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as no:
        replace(TEXT, **changes).must_be_sound(KNOWN)  # type: ignore[arg-type]
    assert {f.path for f in no.value.faults} == {field}


def test_texts_that_can_never_meet_on_one_container_do_not_count_together() -> None:
    by_route = tuple(AuxiliaryLabel(f"Only {r}", f"route:{r}") for r in ("IV", "SC", "IM", "intrathecal", "epidural"))
    replace(TEXT, labels=(*by_route, *(AuxiliaryLabel(f"Text {n}") for n in range(5)))).must_be_sound(KNOWN)


@pytest.mark.parametrize(("code", "right"), [
    ("58410-2", True), ("2160-0", True), ("72514-3", True), ("58401-2", False), ("2160-1", False), ("audiology", False), ("", False),
])
def test_a_loinc_code_has_a_true_check_digit(code: str, right: bool) -> None:
    assert is_loinc(code) is right


@pytest.mark.parametrize(("when", "there"), [
    ("always", True), ("hazardous", False), ("vesicant", True), ("storage:refrigerated", True), ("storage:room", False),
    ("route:intrathecal", True), ("route:IV", False), ("drug:ziconotide", True), ("drug:morphine", False), ("nonsense", False),
])
def test_an_auxiliary_text_is_there_when_its_condition_holds(when: str, there: bool) -> None:
    made = Preparation("ziconotide", "intrathecal", "refrigerated", hazardous=False, vesicant=True)
    assert AuxiliaryLabel("Protect from light", when).belongs_on(made) is there


def test_the_difference_says_what_goes_what_comes_what_changes_and_what_moves() -> None:
    after = replace(
        TEXT, kit=(KitText("99903009001", 3, "dose"),), required_items=("allergies", "prescription", "weight"), teaching=(),
        first_dose_attended=True,
    )
    found = {c.part: c for c in difference(TEXT, after, {"99903009001": "saline flush"})}
    assert found["kit"].changed == (("2 × saline flush for each dose", "3 × saline flush for each dose"),)
    assert found["required_items"].new == ("weight",) and found["required_items"].reordered
    assert found["teaching"].gone == ("aseptic technique",) and found["teaching"].title == "Teaching"
    assert found["nursing"].changed == (("first dose not attended", "first dose attended"),)
    assert set(found) == {"kit", "required_items", "teaching", "nursing"}
    assert difference(TEXT, TEXT, {}) == ()
    assert condition_words("storage:room") == "when kept room" and condition_words("always") == "always"


def test_a_draft_is_signed_by_another_once_everything_holds() -> None:
    all_ = frozenset({DRAFT_TEMPLATE.code, SIGN_TEMPLATE.code})
    proposed = TemplateDraftState.PROPOSED
    assert TEMPLATE_DRAFT.advance(proposed, "sign", TemplateDraftFacts(), all_, signed=True).target is TemplateDraftState.SIGNED
    wrong = TemplateDraftFacts(
        drafted_by_actor=True, changes_something=False, date_is_past=True, date_is_taken=True, base_in_force=False,
    )
    with pytest.raises(Refused) as no:
        TEMPLATE_DRAFT.advance(proposed, "sign", wrong, all_)
    assert {r.code for r in no.value.reasons} == {
        "own-draft", "nothing-changed", "date-past", "date-taken", "base-changed", "signature-missing",
    }
    with pytest.raises(Refused) as no:
        TEMPLATE_DRAFT.advance(TemplateDraftState.DRAFT, "propose", TemplateDraftFacts(), all_)
    assert {r.code for r in no.value.reasons} == {"not-your-draft"}
    for state in (TemplateDraftState.DRAFT, proposed):
        with pytest.raises(Refused, match="reason"):
            TEMPLATE_DRAFT.advance(state, "withdraw", TemplateDraftFacts(), all_)


def test_every_class_on_file_is_sound_with_goals_and_the_labels_its_routes_need() -> None:
    drugs = rows("drugs")
    for name, t in tables("templates").items():
        mine = [d for d in drugs if d["therapy_class"] == name]
        labels = tuple(AuxiliaryLabel(x["text"], x["when"]) for x in t["labels"])
        TemplateText(
            name=t["name"], required_items=tuple(t["required_items"]), kit=tuple(KitText(**k) for k in t["kit"]),
            labs=tuple(Monitoring(m["loinc"], m["name"], m["every_days"]) for m in t["monitoring"]),
            teaching=tuple(t["teaching"]), goals=tuple(t["goals"]), labels=labels, visits_per_week=t["visits_per_week"],
            nursing_task=t["nursing_task"], first_dose_attended=t["first_dose_attended"],
        ).must_be_sound(replace(KNOWN, drugs=frozenset(d["code"] for d in mine)))
        assert t["goals"] and t["labels"], name
        routes = {r for d in mine for r in d["routes"].split("|")}
        for route in routes & {"intrathecal", "epidural", "SC"} - ({"SC"} if name in ("pain", "ancillary", "chemotherapy") else set()):
            assert any(x.when == f"route:{route}" for x in labels), f"{name} says nothing of the route {route}"


def test_intake_knows_every_item_and_the_team_every_task_a_template_may_name() -> None:
    assert known_items() <= set(item_rules())
    assert known_tasks() <= {r.task for r in requirements()}
