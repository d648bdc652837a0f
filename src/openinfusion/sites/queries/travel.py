# SPDX-License-Identifier: Apache-2.0
"""A site's own figures of ways."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import UUID

from openinfusion.platform.scope import read_once
from openinfusion.sites.domain.travel import TravelFigures
from openinfusion.sites.models import SiteTravel


def travel_rows(site_id: UUID) -> list[TravelFigures]:
    """Every row of a site, the newest first, those of days to come among them."""
    return [_figures(r) for r in SiteTravel.objects.filter(site_id=site_id).order_by("-effective_from")]


@read_once
def travel_on(site_id: UUID, on: date) -> TravelFigures | None:
    """The newest row of a site in force on a day; None where it has no own."""
    row = SiteTravel.objects.filter(site_id=site_id, effective_from__lte=on).order_by("-effective_from").first()
    return None if row is None else _figures(row)


def _figures(row: SiteTravel) -> TravelFigures:
    kept = {f.name: getattr(row, f.name) for f in fields(TravelFigures) if f.name != "status"}
    return TravelFigures(**kept, status=f"set by {row.set_by_name}")
