# SPDX-License-Identifier: Apache-2.0
"""Every kind of rule: read strictly, and what it has against a claim."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers.adapters import code_changes, rules_on_file
from openinfusion.payers.domain.billed import Billed, BilledLine
from openinfusion.payers.domain.contract import PayerType
from openinfusion.payers.domain.rule import VALUES, Rule, RuleKind, parse_rule, parse_rules, rules_on
from openinfusion.payers.domain.rule_checks import code_findings, findings, whole_units

DAY = date(2026, 3, 2)


def line(code: str, units: object = 1, days: int = 1, first: date = DAY, **more: object) -> BilledLine:
    return BilledLine(code, D(str(units)), first, first + timedelta(days=days - 1), **more)  # type: ignore[arg-type]


def said(rule: str, *lines: BilledLine, before: tuple[BilledLine, ...] = (), documents: tuple[str, ...] = (), of: str = "biologic") -> list[str]:
    return [f.text for f in findings([parse_rule(rule)], Billed(of, lines, before, frozenset(documents)))]


CASES: list[tuple[str, tuple[BilledLine, ...], dict[str, object], str]] = [
    ("authorization J1745: needed", (line("J1745", 5),), {}, "no authorization covers it"),
    ("authorization class:biologic: needed", (line("S9359", 5, authorized_units=3),), {}, "still holds 3"),
    ("authorization all: over 10 units", (line("S9500", 11),), {}, "no authorization"),
    ("document all: letter_of_medical_necessity", (line("S9500"),), {}, "letter of medical necessity"),
    ("document J1745: standard_written_order", (line("J1745"),), {}, "standard written order"),
    ("modifier S9*: SS when suite", (line("S9500", place="49"),), {}, "modifier SS is missing"),
    ("modifier S9*: SH or SJ when concurrent", (line("S9500"), line("S9501")), {}, "SH or SJ"),
    ("modifier J1559: JB when subcutaneous", (line("J1559", subcutaneous=True),), {}, "JB"),
    ("modifier J*: KX or GA when pump", (line("J2260", by_pump=True),), {}, "KX or GA"),
    ("modifier J*: KX", (line("J2260"),), {}, "KX"),
    ("modifier S9*: XX when home", (line("S9500"),), {}, "XX"),
    ("waste J*: JW and JZ", (line("J1745", single_dose=True),), {}, "JZ, or JW"),
    ("waste J*: JW and JZ", (line("J1745", single_dose=True, modifiers=("JZ",)), line("J1745", single_dose=True, modifiers=("JW",))), {}, "JZ says nothing"),
    ("ndc J*: needed", (line("J1745", ndc11="123"),), {}, "NDC"),
    ("describe S9379: needed", (line("S9379"),), {}, "in words"),
    ("place S9*: 12 49", (line("S9500", place="11"),), {}, "place of service 11"),
    ("frequency A4221: 1 in 7 days", (line("A4221"),), {"before": (line("A4221", first=DAY - timedelta(days=3)),)}, "2 units in 7 days"),
    ("rental E0781: 13 months", (line("E0781", rental_month=14),), {}, "13 are paid"),
    ("rental E0781: 13 months", (line("E0781", rental_month=2, modifiers=("RR", "KH")),), {}, "RR and KI"),
    ("rental E0781: 13 months", (line("E0781"),), {}, "is not known"),
    ("month S9*: one line", (line("S9500", 31, 31),), {}, "end of its month"),
    ("with 99602: 99601 on the same day", (line("99602"),), {}, "only with 99601 on the same day"),
    ("with Q2052: J15* within 30 days", (line("Q2052"),), {"before": (line("J1561", first=DAY - timedelta(days=31)),)}, "within 30 days before"),
    ("never S9494: S9500 on the same day", (line("S9494"), line("S9500")), {}, "beside S9500"),
    ("highest G0068 G0070: one a day", (line("G0068"), line("G0070")), {}, "G0068 stands there"),
    ("gap G0088: 60 days after G0068", (line("G0088"),), {"before": (line("G0068", first=DAY - timedelta(days=60)),)}, "not more than 60"),
    ("round J*: up", (line("J1745", "41.5"),), {}, "billed as 42"),
    ("round J*: down", (line("J1745", "41.5"),), {}, "billed as 41"),
    ("not_covered S9*: per diems are no benefit", (line("S9500"),), {}, "no benefit"),
    ("supply all: 34 days", (line("J1745", days_supply=35),), {}, "35 days"),
    ("refill all: 75 percent", (line("J1745"),), {"before": (line("J1745", first=DAY - timedelta(days=20), days_supply=30),)}, "not 75 % used up"),
    ("protein B4189: 10 to 51 g a day", (line("B4189"),), {}, "is not known"),
    ("protein B4189: 10 to 51 g a day", (line("B4189", protein_g_per_day=D(60)),), {}, "60 g of protein"),
]


@pytest.mark.parametrize(("rule", "lines", "more", "text"), CASES)
def test_each_kind_of_rule_says_what_is_wrong(rule: str, lines: tuple[BilledLine, ...], more: dict[str, object], text: str) -> None:
    found = said(rule, *lines, **more)  # type: ignore[arg-type]
    assert len(found) == 1 and text in found[0]


FINE: list[tuple[str, tuple[BilledLine, ...], dict[str, object]]] = [
    ("authorization J1745: not needed", (line("J1745", 5),), {}),
    ("authorization J1745: needed", (line("J1745", 5, authorized_units=0),), {}),
    ("authorization J1745: over 10 units", (line("J1745", 5),), {}),
    ("document J1745: standard_written_order", (line("S9500"),), {}),
    ("document all: standard_written_order", (line("S9500"),), {"documents": ("standard_written_order",)}),
    ("modifier S9*: SS when suite", (line("S9500"),), {}),
    ("modifier S9*: SH or SJ when concurrent", (line("S9500"), line("S9501", modifiers=("SH",))), {}),
    ("waste J*: JW and JZ", (line("J1745", single_dose=True), line("J1745", single_dose=True, modifiers=("JW",))), {}),
    ("ndc J*: needed", (line("J1745", ndc11="57894003001"),), {}),
    ("describe S9379: needed", (line("S9379", description="daily vedolizumab"),), {}),
    ("place S9*: 12 49", (line("S9500", place="49"),), {}),
    ("frequency A4221: 1 in 7 days", (line("A4221"),), {"before": (line("A4221", first=DAY - timedelta(days=7)),)}),
    ("frequency B4*: 1 in 1 day", (line("B4220", 7, 7),), {}),
    ("rental E0781: 13 months", (line("E0781", rental_month=1, modifiers=("RR", "KH")),), {}),
    ("month S9*: one line", (line("S9500", 7, 7),), {}),
    ("with 99602: 99601 on the same day", (line("99602"), line("99601")), {}),
    ("with Q2052: J15* within 30 days", (line("Q2052"),), {"before": (line("J1561", first=DAY - timedelta(days=30)),)}),
    ("never S9494: S9500 on the same day", (line("S9494"), line("S9500", first=DAY + timedelta(days=1))), {}),
    ("highest G0068 G0070: one a day", (line("G0068"), line("G0070", first=DAY + timedelta(days=1))), {}),
    ("gap G0088: 60 days after G0068", (line("G0088"),), {"before": (line("G0068", first=DAY - timedelta(days=61)),)}),
    ("round J*: nearest", (line("J1745", 42),), {}),
    ("not_covered S9*: per diems are no benefit", (line("S9500", modifiers=("GY",)),), {}),
    ("supply all: 34 days", (line("J1745", days_supply=34), line("J0696")), {}),
    ("refill all: 75 percent", (line("J1745"),), {"before": (line("J1745", first=DAY - timedelta(days=23), days_supply=30),)}),
    ("protein B4189: 10 to 51 g a day", (line("B4189", protein_g_per_day=D(51)),), {}),
]


@pytest.mark.parametrize(("rule", "lines", "more"), FINE)
def test_each_kind_of_rule_is_silent_where_all_is_well(rule: str, lines: tuple[BilledLine, ...], more: dict[str, object]) -> None:
    assert said(rule, *lines, **more) == []  # type: ignore[arg-type]


def test_every_kind_has_a_case_both_ways() -> None:
    assert {c[0].split()[0] for c in CASES} == set(RuleKind) == {c[0].split()[0] for c in FINE}


@pytest.mark.parametrize(("bad", "text"), [
    ("frequency A4221 1 in 7 days", "colon"), ("frequency: 1", "colon"), ("often A4221: 1", "no kind of rule"),
    ("frequency A42: 1 in 7 days", "no code"), ("frequency A4221: weekly", "looks like this: 1 in 7 days"),
    ("protein B4189: ١٠ to ٥١ g a day", "looks like"),
])
def test_what_cannot_be_read_is_named(bad: str, text: str) -> None:
    with pytest.raises(Malformed, match=text):
        parse_rule(bad)


@pytest.mark.parametrize("kind", list(RuleKind))
def test_the_example_of_every_kind_reads(kind: RuleKind) -> None:
    rule = parse_rule(f"{kind.value} J1745 class:iron: {VALUES[kind][1]}")
    assert parse_rule(str(rule)) == rule and rule.about("J1745") and rule.about("S9500", "iron") and not rule.about("S9500")
    assert Rule(kind, ("all",), "\n").said == {}


def test_lines_are_read_together_and_doubles_refused() -> None:
    assert len(parse_rules(["ndc J*: needed", "document all: a", "document all: b"])) == 3
    with pytest.raises(Malformed) as no:
        parse_rules(["ndc J*: needed", "ndc J*: needed", "x"])
    assert len(no.value.faults) == 2


def test_a_contracts_rule_stands_before_the_one_on_file_and_dates_hold() -> None:
    file = Source("a file", date(2026, 1, 1), Standing.SOURCED)
    on_file = [
        parse_rule("frequency A4221: 1 in 7 days", file), parse_rule("authorization J*: needed", file),
        parse_rule("ndc J*: needed", file, date(2026, 2, 1)), parse_rule("round J*: up", Source("x", date(2027, 1, 1), Standing.SOURCED)),
    ]
    own = parse_rules(["frequency A4221: 2 in 7 days", "authorization class:iron: needed"])
    assert [str(r) for r in rules_on(DAY, own, on_file)] == ["frequency A4221: 2 in 7 days", "authorization class:iron: needed"]
    assert len(rules_on(DAY, (), on_file)) == 2


def test_the_files_rules_read_and_speak_for_every_payer_type_but_never_without_a_source() -> None:
    found = rules_on_file()
    assert set(found) == set(PayerType)
    assert all(r.source is not None and r.source.text for rules in found.values() for r in rules)


def test_units_are_made_whole_as_the_payer_rounds() -> None:
    assert [whole_units(D("41.5"), r) for r in ("up", "nearest", "down")] == [42, 42, 41]


@pytest.mark.parametrize(("old", "new", "factor"), [("J3370", "J3373", 50), ("J1170", "J1171", 40), ("J2930", "J2919", 25)])
def test_a_code_that_ended_names_the_one_that_followed_and_its_factor(old: str, new: str, factor: int) -> None:
    found = code_findings(code_changes(), Billed("pain", (line(old), line(new), line("S9326"))))
    assert [f.code for f in found] == [old] and new in found[0].text and f"{factor} units for one" in found[0].text
    change = next(c for c in code_changes() if c.old == old)
    assert change.units(D(14)) == 14 * factor
    early = code_findings(code_changes(), Billed("pain", (line(new, first=date(2023, 1, 1)), line(old, first=date(2023, 1, 1)))))
    assert [f.code for f in early] == [new] and "until" in early[0].text
