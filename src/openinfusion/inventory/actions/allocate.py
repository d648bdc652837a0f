# SPDX-License-Identifier: Apache-2.0
"""Hold stock for a purpose, first expiry first out; issue it, release it, swap a lot with a recorded reason."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.ledger import movement, on_hand_row, post
from openinfusion.inventory.domain import allocation
from openinfusion.inventory.domain.allocation import Need
from openinfusion.inventory.domain.lot import LotState
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.ownership import OWNED, Ownership, Pool, pool_of
from openinfusion.inventory.models import Lot, Movement, OnHand, Reservation
from openinfusion.inventory.queries import PICKABLE, LotFact, candidates, lot_by_id, lots_by_id, today_at
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


@action
def allocate(
    *, product_id: UUID, quantity: Decimal, site_id: UUID, for_id: UUID, by: Actor, usable_until: date | None = None,
    pool: Pool = OWNED,
) -> list[UUID]:
    """Hold so many packages of one pool at a site for a purpose; the reservations' ids. Refused with how many are short."""
    by.must(permissions.MOVE)
    pool.must_be_sound()
    rows = _locked_of([product_id], site_id, (pool,)).get(product_id, [])
    until = usable_until or today_at(site_id)
    picks = allocation.allocate(candidates(rows), quantity, usable_until=until, pool=pool)
    by_place = {(r.lot_id, r.location_id): r for r in rows}
    held = [_hold(by_place[p.lot_id, p.location_id], p.quantity, product_id, for_id, by) for p in picks]
    write(by, "inventory.stock.reserve", held[0], "{actor} held {quantity} of {lots}", noted={
        "quantity": f"{quantity.normalize():f}", "for": for_id,
        "lots": ", ".join(sorted({by_place[p.lot_id, p.location_id].lot.number for p in picks}))})
    return [h.id for h in held]


@action
def allocate_all(
    *, needs: Mapping[UUID, Decimal], site_id: UUID, for_id: UUID, by: Actor, patient_id: UUID | None = None,
    pool: Pool = OWNED,
) -> list[UUID]:
    """Hold several products for one purpose at once; the products that are short, of which nothing was held.

    Of a product that is on hand white-bagged for this patient only that is taken; else only what the house owns, or what
    is of the pool that is asked for.
    """
    by.must(permissions.MOVE)
    until, short, held = today_at(site_id), [], []
    own = Pool(Ownership.WHITE_BAGGED, patient_id)
    shelf = _locked_of(list(needs), site_id, (pool, own) if patient_id and pool == OWNED else (pool,))
    for product_id, quantity in sorted(needs.items()):
        rows = shelf.get(product_id, [])
        found = candidates(rows)
        taken = own if pool == OWNED and any(own.holds(c.pool) for c in found) else pool
        try:
            picks = allocation.allocate(found, quantity, usable_until=until, pool=taken)
        except Refused:
            short.append(product_id)
            continue
        by_place = {(r.lot_id, r.location_id): r for r in rows}
        held += [_hold(by_place[p.lot_id, p.location_id], p.quantity, product_id, for_id, by) for p in picks]
    subject = held[0] if held else Reservation(for_id=for_id)
    write(by, "inventory.stock.reserve", subject, "{actor} held {lots} lot(s); {short} product(s) short",
          noted={"lots": len(held), "short": len(short), "for": for_id})
    return short


def _locked_of(
    product_ids: Sequence[UUID], site_id: UUID, pools: Sequence[Pool] = (OWNED,),
) -> dict[UUID, list[OnHand]]:
    """The rows of these pools at a site that may be picked from, by product, locked in one order so that nobody waits

    crosswise. Of a patient's own stock also what is held already: as long as some is there, only that is used.
    """
    found: dict[UUID, list[OnHand]] = {}
    free, whose = Q(on_hand_amount__gt=F("reserved_amount")), Q(lot__ownership=pools[0].ownership.value)
    if any(p.patient_id for p in pools):
        free |= Q(on_hand_amount__gt=0, lot__patient_id__isnull=False)
        whose = Q(lot__patient_id__in=[p.patient_id for p in pools if p.patient_id]) | (
            Q(lot__ownership__in=[p.ownership.value for p in pools if not p.patient_id]))
    for row in OnHand.objects.select_for_update(of=("self",)).select_related("lot").filter(
        free, whose, lot__product_id__in=product_ids, lot__state=LotState.AVAILABLE.value, location__site_id=site_id,
        location__kind__in=PICKABLE,
    ).order_by("id"):
        found.setdefault(row.lot.product_id, []).append(row)
    return found


def _hold(row: OnHand, quantity: Decimal, product_id: UUID, for_id: UUID, by: Actor, override: str = "") -> Reservation:
    post(row, Kind.RESERVE, quantity, by=by, for_id=for_id)
    return Reservation.objects.create(
        for_id=for_id, product_id=product_id, lot_id=row.lot_id, location_id=row.location_id, held_amount=quantity,
        override=override, ownership=row.lot.ownership, patient_id=row.lot.patient_id,
    )


@action
def swap_lot(
    *, for_id: UUID, lot_id: UUID, quantity: Decimal, site_id: UUID, reason: str, by: Actor, patient_id: UUID | None = None,
) -> list[UUID]:
    """Take another lot than the one held, of the same owner. Passing over an earlier expiry needs a reason, which is kept."""
    by.must(permissions.MOVE)
    lot = lot_by_id(lot_id)
    if against := [*lot.reasons(today_at(site_id)), *_other_pool(for_id, lot, patient_id)]:
        raise Refused(*against)
    rows = _locked_of([lot.product_id], site_id, (lot.pool,)).get(lot.product_id, [])
    mine = [r for r in rows if r.lot_id == lot_id and r.on_hand_amount - r.reserved_amount >= quantity]
    if not mine:
        wanted = f"not {quantity.normalize():f} free of lot {lot.number}"
        raise Refused(Reason("short-stock", wanted, "take another lot"))
    passed = allocation.skipped(candidates(rows), lot_id, usable_until=today_at(site_id))
    if passed and not reason.strip():
        raise Refused(Reason("fefo", f"lot {passed[0].number} expires earlier", "take that one, or give a reason"))
    _release(for_id, lot.product_id, quantity, by)
    held = _hold(mine[0], quantity, lot.product_id, for_id, by, override=reason)
    write(by, "inventory.stock.swap", held, "{actor} took lot {lot} instead of the one held", reason=reason,
          noted={"lot": lot.number, "passed_over": [c.number for c in passed]})
    return [held.id]


def _other_pool(for_id: UUID, lot: LotFact, patient_id: UUID | None) -> list[Reason]:
    """Why a lot of another pool than the held one is refused; where nothing is held, house stock and the patient's own pass."""
    held = Reservation.objects.filter(for_id=for_id, product_id=lot.product_id).order_by("-id").first()
    wanted = pool_of(held.ownership, held.patient_id) if held else OWNED
    if held is None and patient_id and lot.pool.holds(Pool(Ownership.WHITE_BAGGED, patient_id)):
        return []
    no = wanted.reason_against(lot.pool, lot.number)
    return [no] if no else []


def _release(for_id: UUID, product_id: UUID, quantity: Decimal, by: Actor) -> None:
    """Release so many of what a purpose holds of a product, last held first."""
    left = quantity
    rows = Reservation.objects.select_for_update(of=("self",)).filter(for_id=for_id, product_id=product_id)
    for held in rows.order_by("-id"):
        free = min(left, held.held_amount - held.issued_amount - held.released_amount)
        if free > 0:
            post(on_hand_row(held.lot_id, held.location_id), Kind.UNRESERVE, free, by=by, for_id=for_id)
            held.released_amount += free
            held.save(update_fields=["released_amount"])
            left -= free


@action
def release_reservation(*, for_id: UUID, by: Actor) -> int:
    """Release all that a purpose still holds; how many reservations that were."""
    by.must(permissions.MOVE)
    rows = list(Reservation.objects.select_for_update(of=("self",)).filter(for_id=for_id).order_by("id"))
    if not rows:
        raise NotFound(f"nothing is held for {for_id}")
    released = 0
    for held in rows:
        free = held.held_amount - held.issued_amount - held.released_amount
        if free > 0:
            post(on_hand_row(held.lot_id, held.location_id), Kind.UNRESERVE, free, by=by, for_id=for_id)
            held.released_amount += free
            held.save(update_fields=["released_amount"])
            released += 1
    write(by, "inventory.stock.release", rows[0], "{actor} released what was held",
          noted={"for": for_id, "lots": released})
    return released


@action
def issue(*, for_id: UUID, by: Actor, reason: str = "") -> int:
    """Issue all that a purpose holds: the packages leave the shelf. Refused for a lot that may not be used."""
    by.must(permissions.MOVE)
    rows = list(Reservation.objects.select_for_update(of=("self",)).select_related("lot", "location").filter(
        for_id=for_id).order_by("id"))
    open_rows = [r for r in rows if r.held_amount - r.issued_amount - r.released_amount > 0]
    if not open_rows:
        raise Refused(Reason("nothing-held", "nothing is held to issue", "allocate first"))
    _refuse_unusable(open_rows)
    for held in open_rows:
        amount = held.held_amount - held.issued_amount - held.released_amount
        post(on_hand_row(held.lot_id, held.location_id), Kind.ISSUE, amount, by=by, for_id=for_id, reason=reason)
        held.issued_amount += amount
        held.save(update_fields=["issued_amount"])
    write(by, "inventory.stock.issue", open_rows[0], "{actor} issued {count} lot(s)", reason=reason,
          noted={"count": len(open_rows), "for": for_id, "lots": [r.lot.number for r in open_rows]})
    return len(open_rows)


def _refuse_unusable(rows: Sequence[Reservation]) -> None:
    today = today_at(rows[0].location.site_id)
    against = [r for lot in lots_by_id(held.lot_id for held in rows).values() for r in lot.reasons(today)]
    if against:
        raise Refused(*against)


@action
def issue_directly(
    *, needs: Sequence[Need], site_id: UUID, for_id: UUID, by: Actor, patient_id: UUID | None = None, on: date | None = None,
) -> dict[UUID, tuple[str, ...]]:
    """Hold and issue in one go what is picked straight from the shelf: which lots left it, by product.

    Where a scan named lots, those leave and no others; else first expiry, first out. Of a lot that was bought for
    ``patient_id`` that stock leaves, before the house's own of the same number. ``on``: the day it was taken, where that is told
    later; a lot is judged by it. Refused, and nothing is issued, where a product is short.
    """
    by.must(permissions.MOVE)
    if not needs:
        raise Refused(Reason("nothing-asked", "nothing was asked for"))
    until, made, moved, touched = on or today_at(site_id), [], [], {}
    own = Pool(Ownership.WHITE_BAGGED, patient_id) if patient_id else OWNED
    shelf = _locked_of([n.product_id for n in needs], site_id, (OWNED, own) if patient_id else (OWNED,))
    issued: dict[UUID, tuple[str, ...]] = {}
    for need in needs:
        rows = shelf.get(need.product_id, [])
        picks = _picks(rows, need, until, own)
        by_place = {(r.lot_id, r.location_id): r for r in rows}
        for pick in picks:
            row = by_place[pick.lot_id, pick.location_id]
            moved += [movement(row, kind, pick.quantity, by=by, for_id=for_id) for kind in (Kind.RESERVE, Kind.ISSUE)]
            touched[row.id] = row
            made.append(Reservation(
                for_id=for_id, product_id=need.product_id, lot_id=row.lot_id, location_id=row.location_id,
                held_amount=pick.quantity, issued_amount=pick.quantity, ownership=row.lot.ownership,
                patient_id=row.lot.patient_id,
            ))
        numbers = (by_place[p.lot_id, p.location_id].lot.number for p in picks)
        issued[need.product_id] = tuple(dict.fromkeys(numbers))
    for row in touched.values():
        row.save(update_fields=["on_hand_amount", "reserved_amount", "version"])
    Movement.objects.bulk_create(moved)
    Reservation.objects.bulk_create(made)
    write(by, "inventory.stock.issue", made[0], "{actor} issued {count} supplies from the shelf",
          noted={"count": len(needs), "for": for_id, "needs": {str(n.product_id): n.quantity.normalize() for n in needs},
                 "lots": {str(p): list(numbers) for p, numbers in issued.items()}})
    return issued


def _picks(rows: Sequence[OnHand], need: Need, until: date, own: Pool) -> list[allocation.Pick]:
    found = candidates(rows)
    free = [c for c in found if c.available > 0 and (not need.lots or c.number in need.lots)]
    pool = own if any(own.holds(c.pool) for c in free) else OWNED
    if need.lots:
        return allocation.allocate_in_hand(found, need, usable_until=until, pool=pool)
    return allocation.allocate(found, need.quantity, usable_until=until, pool=pool)


@action
def return_stock(
    *, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, by: Actor, for_id: UUID | None = None,
) -> UUID:
    """Take packages back into stock. What left the house's control goes to quarantine by another step."""
    by.must(permissions.MOVE)
    lot = lock(Lot, lot_id)
    post(on_hand_row(lot.id, location_id), Kind.RETURN, quantity, by=by, for_id=for_id, reason=reason)
    write(by, "inventory.stock.return", lot, "{actor} took back {quantity} of {subject}", reason=reason,
          noted={"quantity": quantity.normalize()})
    return lot.id


