# SPDX-License-Identifier: Apache-2.0
"""What the pages of price lists receive."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from openinfusion.kernel.refusal import NotFound
from openinfusion.payers import queries
from openinfusion.payers.domain.price import ListPrice
from openinfusion.payers.permissions import IMPORT
from openinfusion.payers.queries import PriceFileRow
from openinfusion.payers.web import forms as f
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act


@dataclass(frozen=True, slots=True)
class PricesPage:
    text: str
    files: tuple[PriceFileRow, ...]
    found: tuple[ListPrice, ...]
    acts: tuple[Act, ...]


def prices_page(text: str, by: Actor) -> PricesPage:
    """The imported lists; and what they say of one code, where one is sought."""
    acts = (Act("import", "Import a list", reverse("payers:import"), form=f.PricesForm(auto_id="import_%s")),)
    found = tuple(queries.prices_of_code(text.strip().upper())) if text.strip() else ()
    return PricesPage(text.strip(), tuple(queries.price_files()), found, acts if by.may(IMPORT.code) else ())


@dataclass(frozen=True, slots=True)
class FilePage:
    file: PriceFileRow
    acts: tuple[Act, ...]


def file_page(file_id: UUID, by: Actor) -> FilePage:
    found = queries.price_file(file_id)
    if found is None:
        raise NotFound(f"price list {file_id}")
    back = Act("withdraw", "Take back", reverse("payers:prices_withdraw", args=[file_id]), "danger", needs_reason=True)
    return FilePage(found, (back,) if by.may(IMPORT.code) and not found.withdrawn else ())
