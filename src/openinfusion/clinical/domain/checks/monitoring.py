# SPDX-License-Identifier: Apache-2.0
"""Laboratory monitoring of an order (clinical specification 6.8): the list leads, the check reads from it.

What is due stands on the list of the course, row by row, from the protocol in force and from what a pharmacist changed
there. Where the course has rows, this check says what they say: overdue, or waiting for a judgement. Before there are
rows (an order that is only transcribed) it tells which baseline is missing, and nothing is late. It sends no running
order back.
"""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts, ListedTest
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.lab_test import last_done, panel_name, panels_of
from openinfusion.clinical.domain.protocol import exam_of

_GRAVE = (Tier.HARD, Tier.CANNOT_JUDGE, Tier.SOFT, Tier.INFO)


def check_monitoring(facts: Facts) -> list[Finding]:
    """The list of the course where there is one; else the baseline."""
    if facts.today > facts.order.last_on:
        return [_passed(facts, "The order has ended.")]
    rows = cautions_for("monitoring.toml", terms(facts.order.drug))
    if facts.listed:
        found = [_overdue(t, facts, rows) for t in facts.listed if t.open and t.late_from <= facts.today]
        found += [_unjudged(t, facts) for t in facts.listed if t.state == "resulted"]
        return found or [_passed(facts, f"{len(facts.listed)} test(s) on the list, none overdue.")]
    absent = sorted({p for r in rows if last_done(facts.patient.labs, p := r.word("panel")) is None})
    if absent:
        return [_baseline(absent, facts, rows)]
    looked = len({r.word("panel") for r in rows})
    return [_passed(facts, f"{looked} kind(s) of test looked at." if rows else "No monitoring row is on file for this drug.")]


def _passed(facts: Facts, text: str) -> Finding:
    return Finding(rule="monitoring", code="monitoring-passed", tier=Tier.PASSED, title="Monitoring is up to date", text=text,
                   evidence=(facts.order.drug.code,))


def _overdue(test: ListedTest, facts: Facts, rows: tuple[Caution, ...]) -> Finding:
    """An open row past its day. How grave that is says the caution row of the drug that speaks of this kind of test."""
    exam = exam_of(test.code, test.name)
    kinds = panels_of({exam.code, *(code for codes in exam.members for code in codes)})
    mine = [r for r in rows if r.word("panel") in kinds]
    worst = min(mine, key=lambda r: _GRAVE.index(r.tier), default=None)
    name = worst.word("panel").replace("_", "-") if worst else test.code.lower()
    what = "drawn, but no result" if test.state == "drawn" else "not drawn"
    return Finding(
        rule="monitoring", code=f"monitoring-{name}-overdue", tier=worst.tier if worst else Tier.INFO,
        title=f"{test.name[:1].upper()}{test.name[1:]} overdue",
        text=f"Due {test.due_on:%d-%b-%Y}, every {test.every_days} days; {what}.",
        do="ask for the test, or for results taken elsewhere",
        evidence=(facts.order.drug.code, test.code, test.state, test.due_on.isoformat()),
        source=worst.source if worst else None, sends_back=False,
    )


def _unjudged(test: ListedTest, facts: Facts) -> Finding:
    return Finding(
        rule="monitoring", code="monitoring-unjudged", tier=Tier.INFO, title=f"{test.name}: a result waits for a pharmacist",
        text=f"{test.result}.", do="judge it on the monitoring list",
        evidence=(facts.order.drug.code, test.code, test.result), sends_back=False,
    )


def _baseline(absent: list[str], facts: Facts, rows: tuple[Caution, ...]) -> Finding:
    row = next(r for r in rows if r.word("panel") == absent[0])
    return Finding(
        rule="monitoring", code="monitoring-baseline", tier=Tier.INFO, title="No baseline on record",
        text=f"Not recorded yet: {', '.join(panel_name(p) for p in absent)}.", do="ask for baseline tests",
        evidence=(facts.order.drug.code, *absent), source=row.source, sends_back=False,
    )
