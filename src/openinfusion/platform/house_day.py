# SPDX-License-Identifier: Apache-2.0
"""The calendar day of the house, for what belongs to no site and no patient: a price, a posting, a licence, a figure."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

from openinfusion.platform.clock import now
from openinfusion.platform.models import Site
from openinfusion.platform.scope import in_scope, read_once


def house_today() -> date:
    """Today in the zone of the house's first site. Outside a scope, and before there is a site, it is UTC's day.

    Never the day of UTC for a house that has a site: from early evening on that is tomorrow in America, and a price entered
    today would not be in force until the next morning.
    """
    zone = _zone() if in_scope() else ""
    return now().astimezone(ZoneInfo(zone) if zone else UTC).date()


@read_once
def _zone() -> str:
    return Site.objects.order_by("id").values_list("timezone", flat=True).first() or ""
