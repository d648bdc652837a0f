# SPDX-License-Identifier: Apache-2.0
"""How the days of a suite went, as a page and as a table."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.suite_use import DayUse, in_all
from openinfusion.nursing.permissions import OFFER, READ
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.nursing.queries.suite_use import days_between, suite_use
from openinfusion.nursing.web.suite_pages import suites_there
from openinfusion.platform.clock import now
from openinfusion.platform.web import Request, reads, show, text_table

USUAL = timedelta(days=27)


@dataclass(frozen=True, slots=True)
class UsePage:
    site_id: UUID
    site: str
    suites: tuple[tuple[UUID, str], ...]
    first: date
    last: date
    days: tuple[DayUse, ...]
    may_plan: bool

    @property
    def rows(self) -> tuple[DayUse, ...]:
        """All days as one, then each."""
        return (in_all(self.days), *self.days)


def _asked(request: Request) -> UsePage:
    known = dict(suites_there())
    if not known:
        raise Refused(Reason("no-suite", "no site has chairs", "add chairs in Sites"))
    said = request.GET.get("site", "")
    own = request.actor.site_id if request.actor.site_id in known else next(iter(known))
    site_id = next((s for s in known if str(s) == said), own)
    today = now().astimezone(zone_at(site_id)).date()
    last = _day(request, "last", today)
    first, last = days_between(_day(request, "first", last - USUAL), last)
    return UsePage(site_id, known[site_id], tuple(known.items()), first, last, tuple(suite_use(site_id, first, last)),
                   request.actor.may(OFFER.code))


def _day(request: Request, name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.GET[name]) if request.GET.get(name) else usual
    except ValueError:
        raise Malformed(Fault(name, "a day such as 2026-11-23")) from None


@reads(READ.code)
def suite_use_page(request: Request) -> HttpResponse:
    return show(request, "nursing/suite_use.html", _asked(request))


@reads(READ.code)
def suite_use_table(request: Request) -> HttpResponse:
    page = _asked(request)
    head = ["day", "came", "did not come", "came late", "waits counted", "mean wait, min", "longest wait, min",
            "longer than planned, min", "chairs in use, %", "after closing, min"]
    return text_table(f"suite-use-{page.first.isoformat()}-{page.last.isoformat()}", head, (
        [d.day.isoformat() if d.day else "", d.came, d.missed, d.late, d.waits,
         *("" if v is None else v for v in (d.wait, d.worst_wait, d.longer, d.use)), d.after] for d in page.days
    ))
