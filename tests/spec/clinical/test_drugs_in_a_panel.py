# SPDX-License-Identifier: Apache-2.0
"""Every drug that a row speaks about, ordered for a panel of made-up patients: each finding, by its code, as it was read.

The files beside this test hold one finding of each code in full, how many different ones there are, and a digest of all. They
notice every change of a rule, a row or a wording; WRITE_FINDINGS=1 writes them anew. Read the difference before committing it.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from openinfusion.clinical.domain.checks import CHECKS, Check
from openinfusion.clinical.domain.facts import (
    DoseLimits,
    Facts,
    Figure,
    KnownAllergy,
    LabResult,
    Medication,
    OrderedDrug,
    OtherOrder,
)
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.scenario import TODAY, facts_of
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.standing import Source, Standing

FOLDER = Path(__file__).parent / "drugs_in_a_panel"  # one file a check
CATALOG = Path(__file__).parents[3] / "src" / "openinfusion" / "catalog" / "data"
SOURCE = Source("the catalog's row", TODAY, Standing.UNVERIFIED)
ELSEWHERE = frozenset({"nutrition", "regimen"})  # asked with facts of their own


def read(name: str) -> list[dict[str, str]]:
    with (CATALOG / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SIDE_CHAINS = tuple(SideChainRow(r["group"], r["ingredient"], r["likeness"]) for r in read("side_chains.csv"))


def split(text: str) -> frozenset[str]:
    return frozenset(w for w in text.split("|") if w)


def drugs() -> Iterator[OrderedDrug]:
    """Those of the catalog, and those that only rows know."""
    known: set[str] = set()
    for r in read("drugs.csv"):
        known |= {r["code"]} | split(r["ingredients"])
        yield OrderedDrug(
            code=r["code"], name=r["name"], atc=r["atc"], vesicant=r["vesicant"], allergy_groups=split(r["allergy_groups"]),
            ingredients=split(r["ingredients"]), routes=split(r["routes"]),
        )  # fmt: skip
    files = [f for c in CHECKS for f in c.files]
    named = {str(d) for f in files for row in read_rows(f).get("row", ()) for d in row.get("drugs", ())}
    for name in sorted(named - known - {"any"}):
        yield OrderedDrug(code=name, name=name.replace("_", " "), ingredients=frozenset({name}))


def labs(times: str, ago: tuple[int, ...] = (1,), of: str = "") -> dict[str, tuple[LabResult, ...]]:
    """Every test of the table, at so many times a middling value; ``of`` is another unit."""
    found: dict[str, tuple[LabResult, ...]] = {}
    for name, test in read_rows("lab_tests.toml")["test"].items():
        middle = {"potassium": "4", "creatinine": "1", "leukocytes": "6", "platelets": "200"}.get(name, "40")
        values = [D(middle) * D(times) / (n + 1) for n in range(len(ago))]
        code = test["loinc"][0]
        found[code] = tuple(
            LabResult(code, name, v, of or test["unit"], TODAY - timedelta(days=a)) for v, a in zip(values, ago, strict=True)
        )
    return found


CONDITIONS = (
    ("Z33.1", "pregnant"), ("Z39.1", "breast-feeding"), ("K74.60", "cirrhosis, Child-Pugh B"), ("Z95.811", "LVAD"),
    ("", "driveline infection"), ("D80.2", "IgA deficiency with anti-IgA"), ("D75.82", "HIT in 2019"), ("M62.82", "rhabdomyolysis"),
    ("P59.9", "jaundice"), ("G70.0", "myasthenia gravis"), ("I50.9", "heart failure"), ("E80.2", "porphyria"), ("N18.5", "kidney disease"),
    ("D55.0", "G6PD deficiency"), ("I26.99", "pulmonary embolism"), ("G40.9", "epilepsy"), ("", "no pregnancy"), ("I45.81", "long QT"),
)  # fmt: skip
SUBSTANCES = ("penicillin", "amoxicillin", "ceftriaxone", "cefazolin", "sulfa", "egg", "soy", "fish", "latex", "chlorhexidine", "benzyl alcohol",
              "polysorbate 80", "murine protein", "heparin", "shellfish", "iodine", "corn", "sulfite", "adhesive", "vancomycin", "aztreonam")  # fmt: skip
REACTIONS = (("anaphylaxis", "anaphylaxis"), ("rash", "mild"), ("Stevens-Johnson syndrome", "severe_skin"), ("", ""))
MEDICATIONS = (
    "warfarin", "apixaban", "lisinopril", "furosemide", "simvastatin", "valproic acid", "phenytoin", "methotrexate", "tacrolimus",
    "cyclosporine", "amiodarone", "ondansetron", "haloperidol", "sertraline", "linezolid", "ibuprofen", "digoxin", "potassium chloride",
    "spironolactone", "lithium", "allopurinol", "probenecid", "clozapine", "rifampin", "gentamicin", "an unknown herb",
)  # fmt: skip


def panel(base: Facts) -> Iterator[Facts]:
    """The same order for everybody, and other orders for the same patient."""
    patient, order = base.patient, base.order

    def of(**changes: Any) -> Facts:
        return replace(base, patient=replace(patient, **changes))

    yield base
    for years, days in ((0, 10), (0, 200), (2, 800), (10, 4000), (17, 6500), (66, 24_200), (85, 31_100)):
        yield of(age_years=years, age_days=days)
    for sex in ("female", "male"):
        yield of(sex=sex, age_years=30, age_days=11_000)
    for crcl in ("5", "14", "25", "45", "70"):
        yield of(crcl_ml_per_min=Figure(value=D(crcl), on=TODAY, method="test"))
    yield of(crcl_ml_per_min=Figure(value=D(25), on=TODAY - timedelta(days=60), method="test"))
    for condition in CONDITIONS:
        yield of(conditions=(condition,))
        yield of(conditions=(condition,), sex="female", age_years=30, labs=labs("8"))
    for reaction, severity in REACTIONS:
        yield from (
            of(allergy_state="recorded", allergies=(KnownAllergy(substance=s, reaction=reaction, severity=severity),))
            for s in SUBSTANCES
        )
        own = KnownAllergy(
            substance=order.drug.name,
            reaction=reaction,
            severity=severity,
            drug_code=order.drug.code,
            groups=order.drug.allergy_groups,
        )
        yield of(allergy_state="recorded", allergies=(own,))
        for group in ("beta_lactam", "cephalosporin", "carbapenem", "glycopeptide", "sulfonamide", "heparin"):
            yield of(
                allergy_state="recorded",
                allergies=(KnownAllergy(substance=f"a {group}", reaction=reaction, groups=frozenset({group})),),
            )
    yield from (of(medications=(Medication(name=m),)) for m in MEDICATIONS)
    yield of(medications=(Medication(name="a brand", ingredients=order.drug.ingredients),))
    for times in ("0.1", "0.4", "1", "2", "6", "30"):
        yield of(labs=labs(times))
        yield of(labs=labs(times, (1, 4, 9)))
    yield of(labs=labs("0.4", (1, 4)) | {k: tuple(reversed(v)) for k, v in labs("3", (4, 1)).items()})
    yield of(labs=labs("1", of="furlong/L"))
    yield of(labs=labs("1", (200,)))
    yield of(
        allergy_state="not_recorded", age_years=None, age_days=None, weight_kg=None, height_cm=None, line_type="", line_tip=""
    )
    for tip in ("", "central", "midline", "peripheral", "sc", "intrathecal", "epidural", "enteral"):
        for osmolarity in (None, 400, 901, 1400):
            yield replace(of(line_tip=tip, line_type=tip), order=replace(order, osmolarity_mosm_per_l=osmolarity))
    for route in ("SC", "IM", "IT", "epidural", "PO", "inhaled"):
        yield replace(base, order=replace(order, route=route))
    for minutes in (0, 5, 30, 61, 240, 1440):
        for volume in (None, D(10), D(250)):
            concentration = Quantity(order.dose.amount / volume, order.dose.unit) if volume else None
            yield replace(base, order=replace(order, infusion_minutes=minutes, volume_ml=volume, concentration=concentration))
    for dose, kind in (("1", "mg"), ("100", "mg"), ("5000", "mg"), ("100000", "mg"), ("2", "g"), ("5000", "[iU]"), ("40", "meq")):
        for hours in (6, 24, 48):
            per_day = D(24) / hours
            yield replace(
                base, order=replace(order, dose=Quantity(D(dose), unit(kind)), interval_hours=hours, doses_per_day=per_day)
            )
    for old in (40, 400):
        stale = Figure(value=D(70), on=TODAY - timedelta(days=old))
        yield of(weight_kg=stale, height_cm=stale, crcl_ml_per_min=stale, serum_creatinine=stale)
    for days in (1, 6, 29, 60, 400):
        yield replace(base, order=replace(order, days=days, last_on=order.start_on + timedelta(days=days - 1)))
    for hours in (None, 6, 47, 167, 168, 400):
        yield replace(
            base, stability=replace(base.stability, hours=hours, why_not="" if hours else "no row", storage="refrigerated")
        )
    for other, atc, group in (
        ("vancomycin", "J01XA01", "glycopeptide"),
        ("ceftriaxone", "J01DD04", ""),
        ("heparin", "B01AB01", ""),
        ("calcium gluconate", "A12AA03", ""),
    ):
        drug = OrderedDrug(
            code=other.replace(" ", "_"),
            name=other,
            atc=atc,
            ingredients=frozenset({other}),
            allergy_groups=frozenset({group} - {""}),
        )
        beside = OtherOrder(
            number="B-01",
            drug=drug,
            start_on=TODAY,
            last_on=TODAY + timedelta(days=20),
            route="IV",
            purpose="therapy",
            daily_minutes=D(1200),
        )
        for lumens in (1, 2):
            yield replace(of(lumens=lumens), others=(beside, replace(beside, number="C-01", last_on=TODAY + timedelta(days=1))))


def told(f: Finding) -> str:
    return "\n".join(
        (f"  {f.title}", f"  {f.text}", f"  do: {f.do}", f"  rests on: {' | '.join(f.evidence)}", f"  {f.source} {f.sends_back}")
    )


def limits(drug: str) -> tuple[DoseLimits, ...]:
    """The dose ranges of a drug, as the catalog has them."""
    rows = [r for r in read("dose_rules.csv") if r["drug_code"] == drug]
    return tuple(
        DoseLimits(
            measure=r["measure"], per=r["per"], source=SOURCE,
            **{c: Quantity(D(r[c]), unit(r["unit"])) for c in ("usual_low", "usual_high", "hard_high")},
            **{c: D(r[c]) if r[c] else None for c in ("crcl_from", "crcl_below", "min_interval_h", "max_interval_h")},
            **{c: int(r[c]) if r[c] else None for c in ("age_from", "age_below")},
        )
        for r in rows
    )  # fmt: skip


@cache
def everybody() -> tuple[Facts, ...]:
    """Each drug for each patient."""
    base, found = facts_of({"drug": "x"}, SIDE_CHAINS), []
    for drug in drugs():
        ordered = replace(base.order, drug=drug, dose=Quantity(D(1000), unit("mg")), interval_hours=24)
        found += panel(replace(base, order=ordered, limits=limits(drug.code)))
    return tuple(found)


@pytest.mark.parametrize("check", [c for c in CHECKS if c.rule not in ELSEWHERE], ids=lambda c: c.rule)
def test_every_drug_for_every_patient_of_the_panel_is_found_what_was_read(check: Check) -> None:
    found: dict[str, dict[str, None]] = {}
    for facts in everybody():
        for finding in check.run(facts):
            found.setdefault(f"{finding.rule} {finding.code} ({finding.tier})", {})[told(finding)] = None
    lines = []
    for code, texts in sorted(found.items()):
        digest = hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:16]
        lines += [f"{code}: {len(texts)} different, {digest}", min(texts)]
    text, file = "\n".join(lines) + "\n", FOLDER / f"{check.rule}.txt"
    if os.environ.get("WRITE_FINDINGS"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
