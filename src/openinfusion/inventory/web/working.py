# SPDX-License-Identifier: Apache-2.0
"""The site a person works at, its places, and products to choose from."""

from __future__ import annotations

from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.models import Location
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Site


def working_site(by: Actor) -> UUID:
    """The site a person works at; of those who work at all of them, the first by name."""
    if by.site_id:
        return by.site_id
    first = Site.objects.order_by("name").first()
    if first is None:
        raise Refused(Reason("no-site", "there is no site yet", "an administrator opens one"))
    return first.id


def places_to_choose(by: Actor) -> list[tuple[UUID, str]]:
    """The places of the site, in the order of the walk, those one picks from first; without the road."""
    rows = Location.objects.filter(site_id=working_site(by)).exclude(kind="in_transit")
    sorted_rows = sorted(rows, key=lambda r: (not PlaceKind(r.kind).pickable, r.pick_order, r.name))
    return [(r.id, f"{r.name} ({r.kind.replace('_', ' ')})") for r in sorted_rows]


def products_to_choose(*kinds: str) -> list[tuple[UUID, str]]:
    """Products of these kinds, or of all, by name."""
    wanted = kinds or ("drug", "diluent", "supply", "equipment")
    return sorted(((p.id, p.name) for kind in wanted for p in catalog.products_of(kind=kind)), key=lambda pair: pair[1].lower())


def other_sites(by: Actor) -> list[tuple[UUID, str]]:
    """Places of every site, for what is sent from one to another."""
    rows = Location.objects.exclude(kind="in_transit").select_related("site").order_by("site__name", "pick_order", "name")
    return [(r.id, f"{r.site.name}: {r.name}") for r in rows]
