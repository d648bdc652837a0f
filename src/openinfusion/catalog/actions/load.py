# SPDX-License-Identifier: Apache-2.0
"""Writes of the catalog: load it from its files, sign a figure."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from openinfusion.catalog import models
from openinfusion.catalog.adapters import listed, rows, tables
from openinfusion.catalog.models.figure import Figure
from openinfusion.catalog.permissions import LOAD, SIGN
from openinfusion.catalog.queries import day_of, formula_of, template_on
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.kernel.standing import Standing
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Organization

FIGURES: dict[str, type[Figure]] = {
    "drug": models.Drug, "formula": models.Formula, "stability": models.Stability, "dose_rule": models.DoseRule,
    "template": models.Template, "regimen": models.Regimen,
}


def key_id(organization_id: UUID, kind: str, *key: str) -> UUID:
    """The id of a catalog row: the same key in the same organization always has the same id."""
    return uuid5(organization_id, "|".join(("catalog", kind, *key)))


def _figure(row: dict[str, str]) -> dict[str, object]:
    return {
        "source": row["source"],
        "effective_from": date.fromisoformat(row["effective_from"]),
        "status": row["status"],
    }


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None


def new_edition() -> None:
    """What readers remember of the catalog is forgotten."""
    models.Edition.objects.update_or_create(defaults={"mark": new_id()})


@action
def load_catalog(*, by: Actor) -> int:
    """Load the catalog's files into this organization; rows already there, and their signatures, are left alone.

    Answers how many rows are new.
    """
    if not by.may(LOAD.code):
        raise Refused(Reason("not-permitted", f"needs the permission {LOAD.code}"))
    org = by.organization_id
    made = (
        [*_drugs(org), *_products(org)],
        [*_formulas(org), *_stability(org), *_dose_rules(org), *_templates(org), *_codes(org), *_regimens(org)],
    )
    fresh = sum(_keep_new(group) for group in made)
    new_edition()
    home = Organization.objects.get(id=org)
    write(by, "catalog.loaded", home, "{actor} loaded the catalog: {fresh} new rows", noted={"fresh": fresh})
    return fresh


def _keep_new(found: list[Figure]) -> int:
    """Insert the rows whose ids are not there yet, table by table."""
    fresh = 0
    for model in dict.fromkeys(type(row) for row in found):
        mine = [row for row in found if type(row) is model]
        known = set(model._default_manager.values_list("id", flat=True))
        new = [row for row in mine if row.id not in known]
        model._default_manager.bulk_create(new, batch_size=500)
        fresh += len(new)
    return fresh


def _drugs(org: UUID) -> list[Figure]:
    return [
        models.Drug(
            id=key_id(org, "drug", r["code"]), code=r["code"], name=r["name"], tall_man=r["tall_man"],
            therapy_class=r["therapy_class"], routes=listed(r["routes"]), hazardous=r["hazardous"] == "yes",
            vesicant=r["vesicant"], allergy_groups=listed(r["allergy_groups"]), atc=r["atc"],
            refrigerated=r["refrigerated"] == "yes", ingredients=listed(r["ingredients"]), rxnorm=listed(r["rxnorm"]),
            synonyms=listed(r["synonyms"]), hcpcs=r["hcpcs"], **_figure(r),
        )
        for r in rows("drugs")
    ]


def _products(org: UUID) -> list[Figure]:
    return [
        models.Product(
            id=key_id(org, "product", r["ndc11"]),
            drug_id=key_id(org, "drug", r["drug_code"]) if r["drug_code"] else None,
            kind=r["kind"],
            name=r["name"],
            labeler=r["labeler"],
            ndc11=r["ndc11"],
            gtin=r["gtin"],
            strength_amount=Decimal(r["strength_amount"]),
            strength_unit=r["strength_unit"],
            volume_ml=Decimal(r["volume_ml"]),
            reconstitute_ml=Decimal(r["reconstitute_ml"]),
            form=r["form"],
            container=r["container"],
            single_dose=r["single_dose"] == "yes",
            storage=r["storage"],
            cost_cents=Money.of(r["cost"]).cents,
            hcpcs=r["hcpcs"],
            hcpcs_amount=_amount(r["hcpcs_amount"]),
            hcpcs_unit=r["hcpcs_unit"],
            **_figure(r),
        )
        for r in rows("products")
    ]


def _formulas(org: UUID) -> list[Figure]:
    """The formulas on file, with how each is made. A day on which the house has begun a version of its own stays the house's."""
    mine = models.Formula.objects.filter(drafted_by__isnull=False)
    taken = set(mine.values_list("drug__code", "route", "effective_from"))
    return [
        models.Formula(
            id=key_id(org, "formula", r["drug_code"], r["route"], r["effective_from"]),
            drug_id=key_id(org, "drug", r["drug_code"]), route=r["route"], method=r["method"],
            diluent_id=key_id(org, "product", r["diluent_ndc"]) if r["diluent_ndc"] else None, container=r["container"],
            final_volume_ml=Decimal(r["final_volume_ml"]), max_amount=Decimal(r["max_amount"]), max_unit=r["max_unit"],
            infusion_minutes=int(r["infusion_minutes"]), storage=r["storage"], category=int(r["category"]),
            device_id=key_id(org, "product", r["device_ndc"]), **_made_by(r), **_figure(r),
        )
        for r in rows("formulas")
        if (r["drug_code"], r["route"], date.fromisoformat(r["effective_from"])) not in taken
    ]


def _made_by(row: dict[str, str]) -> dict[str, object]:
    """How a formula is made: what its drug says in formulations.toml, else what its container does."""
    known = tables("formulations")
    said = known["container"].get(row["container"], {}) if row["method"] == "compound" else known["dispense"]
    said = {**said, **known["drug"].get(row["drug_code"], {}).get(row["route"], {})}
    texts = {n: said.get(n, []) for n in ("mixing", "equipment", "quality_checks", "label_text")}
    figures = {n: _amount(said.get(n, "")) for n in ("specific_gravity", "tolerance_percent")}
    switches = {n: said.get(n, False) for n in ("closed_system", "weighed")}
    return {**texts, **figures, **switches, "withdraw": said.get("withdraw", "policy")}


def _stability(org: UUID) -> list[Figure]:
    return [
        models.Stability(
            id=key_id(
                org, "stability", r["drug_code"], r["container"], r["storage"], r["min_amount"], r["effective_from"]
            ),
            drug_id=key_id(org, "drug", r["drug_code"]),
            container=r["container"],
            storage=r["storage"],
            min_amount=Decimal(r["min_amount"]),
            max_amount=Decimal(r["max_amount"]),
            unit=r["unit"],
            hours=int(r["hours"]),
            **_figure(r),
        )
        for r in rows("stability")
    ]


def _dose_rules(org: UUID) -> list[Figure]:
    return [
        models.DoseRule(
            id=key_id(org, "dose_rule", str(n), r["drug_code"], r["effective_from"]),
            number=n,
            drug_id=key_id(org, "drug", r["drug_code"]),
            route=r["route"],
            measure=r["measure"],
            per=r["per"],
            usual_low=Decimal(r["usual_low"]),
            usual_high=Decimal(r["usual_high"]),
            hard_high=Decimal(r["hard_high"]),
            unit=r["unit"],
            crcl_from=_amount(r["crcl_from"]),
            crcl_below=_amount(r["crcl_below"]),
            age_from=_whole(r["age_from"]),
            age_below=_whole(r["age_below"]),
            min_interval_h=_amount(r["min_interval_h"]),
            max_interval_h=_amount(r["max_interval_h"]),
            **_figure(r),
        )
        for n, r in enumerate(rows("dose_rules"), 1)
    ]


def _templates(org: UUID) -> list[Figure]:
    """The templates on file. A day on which the house has begun a version of its own stays the house's."""
    mine = models.Template.objects.filter(drafted_by__isnull=False)
    taken = set(mine.values_list("therapy_class", "effective_from"))
    return [
        models.Template(
            id=key_id(org, "template", name, str(t["effective_from"])), therapy_class=name, name=t["name"],
            per_diem=t["per_diem"], by_interval=[[str(x["up_to_h"]), x["code"]] for x in t["per_diem_by_interval"]],
            by_litres=[[str(x["up_to_l"]), x["code"]] for x in t["per_diem_by_litres"]],
            required_items=t["required_items"], kit=t["kit"], labs=t["monitoring"], teaching=t["teaching"],
            visits_per_week=t["visits_per_week"], nursing_task=t["nursing_task"],
            first_dose_attended=t["first_dose_attended"], source=t["source"], effective_from=t["effective_from"],
            status=t["status"], goals=t["goals"], labels=t["labels"],
        )
        for name, t in tables("templates").items()
        if (name, t["effective_from"]) not in taken
    ]


def _codes(org: UUID) -> list[Figure]:
    billing: list[Figure] = [
        models.Hcpcs(
            id=key_id(org, "hcpcs", r["code"], r["effective_from"]), code=r["code"], text=r["text"], klass=r["klass"],
            unit_amount=Decimal(r["unit_amount"]), unit=r["unit"], unit_text=r["unit_text"],
            exclusive_group=r["exclusive_group"],
            effective_to=date.fromisoformat(r["effective_to"]) if r["effective_to"] else None, **_figure(r),
        )
        for r in rows("hcpcs")
    ]
    diagnoses = [
        models.Diagnosis(id=key_id(org, "icd10", r["code"]), code=r["code"], text=r["text"], **_figure(r))
        for r in rows("icd10")
    ]
    chains = [
        models.SideChain(
            id=key_id(org, "side_chain", r["group"], r["ingredient"]), group=r["group"], ingredient=r["ingredient"],
            likeness=r["likeness"], **_figure(r),
        )
        for r in rows("side_chains")
    ]
    return [*billing, *diagnoses, *chains]


def _regimens(org: UUID) -> list[Figure]:
    own = ("source", "effective_from", "status")
    return [
        models.Regimen(
            id=key_id(org, "regimen", r["code"], str(r["edition"])), code=r["code"], edition=r["edition"], name=r["name"],
            body={k: v for k, v in r.items() if k not in own}, **{k: r[k] for k in own},
        )
        for r in tables("regimens")["regimen"]
    ]


@action
def sign_figure(*, kind: str, figure_id: UUID, by: Actor) -> UUID:
    """A pharmacist stands for a figure: it is valid here."""
    if kind not in FIGURES:
        raise NotFound(f"figure of the kind {kind}")
    row = lock(FIGURES[kind], figure_id)
    against = []
    if not by.may(SIGN.code):
        against.append(Reason("not-permitted", f"needs the permission {SIGN.code}"))
    if row.status == Standing.SIGNED:
        against.append(Reason("already-signed", f"{row} was signed by {row.signed_name}"))
    if not by.signed:
        against.append(Reason("signature-missing", "signing a figure needs your signature"))
    if isinstance(row, models.Template) and template_on(row.therapy_class, day_of(by)).id != row.id:
        against.append(Reason("not-in-force", f"{row} is not the version in force", "draft a new version from it"))
    if isinstance(row, models.Formula) and formula_of(row.drug.code, row.route, day_of(by)).id != row.id:
        against.append(Reason("not-in-force", f"{row} is not the version in force", "draft a new version from it"))
    if against:
        raise Refused(*against)
    revise(
        row, f"catalog.{kind}.signed", "{actor} signed {subject} as valid here", by=by, status=Standing.SIGNED.value,
        signed_by=by.id, signed_name=by.name, signed_at=now(), noted={"source": row.source},
    )
    new_edition()
    return row.id
