# SPDX-License-Identifier: Apache-2.0
"""One authorization with everything about it: criteria against the chart, what was sent and received, how it is used up."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.adapters import renewal_warn_days
from openinfusion.intake.domain.authorization import GRANTED, AuthorizationFacts, AuthorizationState
from openinfusion.intake.domain.burn_down import BurnDown, Use, burn_down
from openinfusion.intake.domain.criteria import Judged, Noted, Standing, judge
from openinfusion.intake.queries.chart_seen import chart_seen
from openinfusion.intake.queries.records import AuthorizationFact, authorization_fact
from openinfusion.kernel.quantity import UnitMismatch
from openinfusion.kernel.refusal import NotFound
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today
from openinfusion.therapy import public as therapy

LOOK_AHEAD_DAYS = 400


@dataclass(frozen=True, slots=True)
class MessageFact:
    sent: bool
    kind: str
    transport: str
    reference: str
    words: str
    file_id: UUID | None
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class AuthorizationCase:
    """Everything about one authorization. ``judged`` is as sent once it was sent, until then as the chart stands now."""

    fact: AuthorizationFact
    judged: tuple[Judged, ...]
    messages: tuple[MessageFact, ...]
    burn: BurnDown
    renewal: UUID | None
    uses: tuple[Use, ...]


def authorization_row(id: UUID) -> models.Authorization:
    row = models.Authorization.objects.select_related("referral").filter(pk=id).first()
    if row is None:
        raise NotFound(f"authorization {id}")
    return row


def judged_now(row: models.Authorization) -> tuple[Judged, ...]:
    """The payer's criteria of today against the chart of today."""
    referral = row.referral
    criteria = payers.criteria_of(row.plan_id, referral.therapy_class, referral.drug_code, house_today())
    return judge(criteria, chart_seen(referral), _noted(row))


def _noted(row: models.Authorization) -> dict[str, Noted]:
    return {
        code: Noted(Standing(n["standing"]), n["evidence"], n["by"], date.fromisoformat(n["on"]))
        for code, n in row.noted.items()
    }


def judged_of(row: models.Authorization) -> tuple[Judged, ...]:
    """As sent; as the chart stands now while it may still be sent."""
    if row.state in ("to_submit", "info_requested") or not row.criteria:
        return judged_now(row)
    return tuple(
        Judged(c["code"], c["text"], Standing(c["standing"]), c["evidence"], c["source"], c.get("noted_by", ""))
        for c in row.criteria
    )


def authorization_case(id: UUID) -> AuthorizationCase:
    row = authorization_row(id)
    messages = models.AuthorizationMessage.objects.filter(authorization=row).order_by("-at")
    after = models.Authorization.objects.filter(renews=row.id).exclude(state="withdrawn")
    renewal = after.values_list("id", flat=True).first()
    given = _given([row.id]).get(row.id, [])
    return AuthorizationCase(
        authorization_fact(row), judged_of(row),
        tuple(
            MessageFact(m.sent, m.kind, m.transport, m.reference, m.words, m.file_id, m.at, m.by_name) for m in messages
        ),
        _burn(row, given), renewal, tuple(given),
    )


def _given(ids: Sequence[UUID]) -> dict[UUID, list[Use]]:
    found: dict[UUID, list[Use]] = {}
    for u in models.AuthorizationUse.objects.filter(authorization_id__in=ids).order_by("day"):
        found.setdefault(u.authorization_id, []).append(Use(u.code, u.day, u.units))
    return found


def _burn(row: models.Authorization, given: Iterable[Use]) -> BurnDown:
    done = list(given)
    scheduled, until = _scheduled(row, max((u.day for u in done), default=None))
    return burn_down({code: int(n) for code, n in row.units.items()}, done, scheduled, row.last_on, until)


def _scheduled(row: models.Authorization, after: date | None) -> tuple[list[Use], date | None]:
    """What the therapy's schedule will use from the day after the last that was given; and the last day of the course."""
    referral = row.referral
    if AuthorizationState(row.state) not in GRANTED or referral.therapy_id is None:
        return [], None
    orders = [o for o in therapy.prescriptions_of(referral.therapy_id) if o.state in _RUNNING]
    first = max(row.first_on or house_today(), (after + timedelta(days=1)) if after else (row.first_on or house_today()))
    last = first + timedelta(days=LOOK_AHEAD_DAYS)
    doses = [(d.local.date(), o) for o in orders for d in therapy.schedule(o.id, first, last)]
    if not doses:
        return [], None
    until = max(day for day, _ in doses)
    found: list[Use] = []
    for code in row.units:
        found += _of_code(code, doses, first, until)
    return found, until


_RUNNING = ("transcribed", "clarification", "clinically_verified", "active", "on_hold")


def _of_code(code: str, doses: Sequence[tuple[date, therapy.PrescriptionFact]], first: date, until: date) -> list[Use]:
    """Units of one code ahead: a drug by its doses, a per diem by its days; of other codes nothing is foreseen."""
    try:
        known = catalog.hcpcs(code)
    except NotFound:
        return []
    if known.per_diem:
        return [Use(code, first + timedelta(days=n), Decimal(1)) for n in range((until - first).days + 1)]
    found = []
    for day, order in doses:
        if known.klass == "drug" and catalog.drug(order.order.drug_code).hcpcs == code:
            try:
                found.append(Use(code, day, order.order.dose / known.unit))
            except UnitMismatch:
                return []
    return found


def facts_of(row: models.Authorization) -> AuthorizationFacts:
    """What the guards look at, from the row alone and what was given."""
    given: dict[str, Decimal] = {}
    for u in models.AuthorizationUse.objects.filter(authorization=row):
        given[u.code] = given.get(u.code, Decimal(0)) + u.units
    spent = [code for code, n in row.units.items() if n and given.get(code, Decimal(0)) >= n]
    return AuthorizationFacts(
        house_today(), row.number, row.first_on, row.last_on, len(row.units), row.peer_until, row.appeal_until,
        row.appeal_level, bool(spent),
    )


@dataclass(frozen=True, slots=True)
class ListedAuthorization:
    """An authorization on the list."""

    fact: AuthorizationFact
    patient_id: UUID
    referral_number: str
    drug: str
    payer: str
    burn: BurnDown | None


def listed(state: str = "", *, limit: int = 300) -> list[ListedAuthorization]:
    """Authorizations of a state, or all that are not over, the soonest due first; with their run-out where they hold."""
    rows = models.Authorization.objects.select_related("referral", "plan__payer").order_by("due_at", "state_since")
    rows = rows.filter(state=state) if state else rows.exclude(state__in=["withdrawn", "not_required", "expired"])
    found = list(rows[:limit])
    given = _given([r.id for r in found])
    holding = {"approved", "partial", "active", "expiring", "overturned"}
    return [
        ListedAuthorization(
            authorization_fact(r), r.patient_id, r.referral.number, r.referral.drug_text, r.plan.payer.name,
            _burn(r, given.get(r.id, [])) if r.state in holding else None,
        )
        for r in found
    ]


def run_out_soon() -> list[tuple[UUID, date, str]]:
    """Authorizations in force that run out within the days in which a renewal is begun, and have no renewal yet."""
    today, days = house_today(), renewal_warn_days()
    rows = list(
        models.Authorization.objects.select_related("referral__therapy")
        .filter(state__in=["active", "expiring"], referral__therapy__state__in=_COURSES)
    )
    after = models.Authorization.objects.filter(renews__in=[r.id for r in rows]).exclude(state="withdrawn")
    renewed = set(after.values_list("renews", flat=True))
    given = _given([r.id for r in rows])
    found = []
    for row in rows:
        burn = _burn(row, given.get(row.id, []))
        if row.id not in renewed and burn.runs_out_on is not None and (burn.runs_out_on - today).days <= days:
            found.append((row.id, burn.runs_out_on, burn.why))
    return found


_COURSES = ("planned", "active", "on_hold")
