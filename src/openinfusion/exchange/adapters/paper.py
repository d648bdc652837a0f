# SPDX-License-Identifier: Apache-2.0
"""A claim on paper as PDF: typst sets it; data goes in as data."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from openinfusion.exchange.domain.paper import PaperPage
from openinfusion.platform.documents import pdf

_FORM = Path(__file__).parents[1] / "documents" / "cms1500.typ"


def paper_pdf(pages: Sequence[PaperPage]) -> bytes:
    """The sheets, one page each."""
    return pdf(_FORM, {"pages": [asdict(p) for p in pages]})
