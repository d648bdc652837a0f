# SPDX-License-Identifier: Apache-2.0
"""The bench beyond the worked examples: edges and refusals, and the traps of displacement (T11) and milliequivalents (T8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.domain.bench.equivalent import meq_per_g
from openinfusion.calculations.domain.bench.molecule import atoms, molecular_weight
from openinfusion.calculations.domain.bench.national_drug_code import ndc11
from openinfusion.calculations.domain.bench.vial import MOST_STATES, Vial, choose_vials
from openinfusion.calculations.domain.figures import row, table
from openinfusion.calculations.public import Verdict, Worked, ask
from openinfusion.kernel.refusal import Malformed, Refused


def worked(name: str, /, **given: Any) -> Worked:
    return ask(name, given).worked


def code(found: Worked, name: str) -> str:
    result = found.result(name)
    assert isinstance(result, Verdict)
    return result.code


def refused(name: str, /, **given: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        ask(name, given)
    return [r.code for r in no.value.reasons]


def warned(name: str, /, **given: Any) -> list[str]:
    return [w.code for w in worked(name, **given).warnings]


CEFTRIAXONE = [
    {"diluent": "9.6 mL", "concentration": "100 mg/mL"},
    {"diluent": "3.6 mL", "concentration": "250 mg/mL"},
    {"diluent": "2.1 mL", "concentration": "350 mg/mL"},
]


def test_t11_a_displacement_is_not_carried_to_a_volume_the_label_does_not_have() -> None:
    assert code(worked("powder-displacement", amount="1 g", label=CEFTRIAXONE), "constancy") == "not-constant"
    assert refused("reconstitution", amount="1 g", diluent="5 mL", label=CEFTRIAXONE) == ["displacement-not-constant"]
    agreeing = worked("reconstitution", amount="1 g", diluent="5 mL", label=CEFTRIAXONE[:2])
    assert agreeing.value("final") == Decimal("5.4") and [w.code for w in agreeing.warnings] == ["not-a-label-volume"]
    for line in CEFTRIAXONE:
        found = worked("reconstitution", amount="1 g", diluent=line["diluent"], label=CEFTRIAXONE)
        assert f"{round(found.value('concentration'), 6)}".startswith(line["concentration"].split()[0]) and not found.warnings


def test_a_label_that_shrinks_is_refused() -> None:
    label = [{"diluent": "10 mL", "final_volume": "9 mL"}]
    assert refused("powder-displacement", amount="1 g", label=label) == ["label-impossible"]


def test_t8_the_label_of_calcium_gluconate_wins_over_every_molecular_weight() -> None:
    by_label = worked("milliequivalents", salt="calcium-gluconate", amount="1 g")
    assert by_label.value("meq") == Decimal("4.65") and not by_label.warnings
    monohydrate = worked("milliequivalents", salt="calcium-gluconate-monohydrate", amount="1 g").value("meq")
    assert round(monohydrate, 2) == Decimal("4.46")
    told = worked("milliequivalents", salt="calcium-gluconate-monohydrate", amount="1 g", label="4.65 mEq/g")
    assert told.value("meq") == Decimal("4.65") and [w.code for w in told.warnings] == ["label-differs"]
    assert warned("solution-milliequivalents", salt="calcium-gluconate", strength="10 %") == []
    assert meq_per_g(row("salts", salt="calcium-gluconate"), Decimal("4.6")) == Decimal("4.6")


@pytest.mark.parametrize("salt", [r["salt"] for r in table("salts")])
def test_the_molecular_weight_of_each_salt_is_that_of_its_formula(salt: str) -> None:
    found = row("salts", salt=salt)
    assert abs(molecular_weight(found["formula"]) - found.figure("molecular_weight")) < Decimal("0.02")


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        ("Ca(C6H11O7)2.H2O", {"Ca": 1, "C": 12, "H": 24, "O": 15}),
        ("Al2(SO4)3·18H2O", {"Al": 2, "S": 3, "O": 30, "H": 36}),
        ("((NaCl)2)3", {"Na": 6, "Cl": 6}),
    ],
)
def test_a_formula_is_read_with_brackets_and_waters(formula: str, count: dict[str, int]) -> None:
    assert dict(atoms(formula)) == count


@pytest.mark.parametrize(
    "formula",
    ["nacl", "Na)Cl", "(NaCl", "NaCl.", "NaCl)2", "Na0Cl", "C99999", "()", "((C999)999)999", "12", "N-a", "0H2O", "H2O.0NaCl"],
)
def test_what_is_no_formula_is_not_guessed(formula: str) -> None:
    with pytest.raises(Malformed):
        atoms(formula)


def test_vials_too_fine_to_be_searched_are_refused_not_guessed() -> None:
    with pytest.raises(Refused) as no:
        choose_vials(Decimal(MOST_STATES + 1), [Vial(Decimal(1)), Vial(Decimal(7))])
    assert no.value.reasons[0].code == "too-fine"
    assert choose_vials(Decimal(MOST_STATES * 500), [Vial(Decimal(500))]).counts == (MOST_STATES,)


def test_without_a_vial_or_a_need_there_is_no_choice() -> None:
    for need, vials in ((Decimal(5), []), (Decimal(5), [Vial(Decimal(5), 0)]), (Decimal(0), [Vial(Decimal(5))])):
        with pytest.raises(Refused, match="no product"):
            choose_vials(need, vials)


def test_of_two_lots_alike_the_cheaper_and_then_one_alone_is_opened() -> None:
    ten = Decimal(10)
    assert choose_vials(Decimal(20), [Vial(ten, 5, Decimal(3)), Vial(ten, 5, Decimal("2.5"))]).counts == (0, 2)
    assert sorted(choose_vials(Decimal(20), [Vial(ten, 1), Vial(ten, 2), Vial(ten, 1)]).counts) == [0, 0, 2]


def test_the_choice_says_cost_and_lots() -> None:
    vials = [{"holds": "1 g", "cost": "12.5", "lot": "A1"}, {"holds": "500 mg", "cost": "7", "free": 1}]
    found = worked("vial-choice", dose="1200 mg", vials=vials)
    assert code(found, "vials") == "1x1 g + 1x500 mg" and found.value("cost") == Decimal("19.5") and found.value("over") == 25
    assert found.tables[0].rows == (("1", "1 g", "A1"), ("1", "500 mg", ""))


def test_rounding_is_never_silent() -> None:
    vials = [{"holds": "100 mg"}]
    down = worked("dose-rounding", dose="104 mg", vials=vials, policy="narrow-5")
    assert down.value("dose") == 100 and down.value("ordered") == 104 and "-3.85 %" in str(down.result("rounding"))
    up = worked("dose-rounding", dose="96 mg", vials=vials, policy="narrow-5")
    assert "+4.17 %" in str(up.result("rounding")) and [w.code for w in up.warnings] == ["needs-protocol"]
    assert code(worked("dose-rounding", dose="94 mg", vials=vials, policy="narrow-5"), "rounding") == "unchanged"


@pytest.mark.parametrize(
    ("bag", "additive", "chemotherapy", "rule"),
    [
        ("250 mL", "25 mL", "no", "leave"),
        ("250 mL", "25.1 mL", "no", "withdraw"),
        ("250 mL", "5 mL", "yes", "withdraw"),
        ("50 mL", "1 mL", "no", "withdraw"),
        ("100 mL", "1 mL", "no", "leave"),
    ],
)
def test_when_to_withdraw(bag: str, additive: str, chemotherapy: str, rule: str) -> None:
    assert code(worked("withdrawal-rule", bag=bag, additive=additive, chemotherapy=chemotherapy), "rule") == rule


def test_a_syringe_warns_of_little_and_of_marks() -> None:
    assert warned("syringe-choice", volume="0.5 mL", closed_system="no") == []
    assert warned("syringe-choice", volume="0.505 mL", closed_system="no") == ["between-marks"]
    assert warned("syringe-choice", volume="0.8 mL", closed_system="no") == []
    assert worked("syringe-choice", volume="0.8 mL", closed_system="yes").value("syringe") == 1


def test_a_syringe_that_measures_from_a_third_of_its_scale_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from openinfusion.calculations.domain.bench import syringe

    monkeypatch.setattr(syringe, "least_measurable", lambda *_: Decimal(1))
    assert warned("syringe-choice", volume="0.5 mL", closed_system="no") == ["small-for-syringe"]


def test_a_heavy_hand_is_rejected_on_both_sides() -> None:
    for measured, verdict in (("19.94 g", "reject"), ("19.95 g", "pass"), ("22.06 g", "reject")):
        found = worked("gravimetric-check", volume="20 mL", specific_gravity="1.05", measured=measured)
        assert code(found, "verdict") == verdict and not found.warnings
    assert warned(
        "gravimetric-check", volume="1 mL", specific_gravity="1", measured="1 g", scale_deviation="0.05 g", tolerance="3 %"
    ) == ["scale-limits"]


def test_a_bag_that_is_not_yet_weighed_has_a_target_and_no_verdict() -> None:
    bag = [{"ingredient": "water", "volume": "100 mL"}, {"ingredient": "water", "volume": "50 mL", "specific_gravity": "1.02"}]
    found = worked("nutrition-bag-weight", ingredients=bag, tolerance="5 %")
    assert [r.name for r in found.results] == ["volume", "target", "low", "high"]
    assert found.value("target") == 151 and found.value("high") == Decimal("158.55") and len(found.used) == 2


def test_alligation_without_a_total_gives_parts_alone() -> None:
    found = worked("alligation", strong="50 %", weak="0 %", target="20 %")
    assert code(found, "ratio") == "2:3" and len(found.results) == 3
    assert refused("alligation", strong="5 %", weak="5 %", target="5 %") == ["target-outside"]


@pytest.mark.parametrize("printed", ["0002143380", "123-4567-89", "0002-1433-8", "000021433801", "0002–1433–80"])
def test_what_is_no_ndc_is_malformed(printed: str) -> None:
    with pytest.raises(Malformed):
        ndc11(printed)


def test_eleven_digits_stay_as_they_are() -> None:
    assert code(worked("ndc-11", ndc="00002143380"), "ndc11") == "00002143380"


def test_eleven_digits_with_one_zero_still_ask_for_the_directory() -> None:
    assert warned("ndc-10", ndc="60575-4112-01") == ["directory"]
