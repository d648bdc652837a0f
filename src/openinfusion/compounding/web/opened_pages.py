# SPDX-License-Identifier: Apache-2.0
"""What the page of opened containers receives."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.opened import opened_code
from openinfusion.compounding.queries import (
    OpenedFact,
    opened_at_site,
)
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act


@dataclass(frozen=True, slots=True)
class OpenedRow:
    opened: OpenedFact
    hood: str
    over: bool
    label: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class OpenedPage:
    show: str
    rows: tuple[OpenedRow, ...]
    at: datetime
    zone: str


def opened_page(show: str, by: Actor, hoods: dict[UUID, str], zone: str) -> OpenedPage:
    """What stands opened at the person's site, the soonest ending first; or what was emptied or wasted."""
    state = show if show in {"open", "empty", "wasted"} else "open"
    at = now()
    return OpenedPage(state, tuple(_opened(o, by, hoods, at) for o in opened_at_site(by.site_id, state)), at, zone)


def _opened(o: OpenedFact, by: Actor, hoods: dict[UUID, str], at: datetime) -> OpenedRow:
    may = o.state == "open" and by.may(permissions.COMPOUND.code)
    url = reverse("compounding:opened_waste", args=[o.id])
    acts = (Act(f"waste-{o.id}", "Waste", url, "warn", needs_reason=True),) if may else ()
    return OpenedRow(o, hoods.get(o.hood_id, ""), o.good_until <= at, opened_code(o.id), acts)
