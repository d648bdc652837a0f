# SPDX-License-Identifier: Apache-2.0
"""The calendar day of the house, for what belongs to no site and no patient: a price, a posting, a licence, a figure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from openinfusion.kernel.local_day import day_of
from openinfusion.platform.clock import now
from openinfusion.platform.models import Site
from openinfusion.platform.scope import in_scope, read_once


def house_today() -> date:
    """Today in the zone of the house's first site. Outside a scope, and before there is a site, it is UTC's day.

    Never the day of UTC for a house that has a site: from early evening on that is tomorrow in America, and a price entered
    today would not be in force until the next morning.
    """
    return house_day_of(now())


def house_day_of(at: datetime) -> date:
    """The house's day on which an instant falls: when a claim was sent, when a paper came in."""
    return day_of(at, house_zone())


def house_now() -> datetime:
    """This instant on the house's own clock, for a paper or a file that says its day and hour."""
    return now().astimezone(ZoneInfo(house_zone()))


def house_zone() -> str:
    """The zone of the house's first site, also for a person whose own zone is not known. UTC where there is no site."""
    return (_zone() if in_scope() else "") or "UTC"


@read_once
def _zone() -> str:
    return Site.objects.order_by("id").values_list("timezone", flat=True).first() or ""
