# SPDX-License-Identifier: Apache-2.0
"""Interactions: the starting set, imported sets, what no set knows, and the licence trap T12."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openinfusion.clinical.domain import interaction_file
from openinfusion.clinical.domain.checks.interaction import check_interaction
from openinfusion.clinical.domain.facts import Facts, Medication
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.interaction import Danger, Interaction, LoadedSet, by_pair, starting_set
from openinfusion.clinical.domain.interaction_file import check_licence, read_pairs, text_of
from openinfusion.clinical.domain.scenario import facts_of
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.standing import Source, Standing

SOURCE = Source("a licensed source", date(2026, 1, 1), Standing.SOURCED)
HEAD = "left,right,tier,effect,do\n"


def made(drug: str, *medications: str, **given: object) -> Facts:
    return facts_of({"drug": drug, "medications": list(medications), **given})


def said(facts: Facts) -> dict[str, Tier]:
    return {f.code: f.tier for f in check_interaction(facts) if f.tier is not Tier.PASSED}


@pytest.mark.parametrize(("drug", "medication", "expected"), [
    ("daptomycin J01XX09", "atorvastatin 40 mg", {"interaction-daptomycin-statin": Tier.SOFT}),
    ("linezolid J01XX08", "sertraline", {"interaction-linezolid-serotonergic": Tier.SOFT}),
    ("linezolid J01XX08", "sumatriptan", {}),
    ("parenteral_nutrition B05BA10", "warfarin", {"interaction-nutrition-warfarin": Tier.INFO}),
    ("voriconazole J02AC03", "simvastatin 20 mg", {"interaction-statin-cyp3a4": Tier.HARD}),
    ("infliximab L04AB02", "MMR vaccine", {"interaction-live-vaccine-anti-tnf": Tier.SOFT}),
    ("vancomycin J01XA01", "vancomycin", {}),
])
def test_the_starting_set_speaks_in_three_tiers(drug: str, medication: str, expected: dict[str, Tier]) -> None:
    assert said(made(drug, medication)) == expected


def test_a_drug_no_set_knows_is_not_judged_and_says_so() -> None:
    (found,) = check_interaction(made("ceftriaxone J01DD04", "zzz tonic", "lisinopril"))
    assert (found.code, found.tier) == ("interaction-not-judged", Tier.CANNOT_JUDGE)
    assert "zzz tonic" in found.text and "lisinopril" not in found.text and starting_set().name in found.text
    known = replace(made("ceftriaxone"), patient=replace(made("ceftriaxone").patient, medications=(
        Medication(name="Rocephin", ingredients=frozenset({"cefoxitin"})),)))
    assert said(known) == {}


def test_the_loaded_sets_are_named_where_nothing_was_found() -> None:
    (found,) = check_interaction(made("ceftriaxone J01DD04"))
    assert found.tier is Tier.PASSED and str(starting_set()) in found.text and "not been judged" in found.text


def test_only_what_runs_on_the_same_days_and_in_a_vein_meets() -> None:
    both = made("ceftriaxone J01DD04", others=["calcium_gluconate A12AA03"])
    assert said(both) == {"interaction-ceftriaxone-calcium": Tier.SOFT}
    apart = replace(both, others=(replace(both.others[0], start_on=date(2020, 1, 1), last_on=date(2020, 1, 9)),))
    by_mouth = replace(both, others=(replace(both.others[0], route="PO"),))
    assert said(apart) == said(by_mouth) == {}
    unborn = replace(both, patient=replace(both.patient, age_days=None))
    assert set(said(unborn).values()) == {Tier.CANNOT_JUDGE}


def imported(danger: Danger, words: tuple[str, str] = ("ceftriaxone", "probenecid")) -> Interaction:
    left, right = sorted(words)
    return Interaction(code=f"interaction-imported-{danger.value}", left=left, right=right, danger=danger, effect="level rises",
                       do="watch", source=SOURCE, set_name="Licensed")


def test_an_imported_pair_speaks_and_its_graver_row_stands() -> None:
    facts = made("ceftriaxone J01DD04", "probenecid 500 mg")
    loaded = LoadedSet("Licensed", "1", "a contract", 2, frozenset({"ceftriaxone", "probenecid"}))
    rows = by_pair([imported(Danger.MONITOR), imported(Danger.SERIOUS)])
    found = check_interaction(replace(facts, interactions=rows, interaction_sets=(loaded,)))
    assert [(f.code, f.tier) for f in found] == [("interaction-imported-serious", Tier.SOFT)]
    assert said(facts) == {"interaction-not-judged": Tier.CANNOT_JUDGE}, "without the set nobody knows probenecid"


def test_the_database_never_ships_licensed_rows() -> None:
    assert starting_set().rows < 200 and "paper" in starting_set().licence


def test_trap_t12_a_licence_other_pages_invented_is_refused() -> None:
    for name in ("DDInter", "ddinter 2.0"):
        with pytest.raises(Refused) as no:
            check_licence(name, "2.0", "CC BY 4.0")
        assert no.value.reasons[0].code == "licence-mismatch" and "CC BY-NC-SA 4.0" in str(no.value)
        check_licence(name, "2.0", "CC BY-NC-SA 4.0")
    check_licence("Another source", "1", "a contract")
    with pytest.raises(Malformed) as bad:
        check_licence("x", " ", "")
    assert {f.path for f in bad.value.faults} == {"version", "licence"}


def test_a_file_is_read_strictly() -> None:
    (row,) = read_pairs(HEAD + "Warfarin,Aspirin,Serious,bleeding,\nwarfarin,ASPIRIN,serious,bleeding,\n")
    assert (row.left, row.right, row.tier, row.do) == ("aspirin", "warfarin", "serious", "look the pair up in the source")
    for text, told in (("left,right\na,b\n", "tier"), (HEAD, "no row"), (HEAD + "a,,serious,x,\n", "both"),
                       (HEAD + "a,b,grave,x,\n", "grave"), (HEAD + "a,b,serious,,\n", "what happens")):
        with pytest.raises(Malformed, match=told):
            read_pairs(text)
    with pytest.raises(Malformed) as many:
        read_pairs(HEAD + "a,b,grave,x,\n" * 50)
    assert len(many.value.faults) == interaction_file.MOST_FAULTS
    assert text_of("\ufeffleft".encode()) == "left"
    with pytest.raises(Malformed, match="UTF-8"):
        text_of(b"\xff\xfe")


def test_a_file_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_file, "MOST_ROWS", 2)
    with pytest.raises(Malformed, match="more than 2"):
        read_pairs(HEAD + "".join(f"a,b{n},serious,x,\n" for n in range(5)))
