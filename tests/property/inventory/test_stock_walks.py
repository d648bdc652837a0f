"""Two hundred random walks over a small store: nothing below zero, the ledger is the sum, lots conserved, owners never mixed."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.inventory.domain.allocation import Candidate, Need, allocate, allocate_in_hand
from openinfusion.inventory.domain.movement import Effect, Kind, Level, effect, level_of
from openinfusion.inventory.domain.ownership import Ownership, Pool
from openinfusion.kernel.refusal import Refused

TODAY = date(2026, 11, 21)
PATIENTS = (UUID(int=1), UUID(int=2))
POOLS = (Pool(), Pool(Ownership.CONSIGNED), Pool(Ownership.PROGRAM_340B), *(Pool(Ownership.WHITE_BAGGED, p) for p in PATIENTS))
PLACES = (UUID(int=11), UUID(int=12), UUID(int=13))
LOTS = tuple((UUID(int=100 + n), f"L{n % 6}", POOLS[n % len(POOLS)], TODAY + timedelta(days=7 * (n % 4))) for n in range(10))


@dataclass
class Store:
    """A store in memory that moves by the domain's own rules: levels, effects and allocation."""

    levels: dict[tuple[UUID, UUID], Level] = field(default_factory=lambda: defaultdict(Level))
    ledger: dict[tuple[UUID, UUID], list[Effect]] = field(default_factory=lambda: defaultdict(list))
    came: dict[UUID, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: list[tuple[UUID, UUID, Decimal, Pool]] = field(default_factory=list)

    def post(self, lot: UUID, place: UUID, kind: Kind, quantity: Decimal) -> None:
        done = effect(kind, quantity)
        self.levels[lot, place] = self.levels[lot, place].after(done)
        self.ledger[lot, place].append(done)
        self.came[lot] += done.on_hand

    def candidates(self) -> list[Candidate]:
        return [Candidate(lot, number, place, expires, self.levels[lot, place].available, pool)
                for lot, number, pool, expires in LOTS for place in PLACES]

    def hold(self, pool: Pool, quantity: Decimal, number: str = "") -> None:
        if number:
            picks = allocate_in_hand(self.candidates(), Need(UUID(int=9), quantity, (number,)), usable_until=TODAY, pool=pool)
        else:
            picks = allocate(self.candidates(), quantity, usable_until=TODAY, pool=pool)
        for pick in picks:
            self.post(pick.lot_id, pick.location_id, Kind.RESERVE, pick.quantity)
            self.held.append((pick.lot_id, pick.location_id, pick.quantity, pool))

    def take(self, n: int, kind: Kind) -> None:
        if self.held:
            lot, place, quantity, _ = self.held.pop(n % len(self.held))
            self.post(lot, place, kind, quantity)

    def carry(self, lot: UUID, here: UUID, there: UUID, quantity: Decimal) -> None:
        before = self.levels[lot, here]
        self.post(lot, here, Kind.TRANSFER, -quantity)
        assert before.available >= quantity
        self.post(lot, there, Kind.TRANSFER, quantity)


acts = st.tuples(st.sampled_from(["receive", "hold", "scan", "issue", "release", "waste", "count", "carry", "return", "destroy"]),
                 st.integers(0, 9), st.integers(0, 2), st.integers(0, 2), st.integers(1, 12).map(Decimal))


def step(store: Store, act: tuple[str, int, int, int, Decimal]) -> None:
    what, n, here, there, quantity = act
    lot, number, pool, _ = LOTS[n]
    if what == "hold":
        store.hold(POOLS[n % len(POOLS)], quantity)
    elif what == "scan":
        store.hold(POOLS[(n + here) % len(POOLS)], quantity, number)
    elif what in ("issue", "release"):
        store.take(n, Kind.ISSUE if what == "issue" else Kind.UNRESERVE)
    elif what == "carry":
        store.carry(lot, PLACES[here], PLACES[there], quantity)
    elif what == "count":
        store.post(lot, PLACES[here], Kind.COUNT, quantity - 6)
    else:
        store.post(lot, PLACES[here], Kind(what), quantity)
    assert pool == LOTS[n][2]


@settings(max_examples=250)
@given(st.lists(acts, max_size=60))
def test_walks_never_go_below_zero_lose_a_lot_or_mix_owners(walk: list[tuple[str, int, int, int, Decimal]]) -> None:
    store, pools = Store(), {lot: pool for lot, _, pool, _ in LOTS}
    for act in walk:
        before = (dict(store.levels), list(store.held))
        try:
            step(store, act)
        except Refused:
            if act[0] != "carry":
                assert {k: v for k, v in store.levels.items() if v != Level()} == {k: v for k, v in before[0].items() if v != Level()}
        for (lot, place), level in store.levels.items():
            assert level.on_hand >= level.reserved >= 0, "nothing below zero, and what is held is there"
            assert level == level_of(store.ledger[lot, place]), "the ledger is the sum"
        for lot in pools:
            assert sum(store.levels[lot, p].on_hand for p in PLACES) == store.came[lot], "lots are conserved over all places"
        assert all(pools[lot] == pool for lot, _, _, pool in store.held), "stock of one owner is never held for another"
