# SPDX-License-Identifier: Apache-2.0
"""The x12 command: what an X12 file holds, for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

WORDS = {
    "claims": "claims",
    "service_lines": "service lines",
    "charge": "charge",
    "line_charge": "charge of the lines",
    "paid": "paid",
    "patient_responsibility": "patient's share",
    "claim_adjustments": "adjustments of claims",
    "service_adjustments": "adjustments of lines",
    "provider_adjustments": "provider adjustments",
    "payment": "payment",
}
SHOWN = 40
READ, REFUSED, FINDINGS = 0, 3, 4


def exit_code(found: Any) -> int:
    """0 read and nothing to say, 3 refused, 4 read with findings."""
    if found.refused is not None:
        return REFUSED
    return FINDINGS if found.findings else READ


def show(found: Any, console: Console, everything: bool) -> None:
    """Envelopes, transactions and findings as tables; of many findings the first ones."""
    console.print(f"{found.size:,} bytes, {found.segments:,} segments, sha256 {found.sha256[:16]}…")
    for e in found.envelopes:
        usage = {"P": "production", "T": "test"}.get(e.usage, e.usage or "usage not said")
        console.print(f"interchange {e.control or 'without ISA'}: {e.sender or '?'} to {e.receiver or '?'}, {usage}")
    for t in found.transactions:
        title = f"{t.kind} {t.control} ({t.version or 'no version'})"
        table = Table(title=title, title_justify="left", box=None, show_header=False)
        table.add_row("segments", f"{t.segment} to {t.segment + t.segments - 1}")
        for name, words in WORDS.items():
            if getattr(t, name) is not None:
                table.add_row(words, f"{getattr(t, name):,}")
        for group, amount in (t.adjustments_by_group or {}).items():
            table.add_row(f"adjusted {group}", f"{amount:,}")
        for said in t.said[:SHOWN]:
            table.add_row("says", said)
        console.print(table)
    _findings(found, console, everything)


def _findings(found: Any, console: Console, everything: bool) -> None:
    if not found.findings:
        console.print("[green]every sum and every envelope agrees[/green]")
        return
    heads = ("level", "segment", "subject", "finding", "stated", "computed")
    table = Table(*heads, title="Findings", title_justify="left", box=None)
    for f in found.findings if everything else found.findings[:SHOWN]:
        stated, computed = ("", "") if f.stated is None else (f"{f.stated:,}", f"{f.computed:,}")
        table.add_row(f.level, str(f.segment), f.subject, f.text, stated, computed)
    console.print(table)
    if len(found.findings) > SHOWN and not everything:
        console.print(f"and {len(found.findings) - SHOWN} more; --all shows them")
