# SPDX-License-Identifier: Apache-2.0
"""Quarterly lists of billing codes as they were brought in, the codes kept here, and which drugs bill by a code."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.catalog import models
from openinfusion.catalog.domain.hcpcs_list import KnownCode, NotRead
from openinfusion.platform.action import fetch


@dataclass(frozen=True, slots=True)
class CodeListFact:
    """A list with what it changes: kind (new, changed, ended), code, words."""

    id: UUID
    name: str
    first: date
    source: str
    is_whole: bool
    standing: str
    codes: int
    rejects: tuple[NotRead, ...]
    changes: tuple[tuple[str, str, str], ...]
    read_name: str
    read_at: datetime
    taken_name: str
    taken_at: datetime | None
    version: int

    def count(self, kind: str) -> int:
        return sum(k == kind for k, _, _ in self.changes)

    @property
    def tally(self) -> tuple[int, int, int]:
        """How many codes are new, changed and ended."""
        return self.count("new"), self.count("changed"), self.count("ended")


def known_codes(on: date) -> list[KnownCode]:
    """The codes kept here that are in force the day before a list begins, or from it on."""
    rows = models.Hcpcs.objects.filter(Q(effective_to=None) | Q(effective_to__gte=on)).order_by("code", "effective_from")
    return [
        KnownCode(r.code, r.text, r.unit_amount, r.unit, r.unit_text, r.exclusive_group, r.effective_from)
        for r in {r.code: r for r in rows}.values()
    ]


def code_lists(limit: int = 100) -> list[CodeListFact]:
    """The lists that were brought in, the newest first."""
    return [_fact(r) for r in models.HcpcsList.objects.order_by("-made_at")[:limit]]


def code_list(list_id: UUID) -> CodeListFact:
    return _fact(fetch(models.HcpcsList, list_id))


def _fact(r: models.HcpcsList) -> CodeListFact:
    return CodeListFact(
        r.id, r.name, r.first_on, r.source, r.is_whole, r.standing, r.codes,
        tuple(NotRead(x["line"], x["text"], x["why"]) for x in r.rejects), tuple((k, c, w) for k, c, w in r.changes),
        r.read_name, r.made_at, r.taken_name, r.taken_at, r.version,
    )


def billed_by(codes: Iterable[str]) -> dict[str, list[str]]:
    """The names of drugs, products and templates that bill by each of these codes."""
    wanted = list(codes)
    found: dict[str, list[str]] = {}
    for code, name in (
        *models.Drug.objects.filter(hcpcs__in=wanted).order_by("name").values_list("hcpcs", "name"),
        *models.Product.objects.filter(hcpcs__in=wanted).order_by("name").values_list("hcpcs", "name"),
    ):
        names = found.setdefault(code, [])
        if name not in names:
            names.append(name)
    return found
