# SPDX-License-Identifier: Apache-2.0
"""Every real X12 sample gives what unrelated programs computed for it, and writing it back changes nothing."""
from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openinfusion.exchange.domain.x12.acknowledgement import read_acknowledgements
from openinfusion.exchange.domain.x12.balance import CLAIM, PAYMENT, SERVICE, by_group, imbalances, totals_of
from openinfusion.exchange.domain.x12.claim_reader import read_claims
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_answers, read_eligibility_questions
from openinfusion.exchange.domain.x12.inspection import inspect
from openinfusion.exchange.domain.x12.inspection_json import plain
from openinfusion.exchange.domain.x12.remittance_reader import read_remittances
from openinfusion.exchange.domain.x12.review_reader import read_review_answers
from openinfusion.exchange.domain.x12.sets import transaction_sets
from openinfusion.exchange.domain.x12.status_reader import read_standings
from openinfusion.exchange.domain.x12.tokens import interchanges_of, written_back

SHARED = Path(os.environ.get("OPENINFUSION_SHARED", Path(__file__).parents[4] / "shared"))
SAMPLES = SHARED / "samples" / "x12"


def _rows() -> dict[str, dict[str, Any]]:
    path = SAMPLES / "expected.json"
    if not path.exists():
        return {}
    return {name: row for name, row in json.loads(path.read_text()).items() if (SAMPLES / name).exists()}


ROWS = _rows()


def of(*kinds: str) -> list[str]:
    return sorted(name for name, row in ROWS.items() if row["kind"] in kinds)


@pytest.mark.skipif(not ROWS, reason="the X12 samples (samples/x12/expected.json beside the repository) are absent")
def test_the_samples_were_found() -> None:
    assert len(ROWS) >= 80 and {row["kind"] for row in ROWS.values()} >= {"835", "837P", "837I", "270", "271", "276", "277", "278", "999"}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_sample_written_and_read_and_written_is_the_same(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    read = interchanges_of(data)
    written = written_back(read)
    again = interchanges_of(written)
    assert [i.segments for i in again] == [i.segments for i in read]
    assert written_back(again) == written
    assert sum(i.count for i in read) == ROWS[name]["segments"]
    assert len(transaction_sets(read)) == ROWS[name]["expected"]["st"]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_sample_is_inspected_and_not_refused(name: str) -> None:
    found = inspect((SAMPLES / name).read_bytes())
    assert found.refused is None and found.transactions
    assert json.loads(json.dumps(plain(found)))["sha256"] == ROWS[name]["sha256"]


@pytest.mark.parametrize("name", of("835"))
def test_an_835_sample_gives_the_known_totals_and_imbalances(name: str) -> None:
    want, found = ROWS[name]["expected"], read_remittances((SAMPLES / name).read_bytes())
    sums, wrong = [totals_of(r) for r in found], [i for r in found for i in imbalances(r)]
    assert sum(t.claims for t in sums) == want["claims"]
    assert sum(t.lines for t in sums) == want["svc"]
    for ours, theirs in (
        ("charge", "charge"), ("paid", "paid"), ("patient_responsibility", "ptresp"), ("claim_adjustments", "cas_claim"),
        ("line_adjustments", "cas_svc"), ("provider_adjustments", "plb"), ("payment", "bpr"),
    ):
        assert sum((getattr(t, ours) for t in sums), Decimal(0)) == Decimal(want[theirs]), ours
    assert [sum(i.code == code for i in wrong) for code in (CLAIM, SERVICE, PAYMENT)] == [
        want["unbal_claims_n"], want["unbal_svc"], len(want["unbal_st"])]
    groups: dict[str, Decimal] = {}
    for r in found:
        for group, amount in by_group(r).items():
            groups[group] = groups.get(group, Decimal(0)) + amount
    assert groups == {group: Decimal(amount) for group, amount in want["cas_by_group"].items()}


@pytest.mark.parametrize("name", of("837P", "837I"))
def test_an_837_sample_gives_the_known_claims_lines_and_charges(name: str) -> None:
    want = ROWS[name]["expected"]
    found = read_claims((SAMPLES / name).read_bytes())
    claims = [c for one in found for c in one.claims]
    lines = [line for c in claims for line in c.lines]
    assert (len(claims), len(lines), sum(one.levels for one in found)) == (want["claims"], want["lines"], want["hl"])
    assert sum((c.charge for c in claims), Decimal(0)) == Decimal(want["clm_total"])
    assert sum((line.charge for line in lines), Decimal(0)) == Decimal(want["line_total"])
    assert [sum(bool(x.ndc) for x in lines), sum(x.ndc_quantity is not None for x in lines), sum(x.is_span for x in lines)] == [
        want["lin"], want["ctp"], want["dtp472_rd8"]]
    assert sum(bool(c.authorization) for c in claims) + sum(len(x.authorizations) for x in lines) == want["ref_g1"]


@pytest.mark.parametrize("name", of("270"))
def test_a_270_sample_asks_what_is_known(name: str) -> None:
    asked = read_eligibility_questions((SAMPLES / name).read_bytes())
    assert sum(bool(q.service_types or q.codes) for q in asked) == ROWS[name]["expected"]["eq"]


@pytest.mark.parametrize("name", of("271"))
def test_a_271_sample_answers_what_is_known(name: str) -> None:
    want, answers = ROWS[name]["expected"], read_eligibility_answers((SAMPLES / name).read_bytes())
    assert sum(len(a.benefits) for a in answers) == want["eb"]
    rejected = [r for a in answers for r in a.rejections]
    assert len(rejected) == len(want["aaa"]) and all(r.code in want["aaa"] for r in rejected)


@pytest.mark.parametrize("name", of("276", "277", "277CA"))
def test_a_status_sample_says_what_is_known(name: str) -> None:
    want, found = ROWS[name]["expected"], read_standings((SAMPLES / name).read_bytes())
    assert sum(bool(s.trace) for s in found) == want["trn"]
    assert [x.code for s in found for x in (*s.standings, *s.service_standings)] == want["stc"]


@pytest.mark.parametrize("name", of("278"))
def test_a_278_sample_says_what_is_known(name: str) -> None:
    want, found = ROWS[name]["expected"], read_review_answers((SAMPLES / name).read_bytes())
    assert [[part for part in um if part] for a in found for um in a.reviews] == [[p for p in um if p] for um in want["um"]]
    decisions = {d for a in found for d in ((a.decision, a.authorization), *((s.decision, s.authorization) for s in a.services)) if d[0]}
    assert decisions == {(code, number) for code, number in want["hcr"]}
    assert sum(len(a.rejections) for a in found) == want["aaa"]


@pytest.mark.parametrize("name", of("999"))
def test_a_999_sample_gives_the_known_verdicts(name: str) -> None:
    want, (groups, _) = ROWS[name]["expected"], read_acknowledgements((SAMPLES / name).read_bytes())
    said = []
    for g in groups:
        said += [["IK5", s.verdict, *s.reasons] for s in g.sets]
        said.append(["AK9", g.verdict, g.included, g.received, g.accepted])
    assert said == want["ack"]
    faults = [f for g in groups for s in g.sets for f in s.faults]
    assert (len(faults), sum(bool(f.element) for f in faults)) == (want["ik3"], want["ik4"])
