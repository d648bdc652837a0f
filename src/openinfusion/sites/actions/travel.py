# SPDX-License-Identifier: Apache-2.0
"""Setting how long ways of a site take, from a day on."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.sites.domain.travel import TravelFigures, must_be_sound
from openinfusion.sites.models import SiteTravel
from openinfusion.sites.permissions import SET_TRAVEL


@action
def set_travel(*, site_id: UUID, figures: TravelFigures, by: Actor) -> UUID:
    """A site's own row from a day on, today at the earliest; a row on file is never changed, and a day has one."""
    by.must(SET_TRAVEL)
    must_be_sound(figures)
    site = lock(Site, site_id)
    if figures.effective_from < now().astimezone(ZoneInfo(site.timezone)).date():
        raise Malformed(Fault("effective_from", "is today or a day to come"))
    if SiteTravel.objects.filter(site=site, effective_from=figures.effective_from).exists():
        raise Refused(Reason("travel-there", "from that day on there are figures already", "choose a later day"))
    kept = {k: v for k, v in asdict(figures).items() if k != "status"} | {"source": figures.source.strip()}
    row = SiteTravel.objects.create(site=site, set_by_name=by.name, **kept)
    said = (f"great circle × {row.factor}, {row.near_kmh} km/h up to {row.near_km} km, {row.mid_kmh} up to {row.mid_km} km, "
            f"then {row.far_kmh}, {row.park_minutes} min to park")
    write(by, "sites.travel.set", row, "{actor} set how long ways of {site} take from {day}: {figures}.",
          noted={"site": site.name, "day": row.effective_from, "figures": said})  # fmt: skip
    return row.id
