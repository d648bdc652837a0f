# SPDX-License-Identifier: Apache-2.0
"""Views of the revenue cycle's measures, over chosen days and a pharmacy."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse

from openinfusion.billing.public import Frame
from openinfusion.insight.domain.measure import Measure
from openinfusion.insight.permissions import READ
from openinfusion.insight.queries.revenue import REVENUE, frame_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.web import Request, reads, show, text_table
from openinfusion.sites.public import pharmacies


@dataclass(frozen=True, slots=True)
class RevenuePage:
    """The measures, what they are filtered by, and the same as a query for links."""

    measures: tuple[Measure, ...]
    frame: Frame
    sites: tuple[tuple[str, str, bool], ...]
    query: str


@dataclass(frozen=True, slots=True)
class RevenueMeasurePage:
    """One measure and the rows behind it."""

    measure: Measure
    rows: tuple[tuple[tuple[str, ...], str], ...]
    frame: Frame
    query: str


def _query(f: Frame) -> str:
    said = {"first": f.first.isoformat(), "last": f.last.isoformat(), "site": str(f.site_id) if f.site_id else ""}
    return urlencode({k: v for k, v in said.items() if v})


@reads(READ.code)
def revenue(request: Request) -> HttpResponse:
    f = frame_of(request.GET)
    sites = tuple((str(p.id), p.name, p.id == f.site_id) for p in pharmacies())
    return show(request, "insight/revenue.html", RevenuePage(tuple(make(f) for make in REVENUE.values()), f, sites, _query(f)))


@reads(READ.code)
def one(request: Request, key: str) -> HttpResponse:
    f = frame_of(request.GET)
    found = _found(key, f)
    urls = found.urls or ("",) * len(found.rows)
    rows = tuple(zip(found.rows, urls, strict=True))
    return show(request, "insight/revenue_measure.html", RevenueMeasurePage(found, rows, f, _query(f)))


@reads(READ.code)
def table(request: Request, key: str) -> HttpResponse:
    found = _found(key, frame_of(request.GET))
    return text_table(f"{key}", found.head, found.rows)


def _found(key: str, f: Frame) -> Measure:
    if key not in REVENUE:
        raise NotFound(f"measure {key}")
    return REVENUE[key](f)
