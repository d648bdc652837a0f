# SPDX-License-Identifier: Apache-2.0
"""Invented patients and orders, all from one seed."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from openinfusion.intake.public import (
    AllergyIn,
    ConditionIn,
    LabIn,
    MeasurementIn,
    OrderIn,
    PersonIn,
    ReferralIn,
    SexIn,
)
from openinfusion.kernel.quantity import Rounding, rounded

ZONE = ZoneInfo("America/Chicago")
CREATININE = "2160-0"


@cache
def _said(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Invented:
    """One referral to come, and what its course will bring."""

    referral: ReferralIn
    line: str
    items: tuple[str, ...]
    fate: str  # "" for care; decline, refer_out, no_response, cancel, slow
    plan: str


FATES = (("", 84), ("decline", 4), ("refer_out", 3), ("no_response", 3), ("cancel", 2), ("slow", 4))


def invent(rng: random.Random, number: int, at: datetime, plan_names: list[str], near: str) -> Invented:
    """The patient with this number, referred at this instant, who lives near the pharmacy of this key."""
    people, orders = _said("people.toml"), _said("orders.toml")["order"]
    order = rng.choices(orders, [o["weight"] for o in orders])[0] if number > len(orders) else orders[number - 1]
    sex = rng.choice((SexIn.FEMALE, SexIn.MALE))
    kg = Decimal(rng.randint(520, 980)) / 10
    born = date(1938, 1, 1) + timedelta(days=rng.randint(0, 66 * 365))
    city, state, zip_code = rng.choice(people[f"near_{near}"])
    prescriber = rng.randrange(len(people["prescriber"]))
    allergic = rng.random() < 0.2 and order["drug"] not in {"cefazolin", "ceftriaxone", "cefepime"}
    substance, reaction, severity = rng.choice(people["allergy"])
    referral = ReferralIn(
        person=PersonIn(
            family=people["family"][(number * 7) % len(people["family"])],
            given=rng.choice(people["given_female" if sex is SexIn.FEMALE else "given_male"]),
            born_on=born,
            sex=sex,
            line1=f"{rng.randint(1, 999)} Fiction Lane",
            city=city,
            state=state,
            zip=zip_code,
            phone=f"217555{rng.randint(100, 199):04d}",
            identifiers=(("urn:example:hospital", f"H{number:06d}"),),
        ),
        source="hospital",
        source_name=rng.choice(people["hospital"]),
        orders=(_order(order, kg, at.astimezone(ZONE).date(), people["prescriber"][prescriber], people["npis"][prescriber]),),
        allergies=(AllergyIn(substance=substance, reaction=reaction, severity=severity),) if allergic else (),
        no_known_allergies=not allergic,
        conditions=(ConditionIn(text="", icd10=order["icd10"]),),
        measurements=(
            MeasurementIn(kind="weight_kg", value=kg, taken_at=at - timedelta(days=1)),
            MeasurementIn(kind="height_cm", value=Decimal(rng.randint(152, 190)), taken_at=at - timedelta(days=1)),
        ),
        labs=_labs(order, rng, at),
        needed_by=at.astimezone(ZONE).date() + timedelta(days=3),
    )
    fate = "" if number <= len(orders) else rng.choices([f for f, _ in FATES], [w for _, w in FATES])[0]
    return Invented(referral, order["line"], tuple(order.get("items", ())), fate, rng.choice(plan_names))


def _order(o: dict[str, Any], kg: Decimal, on: date, prescriber: str, npi: str) -> OrderIn:
    dose = (
        Decimal(o["dose"])
        if "dose" in o
        else max(
            Decimal(o["step"]),
            rounded(Decimal(o["per_kg"]) * kg, Decimal(o["step"]), Rounding.HALF_UP),
        )
    )
    return OrderIn(
        drug_text=o["drug"],
        dose_amount=dose,
        dose_unit=o["unit"],
        route=o["route"],
        interval_hours=o["hours"],
        infusion_minutes=o.get("minutes"),
        start_on=on + timedelta(days=2),
        days=o["days"],
        ordered_on=on,
        prescriber_name=prescriber,
        prescriber_npi=npi,
        icd10=o["icd10"],
        text=f"{o['drug'].replace('_', ' ')} {dose} {o['unit']} {o['route']} every {o['hours']} hours for {o['days']} days",
    )


def _labs(o: dict[str, Any], rng: random.Random, at: datetime) -> tuple[LabIn, ...]:
    drawn = at - timedelta(days=1)
    found = [LabIn(loinc=CREATININE, name="creatinine", value=Decimal(rng.randint(6, 11)) / 10, unit="mg/dL", taken_at=drawn)]
    found += [LabIn(loinc=c, name=n, value=Decimal(v), unit=u, taken_at=drawn) for c, n, v, u in o.get("labs", ())]
    return tuple(found)
