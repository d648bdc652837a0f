# SPDX-License-Identifier: Apache-2.0
"""The label fits its page: auxiliary texts print, a full label is set smaller, one too full is refused."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from openinfusion.catalog.domain.template_text import LABEL_LENGTH, MOST_ON_ONE
from openinfusion.compounding.adapters.label import render
from openinfusion.compounding.domain.label import Label, label_code
from openinfusion.kernel.refusal import Refused

LABEL = Label(
    pharmacy="Sample Infusion Pharmacy LLC", pharmacy_address="1 Sample Way, Springfield, IL 62701", pharmacy_phone="555-0100",
    patient="SAMPLETON, Amara", born="14-Jul-1968", mrn="100234", rx="K7Q2M9XD-01", drug="cytarabine", dose="50 mg",
    mixture="total 5 mL (10 mg/mL)", directions="Infuse intrathecal over 5 minutes, once.", storage="refrigerate 2–8 °C",
    beyond_use="23-Nov-2026 10:42 CST", beyond_use_because="Category 2, refrigerate 2–8 °C: 10 days (USP <797>)", lot="AF9S07G3",
    number=1, of=2, prepared="22-Nov-2026 10:42", compounder="Tam One", checker="Pat One",
    warnings=("Hazardous drug: handle with gloves, dispose as hazardous waste", "Compounded preparation"),
    code=label_code("AF9S07G3", 1), auxiliary=("For intrathecal use only", "Protect from light"),
)  # fmt: skip
FULL = tuple(f"{n} {'wide words ' * 4}"[:LABEL_LENGTH] for n in range(MOST_ON_ONE))
INGREDIENTS = tuple((f"Ingredient {n}", "12.5 mL", "0.2 mL") for n in range(24))


def words(label: Label) -> str:
    pdf = pypdfium2.PdfDocument(render([label, replace(label, number=2)]))
    assert len(pdf) == 2, "one page a label"
    text = " ".join(str(pdf[0].get_textpage().get_text_range()).split())
    pdf.close()
    return text


def test_the_auxiliary_texts_stand_on_the_label() -> None:
    text = words(LABEL)
    assert "For intrathecal use only" in text and "Protect from light" in text and "Hazardous drug" in text


@pytest.mark.parametrize("lines", [(), INGREDIENTS])
def test_as_many_as_may_meet_fit_beside_long_directions(lines: tuple[tuple[str, str, str], ...]) -> None:
    text = words(replace(LABEL, auxiliary=FULL, lines=lines, directions="Infuse slowly, and call if anything is new. " * 6))
    assert all(f"{n} wide words" in text for n in range(MOST_ON_ONE)) and "Checked by Pat One" in text


def test_a_label_that_could_not_be_read_is_refused() -> None:
    with pytest.raises(Refused, match="more words than it can print legibly"):
        render([replace(LABEL, directions="Infuse slowly. " * 400)])
