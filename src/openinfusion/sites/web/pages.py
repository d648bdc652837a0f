# SPDX-License-Identifier: Apache-2.0
"""What the templates of the sites room receive."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.kernel.refusal import Reason
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites.domain.hood import HOOD, reasons_against
from openinfusion.sites.models import Hood
from openinfusion.sites.permissions import CERTIFY, CLEAN
from openinfusion.sites.queries import ColdStoreFact, PharmacyFact, chairs_of, cold_stores_of, facts_of, pharmacies, pharmacy_of
from openinfusion.sites.web.forms import CertificationForm, CleaningForm, ReadingForm


@dataclass(frozen=True, slots=True)
class HoodRow:
    id: UUID
    name: str
    room_name: str
    hazardous: bool
    state: str
    tone: str
    reasons: tuple[Reason, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class SitePage:
    site: PharmacyFact
    hoods: tuple[HoodRow, ...]
    cold_stores: tuple[tuple[ColdStoreFact, ReadingForm], ...]
    chairs: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class SitesPage:
    sites: tuple[PharmacyFact, ...]


def sites_page() -> SitesPage:
    return SitesPage(tuple(pharmacies()))


def site_page(site_id: UUID, by: Actor) -> SitePage:
    site = pharmacy_of(site_id)
    return SitePage(
        site,
        tuple(_hood_row(h, by) for h in Hood.objects.filter(site_id=site_id).order_by("name")),
        tuple((c, ReadingForm(auto_id=f"{c.id}_%s")) for c in cold_stores_of(site_id)),
        tuple(chairs_of(site_id)),
    )


def _hood_row(hood: Hood, by: Actor) -> HoodRow:
    facts = facts_of(hood, now())
    steps = acts_of(
        HOOD,
        hood.state,
        facts,
        by,
        url_for=lambda step: reverse("sites:hood_step", args=[hood.id, step]),
    )
    return HoodRow(
        hood.id,
        hood.name,
        hood.room_name,
        hood.hazardous,
        hood.state,
        HOOD.tone(facts.state),
        reasons_against(facts, hood.hazardous),
        (*_records(hood, by), *steps),
    )


def _records(hood: Hood, by: Actor) -> list[Act]:
    def act(name: str, label: str, form: forms.Form) -> Act:
        return Act(f"{name}-{hood.id}", label, reverse(f"sites:hood_{name}", args=[hood.id]), form=form)

    found = []
    if by.may(CLEAN.code):
        found.append(act("clean", "Record cleaning", CleaningForm(auto_id=f"clean-{hood.id}-%s")))
    if by.may(CERTIFY.code):
        found.append(act("certify", "Record certification", CertificationForm(auto_id=f"certify-{hood.id}-%s")))
    return found
