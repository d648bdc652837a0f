# SPDX-License-Identifier: Apache-2.0
"""Laboratory monitoring that a running course needs: what was never taken, what is overdue (clinical specification 6.8).

A late test asks for an answer at the next verification and stands in the queue; it does not send a running order back.
"""

from __future__ import annotations

from datetime import date, timedelta

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.lab_test import last_done, panel_name


def check_monitoring(facts: Facts) -> list[Finding]:
    """The newest test of each kind against how often this drug needs it."""
    order = facts.order
    rows = cautions_for("monitoring.toml", terms(order.drug)) if facts.today <= order.last_on else ()
    asked = {r.word("panel"): r for r in sorted(rows, key=_days, reverse=True)}  # the row that asks most often stands
    last = {panel: last_done(facts.patient.labs, panel) for panel in sorted(asked)}
    late = {panel for panel, day in last.items() if _overdue(asked[panel], day, facts)}
    found = [_late(asked[panel], last[panel], facts) for panel in sorted(late)]
    if absent := [panel for panel, day in last.items() if day is None and panel not in late]:
        found.append(_baseline(absent, facts, asked))
    told = f"{len(last)} kind(s) of test looked at" if rows else "No monitoring row is on file for this drug"
    return found or [Finding(rule="monitoring", code="monitoring-passed", tier=Tier.PASSED, title="Monitoring is up to date",
                             text=f"{told}.", evidence=(order.drug.code,))]


def _days(row: Caution) -> int:
    return row.whole("every_days") or 0


def _overdue(row: Caution, last: date | None, facts: Facts) -> bool:
    since = max(last, facts.order.start_on) if last else facts.order.start_on
    allowed = _days(row) + int(figure("monitoring_grace_days").value)
    return facts.today > since + timedelta(days=allowed)


def _late(row: Caution, last: date | None, facts: Facts) -> Finding:
    panel = row.word("panel")
    was = f"last taken {last:%d-%b-%Y}" if last else "never taken"
    return Finding(
        rule="monitoring", code=f"monitoring-{panel.replace('_', '-')}-overdue", tier=row.tier,
        title=f"{panel_name(panel).capitalize()} overdue",
        text=f"{facts.order.drug.name} needs it every {_days(row)} days; {was}.",
        do="ask for the test, or for results taken elsewhere",
        evidence=(facts.order.drug.code, panel, last.isoformat() if last else "never", facts.order.start_on.isoformat()),
        source=row.source, sends_back=False,
    )


def _baseline(absent: list[str], facts: Facts, asked: dict[str, Caution]) -> Finding:
    return Finding(
        rule="monitoring", code="monitoring-baseline", tier=Tier.INFO, title="No baseline on record",
        text=f"Not recorded yet: {', '.join(panel_name(p) for p in absent)}.", do="ask for baseline tests",
        evidence=(facts.order.drug.code, *absent), source=asked[absent[0]].source, sends_back=False,
    )
