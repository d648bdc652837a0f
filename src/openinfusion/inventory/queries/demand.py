# SPDX-License-Identifier: Apache-2.0
"""What a site will need: running courses exploded by their doses, new starts, and the forecast of the rest."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import DateField, Sum
from django.db.models.functions import TruncWeek

from openinfusion.catalog import public as catalog
from openinfusion.inventory.domain.demand import (
    Course,
    Proposal,
    Rates,
    Rest,
    Stand,
    explode,
    horizon_days,
    kept_rate,
    propose,
    stop_rate,
)
from openinfusion.inventory.models import Forecast, Movement, ParLevel
from openinfusion.inventory.queries import free_by_product, today_at, zone_at
from openinfusion.inventory.queries.dose_packages import packages_of_dose
from openinfusion.inventory.queries.purchase import best_prices, on_order
from openinfusion.kernel.local_day import begins
from openinfusion.kernel.money import Money
from openinfusion.therapy import public as therapy

LOOK_BACK_DAYS = 180
REVIEW_DAYS = 7
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product at a site: where it stands, what will be needed, and what to order from whom."""

    product_id: UUID
    product: str
    supplier_id: UUID | None
    supplier: str
    price: Money | None
    stand: Stand
    proposal: Proposal
    courses: int


def courses_of(site_id: UUID, today: date) -> dict[UUID, list[Course]]:
    """Doses ahead of every running order of a site, as packages of the product each dose takes."""
    found: dict[UUID, list[Course]] = defaultdict(list)
    for order in _running(site_id):
        doses = therapy.schedule(order.id, today, today + timedelta(days=horizon_days()))
        due = tuple((d.local.date() - today).days for d in doses)
        for product_id, packages in packages_of_dose(order, site_id, today).items() if due else ():
            found[product_id].append(Course(packages, due))
    return found


def _running(site_id: UUID) -> Iterable[therapy.PrescriptionFact]:
    after: UUID | None = None
    while ids := therapy.open_order_ids(after, 500):
        after = ids[-1]
        orders = [o for o in therapy.prescriptions(ids) if o.verified]
        sites = therapy.site_ids({o.therapy_id for o in orders})
        yield from (o for o in orders if sites.get(o.therapy_id) == site_id)


def rates_of(site_id: UUID, today: date) -> Rates:
    """How often courses of the site stopped early, and which share of their doses was supplied, over half a year."""
    spans = therapy.spans(today - timedelta(days=LOOK_BACK_DAYS), today)
    mine = therapy.site_ids({s.therapy_id for s in spans})
    facts = therapy.therapies_by_id(s.therapy_id for s in spans if mine.get(s.therapy_id) == site_id)
    days = stopped = 0
    for fact in facts.values():
        begun = max(fact.started_on or fact.start_on, today - timedelta(days=LOOK_BACK_DAYS))
        ended = fact.ended_on if fact.ended_on and fact.ended_on <= today else None
        days += max(0, ((ended or today) - begun).days)
        stopped += 1 if ended and fact.state == "discontinued" else 0
    return Rates(stop_rate(stopped, days), kept_rate(0, 0))


def starts_of(courses: dict[UUID, list[Course]], site_id: UUID, today: date) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Courses begun a day over half a year, shared out by what runs now, and packages a day of such a course."""
    begun = sum(1 for f in _begun(site_id, today))
    running = sum(len(c) for c in courses.values()) or 1
    per_day = Decimal(begun) / LOOK_BACK_DAYS
    found = {}
    for product_id, mine in courses.items():
        packages = sum((c.packages * len(c.due_in_days) for c in mine), _ZERO) / (len(mine) * horizon_days())
        found[product_id] = (per_day * len(mine) / running, packages)
    return found


def _begun(site_id: UUID, today: date) -> list[therapy.TherapyFact]:
    since = today - timedelta(days=LOOK_BACK_DAYS)
    ids = {s.therapy_id for s in therapy.spans(since, today)}
    return [f for f in therapy.therapies_by_id(ids).values() if f.site_id == site_id and f.start_on >= since]


def weekly_use(site_id: UUID, product_ids: Iterable[UUID] | None = None, weeks: int = 52) -> dict[UUID, list[Decimal]]:
    """Packages issued or wasted in each of the last whole weeks of the site, the oldest first, by product.

    Weeks without use are zero.
    """
    place = zone_at(site_id)
    zone = place.key
    this = today_at(site_id)
    monday = this - timedelta(days=this.weekday())
    first_monday = monday - timedelta(weeks=weeks)
    week = TruncWeek("made_at", tzinfo=place, output_field=DateField())
    rows = Movement.objects.filter(
        kind__in=["issue", "waste"], location__site_id=site_id,
        made_at__gte=begins(first_monday, zone), made_at__lt=begins(monday, zone),
        **({"lot__product_id__in": list(product_ids)} if product_ids is not None else {}),
    ).annotate(week=week).values("lot__product_id", "week").annotate(n=Sum("on_hand_amount"))
    by_week: dict[UUID, dict[int, Decimal]] = defaultdict(dict)
    for r in rows:
        by_week[r["lot__product_id"]][(r["week"] - first_monday).days // 7] = -r["n"]
    found = {}
    for product_id, used in by_week.items():
        first = min(used)
        found[product_id] = [used.get(n, _ZERO) for n in range(first, weeks)]
    return found


def suggestions(site_id: UUID) -> list[Suggestion]:
    """Every product that is scheduled, forecast or has a par level at a site, with what to order and why."""
    today = today_at(site_id)
    courses, rates = courses_of(site_id, today), rates_of(site_id, today)
    starts = starts_of(courses, site_id, today)
    pars = {p.product_id: p for p in ParLevel.objects.filter(site_id=site_id)}
    rest = {f.product_id: Rest(f.weekly, f.spread, f.method, f.weeks) for f in Forecast.objects.filter(site_id=site_id)}
    ids = set(courses) | set(pars) | set(rest)
    products, prices = catalog.products(ids), best_prices(today)
    free, ordered = free_by_product(ids, site_id), on_order(site_id)
    found = []
    for id in ids:
        price, par = prices.get(id), pars.get(id)
        stand = Stand(
            Decimal(free.get(id, 0)), ordered.get(id, _ZERO), par.par_amount if par else None,
            price.supplier.lead_days if price else 1, price.pack if price else 1,
            price.price_cents if price else products[id].cost.cents, par.harm if par else "usual",
        )
        mine = courses.get(id, [])
        per_day, packages = starts.get(id, (_ZERO, _ZERO))
        own = Rates(rates.stops_per_day, rates.kept, per_day, packages)
        over_lead = explode(mine, own, stand.lead_days)
        over_review = explode(mine, own, stand.lead_days + REVIEW_DAYS)
        unscheduled = Rest() if mine else rest.get(id, Rest())
        found.append(Suggestion(
            id, products[id].name, price.supplier_id if price else None, price.supplier.name if price else "",
            Money(price.price_cents) if price else None, stand, propose(stand, over_lead, over_review, unscheduled), len(mine)))
    return sorted(found, key=lambda s: (s.proposal.order == 0, s.product))
