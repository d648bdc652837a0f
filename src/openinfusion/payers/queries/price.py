# SPDX-License-Identifier: Apache-2.0
"""Prices of a day: the lists that were imported, and what a contract pays by them."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.money import Money
from openinfusion.payers import models
from openinfusion.payers.domain.contract import ContractFact
from openinfusion.payers.domain.price import Asked, ListPrice, Priced, escalated, price
from openinfusion.payers.domain.price_file import Reject
from openinfusion.payers.domain.rate import Basis, RateTerm, rate_for
from openinfusion.payers.queries.contract import contract_by_id, rate_terms


def list_prices(codes: Iterable[str], on: date, bases: Iterable[Basis]) -> dict[tuple[Basis, str], ListPrice]:
    """Prices of these codes on a day, by basis and by NDC where the list names one, else by code. The newest list holds."""
    wanted = [b.value for b in bases if b.listed]
    if not wanted:
        return {}
    rows = models.ListPrice.objects.filter(
        code__in=list(codes), basis__in=wanted, first_on__lte=on, last_on__gte=on, file__withdrawn=False,
    ).select_related("file").order_by("first_on", "made_at")
    return {
        (Basis(r.basis), r.ndc11 or r.code): ListPrice(
            Basis(r.basis), r.code, r.ndc11, r.dollars, r.first_on, r.last_on, f"{r.file.source}, from {r.first_on:%d-%b-%Y}"
        )
        for r in rows
    }


def pricer(contract: ContractFact, codes: Sequence[str], on: date) -> Callable[[Asked], Priced]:
    """What prices units of these codes by a contract on a day; everything is read at once."""
    known = rate_terms(contract.id, codes)
    terms: dict[str, RateTerm | None] = {code: rate_for(code, known) for code in codes}
    bases = {leg.basis for term in terms.values() if term for leg in term.legs}
    listed = list_prices(codes, on, bases)
    factor = escalated(contract.first, on, contract.escalator_pct)

    def ask(asked: Asked) -> Priced:
        return price(terms.get(asked.code), asked, listed, factor=factor, lesser_of_charge=contract.lesser_of_charge)

    return ask


def rates_on(contract_id: UUID, on: date, codes: Sequence[str]) -> dict[str, Money]:
    """The price of one unit of each code, rounded to the cent; codes that cannot be priced are absent."""
    ask = pricer(contract_by_id(contract_id), codes, on)
    found = {code: ask(Asked(code, _ONE)).amount for code in codes}
    return {code: amount for code, amount in found.items() if amount is not None}


_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PriceFileRow:
    """An imported list with what was taken and what was not."""

    id: UUID
    basis: str
    name: str
    first: date
    last: date
    source: str
    taken: int
    rejects: tuple[Reject, ...]
    importer: str
    at: datetime
    withdrawn: bool


def price_files(limit: int = 200) -> list[PriceFileRow]:
    """The imported lists, the newest first."""
    return [_file(r) for r in models.PriceFile.objects.order_by("-made_at")[:limit]]


def price_file(id: UUID) -> PriceFileRow | None:
    row = models.PriceFile.objects.filter(pk=id).first()
    return _file(row) if row else None


def _file(r: models.PriceFile) -> PriceFileRow:
    rejects = tuple(Reject(x["line"], x["text"], x["why"]) for x in r.rejects)
    return PriceFileRow(
        r.id, r.basis, r.name, r.first_on, r.last_on, r.source, r.taken, rejects, r.importer_name, r.made_at, r.withdrawn
    )


def prices_of_code(code: str, limit: int = 60) -> list[ListPrice]:
    """What the lists say of a code, the newest first."""
    found = models.ListPrice.objects.filter(code=code, file__withdrawn=False).select_related("file")
    rows = found.order_by("-first_on", "basis", "ndc11")
    return [ListPrice(Basis(r.basis), r.code, r.ndc11, r.dollars, r.first_on, r.last_on, r.file.source) for r in rows[:limit]]
