# SPDX-License-Identifier: Apache-2.0
"""Writing, reading and posting claims at sizes of one's own: ``python -m benchmarks.posting_alone 1000 5000 50000``.

Loads a small house into a database of its own (var/bench/posting), so that nothing else is measured. Cost is linear where
the time of a claim stays the same; ``python -m benchmarks.x12 50000`` measures writing and reading against their peers.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("OPENINFUSION_DATA", str(ROOT / "var" / "bench" / "posting"))


def main() -> None:
    """Load, measure, print a table, and the same figures as JSON."""
    from openinfusion.commands.demo import forget
    from openinfusion.commands.start import django_ready

    forget()
    django_ready()
    from rich.console import Console

    from benchmarks import posting
    from openinfusion.demo.load import load
    from openinfusion.platform.installation import ensure_installed

    ensure_installed()
    loaded = load(lambda *_: None, patients=8, days=30, late=0.5)
    sizes = tuple(int(n) for n in sys.argv[1:]) or posting.SIZES
    found = posting.rows(loaded.organization_id, loaded.house.by("biller"), sizes)
    posting.show(Console(highlight=False), found)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
