# SPDX-License-Identifier: Apache-2.0
"""Measure the pages and the release action at 150 and at 20,000 patients; print a table, write var/bench/latest.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ["OPENINFUSION_DATA"] = str(ROOT / "var" / "bench" / "data")
os.environ["OPENINFUSION_HASHED_STATIC"] = "0"
os.environ["OPENINFUSION_HOSTS"] = '["testserver", "localhost"]'

SMALL = int(os.environ.get("BENCH_SMALL", "150"))
LARGE = int(os.environ.get("BENCH_LARGE", "20000"))


def main() -> None:
    """Load, measure, multiply, measure again."""
    from openinfusion.commands.demo import forget
    from openinfusion.commands.start import django_ready

    if "--keep" not in sys.argv:
        forget()
    django_ready()
    from rich.console import Console

    from benchmarks import calculations, measure, multiply, posting, review, stock, vials
    from openinfusion.demo.load import load
    from openinfusion.platform.installation import ensure_installed

    console = Console(highlight=False)
    ensure_installed()
    console.print(f"· loading {SMALL} patients")
    loaded = load(lambda *_: None, patients=SMALL)
    small = measure.all_of(loaded)
    console.print(f"· multiplying to {LARGE:,} patients")
    multiply.to(loaded.organization_id, LARGE // SMALL)
    large = measure.all_of(loaded)
    rows = [*small.rows(SMALL, small), *large.rows(LARGE, small)]
    measure.show(console, rows)
    formulas = calculations.rows()
    calculations.show(console, formulas)
    reviews = review.rows(loaded.organization_id)
    review.show(console, reviews)
    planned = vials.rows()
    vials.show(console, planned)
    house = loaded.house
    stored = stock.rows(loaded.organization_id, house.by("technician"), house.sites["north"])
    stock.show(console, stored)
    posted = posting.rows(loaded.organization_id, house.by("biller"))
    posting.show(console, posted)
    target = ROOT / "var" / "bench" / "latest.json"
    machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}
    found = {"machine": machine, "sizes": [SMALL, LARGE], "rows": rows, "formulas": formulas, "reviews": reviews}
    found["vials"], found["stock"], found["posting"] = planned, stored, posted
    target.write_text(json.dumps(found, indent=1))
    console.print(f"· written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
