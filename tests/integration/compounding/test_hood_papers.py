# SPDX-License-Identifier: Apache-2.0
"""Worksheet, batch record and the file of a pump compounder: what they say, and what stops."""
from __future__ import annotations

import csv
import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from tests.integration.compounding.test_hood import begun, codes, tell
from tests.integration.nutrition_orders import ordered

from openinfusion.compounding import public as compounding
from openinfusion.compounding.domain.batch_record import read_work_order_code, work_order_code
from openinfusion.compounding.public import StepKind
from openinfusion.demo.bench import proofs_of
from openinfusion.kernel.refusal import Malformed, NotFound, Refused


def pages(data: bytes) -> tuple[str, list[str]]:
    """The words of a document and the barcodes on its first page."""
    pdf = pypdfium2.PdfDocument(data)
    text = " ".join(" ".join(str(p.get_textpage().get_text_range()).split()) for p in pdf)
    found = [b.text for b in zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())]
    pdf.close()
    return text, found


def test_the_worksheet_and_the_batch_record_name_all_and_their_barcode_finds_the_order(bench: Any, browse: Any) -> None:
    order_id = begun(bench)
    number = compounding.work_order(order_id).number
    text, codes_ = pages(compounding.record_pdf(order_id))
    assert f"Worksheet {number}" in text and "SAMPLETON, Amara" in text and "Order of mixing" not in text
    assert "Draw 25 mL of vancomycin 1 g vial" in text and "unverified" in text
    (code,) = codes_
    assert read_work_order_code(code) == number and code == work_order_code(number)
    (hit,) = compounding.find(code, bench.technician)
    assert hit.url == f"/compounding/{order_id}/"
    tell(bench, order_id, compounding.StepReport(place=1, code=compounding.ingredients(order_id)[0].lots[0].number, keyed=True))
    compounding.look_at_step(work_order_id=order_id, accepted=True, by=bench.second_technician)
    bench.hood(order_id)
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    text, _ = pages(compounding.record_pdf(order_id))
    assert f"Batch record {number}" in text and "(keyed)" in text and "accepted" in text and "Tam Two" in text
    answer = browse(bench.pharmacist).get(f"/compounding/{order_id}/record/pdf/")
    assert answer.content.startswith(b"%PDF") and "batch-record-" in answer["Content-Disposition"]
    assert browse(bench.pharmacist).get(f"/api/compounding/work-orders/{order_id}/record").content.startswith(b"%PDF")


@pytest.mark.parametrize("text", ["WO1*ABC", "OI1*ABCDEFG*1*K", "WO1*ABCDEFGH*?"])
def test_a_worksheet_s_code_shows_a_slip(text: str) -> None:
    good = work_order_code("ABCDEFGH")
    for bad in (text, good[:-1] + ("0" if good[-1] != "0" else "1")):
        with pytest.raises(Malformed):
            read_work_order_code(bad)


def delivered(out: str, lots: dict[str, str], **changes: dict[str, str]) -> str:
    """What a compounder answers that did just what it was told, but for changes by line number."""
    told = list(csv.DictReader(io.StringIO(out)))
    lines = ["order,bag,ndc11,lot,volume_ml,weight_g"]
    for row in told:
        said = row | {"lot": lots[row["ndc11"]], "weight_g": row["expected_g"]} | changes.get(f"line{row['line']}", {})
        lines.append(",".join(said[k] for k in ("order", "bag", "ndc11", "lot", "volume_ml", "weight_g")))
    return "\r\n".join(lines)


@pytest.fixture
def nutrition(bench: Any) -> tuple[Any, Any, dict[str, str]]:
    """A bag of nutrition in the hood, everything scanned; the order, the file for bag 1, the staged lots by NDC."""
    from openinfusion.catalog import public as catalog

    order_id = begun(bench, **ordered(days=1))
    proofs, steps = proofs_of(order_id), [s.step for s in compounding.steps(order_id)]
    tell(bench, order_id, *[p for p, s in zip(proofs, steps, strict=True) if s.kind is StepKind.SCAN])
    lots = {catalog.product(x.product_id).ndc11: x.lots[0].number for x in compounding.ingredients(order_id)}
    return order_id, compounding.pump_file(order_id, 1), lots


def test_the_pump_is_told_the_bag_in_the_order_of_mixing_and_its_result_does_the_draws(bench: Any, nutrition: Any) -> None:
    order_id, out, lots = nutrition
    rows = list(csv.DictReader(io.StringIO(out)))
    draws = [s.step for s in compounding.steps(order_id) if s.step.kind is StepKind.DRAW]
    assert [r["ingredient"] for r in rows] == [s.name for s in draws] and all(r["volume_ml"] for r in rows)
    told = compounding.record_pump_result(work_order_id=order_id, bag=1, text=delivered(out, lots), by=bench.technician)
    assert told["waiting"] == draws[-1].place and not told["stopped"]
    compounding.look_at_step(work_order_id=order_id, accepted=True, by=bench.second_technician)
    done = [s.done for s in compounding.steps(order_id) if s.step.kind is StepKind.DRAW]
    assert all(d and "by pump compounder" in d.note for d in done)
    bench.hood(order_id)
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)


@pytest.mark.parametrize(("changes", "says"), [
    ({"line1": {"volume_ml": "1"}}, "mL told"), ({"line2": {"lot": "OTHER"}}, "was not staged"), ({"line1": {"bag": "2"}}, "not of"),
    ({"line1": {"ndc11": "00000000000"}}, "in this order"),
])
def test_a_result_that_is_not_what_it_was_told_stops_the_work_and_does_nothing(bench: Any, nutrition: Any, changes: Any, says: str) -> None:
    order_id, out, lots = nutrition
    before = compounding.progress(order_id).done
    text = delivered(out, lots | {"00000000000": "X"}, **changes)
    told = compounding.record_pump_result(work_order_id=order_id, bag=1, text=text, by=bench.technician)
    assert says in told["stopped"] and compounding.progress(order_id).done == before
    assert [r.kind for r in compounding.reports(order_id)] == ["pump_mismatch"]


def test_a_file_that_cannot_be_read_is_refused_with_its_line(bench: Any, nutrition: Any, browse: Any) -> None:
    order_id, out, lots = nutrition
    good = delivered(out, lots)
    for bad in ("", "a,b\n1,2", good.splitlines()[0], good.replace(",1,", ",1,2,", 1), delivered(out, lots, line1={"volume_ml": "1e3"})):
        with pytest.raises(Malformed):
            compounding.record_pump_result(work_order_id=order_id, bag=1, text=bad, by=bench.technician)
    with pytest.raises(Refused) as no:
        compounding.record_pump_result(work_order_id=order_id, bag=1, text=good, by=bench.second_technician)
    assert codes(no) == {"not-compounder"}
    with pytest.raises(NotFound):
        compounding.pump_file(order_id, 9)
    technician = browse(bench.technician)
    page = technician.get(f"/compounding/{order_id}/record/").content.decode()
    assert "File for bag 1" in page and "Read its result" in page
    assert technician.get(f"/compounding/{order_id}/pump/1/").content.decode() == out
    file = io.BytesIO(good.encode())
    file.name = "result.csv"
    assert technician.post(f"/compounding/{order_id}/pump/", {"bag": "1", "file": file}).status_code == 302
    latin = io.BytesIO(b"\xff\xfe\xff")
    latin.name = "x.csv"
    assert technician.post(f"/compounding/{order_id}/pump/", {"bag": "1", "file": latin}).status_code == 422
    base = f"/api/compounding/work-orders/{order_id}/pump-file"
    assert technician.get(base, {"bag": 1}).content.decode() == out
    again = technician.post(base, {"bag": 1, "text": good}, content_type="application/json")
    assert again.status_code == 409, "the bag waits for another person's look"
