# SPDX-License-Identifier: Apache-2.0
"""Pharmacies as labels and claims print them, their licences and chairs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.position import Position, position_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.zip_code import shown_zip
from openinfusion.platform.models import Site
from openinfusion.platform.rows import row_by_id, rows_by
from openinfusion.platform.scope import read_once
from openinfusion.sites.domain.licence import LicenceKind, SiteLicenceFact
from openinfusion.sites.models import Chair, Pharmacy, SiteLicence


@dataclass(frozen=True, slots=True)
class PharmacyFact:
    """A site as labels, tickets and claims print it. ``id`` is the site's."""

    id: UUID
    name: str
    kind: str
    timezone: str
    legal_name: str
    npi: str
    tax_id: str
    taxonomy: str
    street: str
    city: str
    state_code: str
    zip_code: str
    phone: str
    pharmacist_in_charge: str
    point: Position | None

    @property
    def zip_shown(self) -> str:
        """62701-0001"""
        return shown_zip(self.zip_code)


@read_once
def pharmacy_of(site_id: UUID) -> PharmacyFact:
    """The pharmacy at a site; NotFound where there is none."""
    found, site = rows_by(Pharmacy, "site", site_id), row_by_id(Site, site_id)
    if not found or site is None:
        raise NotFound(f"pharmacy at {site_id}")
    found[0].site = site
    return _pharmacy(found[0])


def pharmacies() -> list[PharmacyFact]:
    return [_pharmacy(p) for p in Pharmacy.objects.select_related("site").order_by("site__name")]


@read_once
def zone_of(site_id: UUID) -> str:
    """The IANA zone of a site; NotFound if it is not yours."""
    found = Site.objects.filter(pk=site_id).values_list("timezone", flat=True).first()
    if found is None:
        raise NotFound(f"site {site_id}")
    return found


@read_once
def state_of(site_id: UUID) -> str:
    """The state a site stands in; empty where the site is no pharmacy."""
    found = rows_by(Pharmacy, "site", site_id)
    return found[0].state_code if found else ""


def _pharmacy(p: Pharmacy) -> PharmacyFact:
    site: Site = p.site
    return PharmacyFact(
        site.id,
        site.name,
        site.kind,
        site.timezone,
        p.legal_name,
        p.npi,
        p.tax_id,
        p.taxonomy,
        p.street,
        p.city,
        p.state_code,
        p.zip_code,
        p.phone,
        p.pharmacist_in_charge,
        position_of(p.latitude, p.longitude),
    )


def chairs_of(site_id: UUID) -> list[tuple[UUID, str]]:
    return list(Chair.objects.filter(site_id=site_id).order_by("name").values_list("id", "name"))


def licences_of(site_id: UUID) -> list[SiteLicenceFact]:
    """Every licence of a site on record, by kind and state."""
    rows = rows_by(SiteLicence, "site", site_id, order=("kind", "state_code"))
    return [SiteLicenceFact(LicenceKind(r.kind), r.state_code, r.number, r.expires_on) for r in rows]
