# SPDX-License-Identifier: Apache-2.0
"""X12 read with all balance checks, and written, against the bare split of the same text and against other libraries.

The figure is process CPU time, because a machine that does other things too makes wall time worthless. The ratio is to
`[s.split("*") for s in text.split("~")]`, measured before and after each run. Amounts come from 150 fees times the eight
usual quantities, as a pharmacy's do; names and numbers are different in every claim. A library that is not installed is
left out: `requirements/peers.in` names them.
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from openinfusion.exchange.domain.simulated.remittance import Answer, Fate, answer
from openinfusion.exchange.domain.x12.balance import imbalances
from openinfusion.exchange.domain.x12.claim import AddressOut, ClaimOut, LineOut, PayerOut, PersonOut, ProviderOut
from openinfusion.exchange.domain.x12.claim_balance import claim_findings
from openinfusion.exchange.domain.x12.claim_reader import read_claims
from openinfusion.exchange.domain.x12.claim_writer import MOST_CLAIMS, ClaimFile, Receiver, Sender, write_claim_file
from openinfusion.exchange.domain.x12.remittance_reader import collector_resting, read_remittances

SEED, ROUNDS = 5, 5
SIZES = (1_000, 5_000, 50_000)
PEERS_AT = 5_000
FEES = tuple(Decimal(random.Random(7 + n).randrange(200, 20_000)) / 100 for n in range(150))
UNITS = (1, 2, 4, 7, 14, 21, 28, 30)
HOME = AddressOut("12 Juniper Lane", "Fictionville", "OH", "441011234")
PHARMACY = ProviderOut("Demo Infusion Pharmacy", "1234567893", "", "123456789", "3336H0001X", HOME, "3305550100")
DOCTOR = ProviderOut("Welby", "1993999998", given="Mara")
PAYER = PayerOut("Imaginary Health Plan", "DEMO1", "CI")
FIRST = date(2026, 1, 1)


def claims(count: int) -> tuple[ClaimOut, ...]:
    """So many claims of four lines, two of them drugs with NDC."""
    rng = random.Random(SEED)
    return tuple(_claim(n, rng) for n in range(count))


def _claim(n: int, rng: random.Random) -> ClaimOut:
    lines = tuple(_line(f"OI{n:08d}L{k}", k, rng) for k in range(4))
    person = PersonOut(f"Name{n}", f"Given{n % 997}", FIRST - timedelta(days=rng.randrange(9_000, 30_000)), "F", HOME)
    charge = sum((line.charge for line in lines), Decimal(0))
    return ClaimOut(
        f"OI{n:010d}", charge, "12", person, f"MBR{n:07d}", PAYER, PHARMACY, ("M86.9", "Z45.2"), lines,
        authorization=f"PA{n:06d}", record_number=f"MRN{n:06d}", referring=DOCTOR,
    )  # fmt: skip


def _line(control: str, k: int, rng: random.Random) -> LineOut:
    units = UNITS[rng.randrange(len(UNITS))]
    first = FIRST + timedelta(days=rng.randrange(28))
    drug: dict[str, Any] = {}
    if k % 2:
        drug = {"ndc": f"{rng.randrange(10**4):04d}4196501", "ndc_quantity": Decimal(units), "ndc_unit": "UN",
                "rx_number": f"25{rng.randrange(10**5)}", "rx_on": first, "ordering": DOCTOR}  # fmt: skip
    code = ("S9500", "J0696", "S9501", "J3373")[k]
    return LineOut(
        control, code, FEES[rng.randrange(len(FEES))] * units, Decimal(units), first, first + timedelta(days=6),
        ("SH",) if k == 2 else (), **drug,
    )  # fmt: skip


def remittance(found: tuple[ClaimOut, ...]) -> str:
    """One 835 that pays all of them at 70 %, with coinsurance and denials as the simulated payer gives them."""
    allowed = {line.control: (line.charge * 7 / 10).quantize(Decimal("0.01")) for c in found for line in c.lines}
    fates: dict[str, Fate] = {}
    return answer(found, Answer(PAYER, "999000001", "BENCH1", date(2026, 3, 1), 1, allowed, fates)).replace("\n", "")


def claim_file(found: tuple[ClaimOut, ...]) -> str:
    at = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    sender, receiver = Sender("Demo", "DEMOPH", "Billing", "3305550100"), Receiver("House", "HOUSE")
    return write_claim_file(ClaimFile(1, sender, receiver, found, at))


@dataclass(frozen=True, slots=True)
class Case:
    """What is run, over which text; ``run`` gives back how many claims it saw."""

    name: str
    size: int
    text: str
    run: Callable[[], int]


def cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measured(case: Case, rounds: int = ROUNDS) -> dict[str, Any]:
    """Median CPU seconds of the case and of the bare split around it."""
    text = case.text

    def split() -> list[list[str]]:
        return [s.split("*") for s in text.split("~")]

    ours, bare, seen = [], [], 0
    for _ in range(rounds):
        bare.append(cpu(split))
        begun = time.process_time()
        seen = case.run()
        ours.append(time.process_time() - begun)
        bare.append(cpu(split))
    seconds, base = statistics.median(ours), statistics.median(bare)
    return {
        "name": case.name, "claims": case.size, "seen": seen, "unit": "CPU s", "median": round(seconds, 3),
        "best": round(min(ours), 3), "split": round(base, 3), "ratio": round(seconds / base, 2),
        "best_ratio": round(min(ours) / min(bare), 2), "claims_per_second": round(case.size / seconds),
        "megabytes_per_second": round(len(text) / seconds / 1e6, 1),
    }  # fmt: skip


def _read_835(text: str) -> int:
    with collector_resting():
        found = read_remittances(text)
        assert not any(imbalances(r) for r in found)
    return sum(len(r.claims) for r in found)


def _read_837(text: str) -> int:
    with collector_resting():
        found = read_claims(text)
        assert not any(True for one in found for _ in claim_findings(one))
    return sum(len(one.claims) for one in found)


def _write_837(found: tuple[ClaimOut, ...]) -> int:
    with collector_resting():
        claim_file(found)
    return len(found)


def own_cases(size: int) -> list[Case]:
    found = claims(size)
    paid = remittance(found)
    sent = claim_file(found).replace("\n", "")
    return [
        Case("835 read and balanced", size, paid, lambda: _read_835(paid)),
        Case("837P read and balanced", size, sent, lambda: _read_837(sent)),
        Case("837P checked and written", size, sent, lambda: _write_837(found)),
    ]


def peers(size: int) -> list[Case]:
    """The other libraries over the same texts, each called as its own manual shows; those that are installed."""
    found = claims(size)
    paid, sent = remittance(found), claim_file(found).replace("\n", "")
    folder = Path(tempfile.mkdtemp())
    (folder / "a.835").write_text(paid)
    (folder / "a.837").write_text(sent)
    made: list[Case] = []
    for kind, text in (("835", paid), ("837P", sent)):
        for name, maker in PEERS.items():
            run = maker(kind, text, folder / f"a.{kind[:3]}")
            if run is not None:
                made.append(Case(f"{kind} {name}", size, text, run))
    return made


def _pyx12(_: str, text: str, __: Path) -> Callable[[], int] | None:
    try:
        from pyx12.x12file import X12Reader
    except ImportError:
        return None

    def run() -> int:
        return sum(1 for s in X12Reader(io.StringIO(text)) if s.get_seg_id() in {"CLP", "CLM"})

    return run


def _oxedi(kind: str, _: str, path: Path) -> Callable[[], int] | None:
    try:
        import oxedi  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    return None if kind != "835" else lambda: int(oxedi.parse_file(str(path)).count_claims())


def _openx12(kind: str, text: str, _: Path) -> Callable[[], int] | None:
    try:
        from openx12 import x835, x837p  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    parse = x835.parse if kind == "835" else x837p.parse
    return lambda: _count(parse(text))


def _tools(_: str, text: str, __: Path) -> Callable[[], int] | None:
    try:
        from x12_edi_tools.x12_parser import X12Parser  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    return lambda: _count(X12Parser().parse(text))


def _parser_835(kind: str, _: str, path: Path) -> Callable[[], int] | None:
    try:
        import edi_835_parser  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    return None if kind != "835" else lambda: _count(edi_835_parser.parse(str(path)))


def _count(found: object) -> int:
    """How many things a library gave; 1 where it gives one object."""
    return len(found) if hasattr(found, "__len__") else 1


PEERS: dict[str, Callable[[str, str, Path], Callable[[], int] | None]] = {
    "pyx12 reader, no maps": _pyx12, "oxedi": _oxedi, "openx12": _openx12, "x12-edi-tools": _tools, "edi-835-parser": _parser_835,
}  # fmt: skip


def rows(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Ours at each size, and at 5,000 claims every peer that is installed."""
    found = [measured(case, ROUNDS if size <= MOST_CLAIMS else 3) for size in sizes for case in own_cases(size)]
    for case in peers(PEERS_AT):
        try:
            found.append(measured(case, 2))
        except Exception as no:  # a peer that cannot read the file is a result too
            found.append({"name": case.name, "claims": case.size, "failed": f"{type(no).__name__}: {no}"[:100]})
    return found


def show(console: Console, found: list[dict[str, Any]]) -> None:
    """The table."""
    table = Table("what", "claims", "CPU s", "of the bare split", "best of both", "claims/s", "MB/s", title="X12")
    for r in found:
        if "failed" in r:
            table.add_row(r["name"], f"{r['claims']:,}", r["failed"])
            continue
        table.add_row(
            r["name"], f"{r['claims']:,}", f"{r['median']:.3f}", f"× {r['ratio']}", f"× {r['best_ratio']}",
            f"{r['claims_per_second']:,}", f"{r['megabytes_per_second']}",
        )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    chosen = tuple(int(n) for n in sys.argv[1:]) or SIZES
    show(Console(highlight=False, width=140), rows(chosen))
