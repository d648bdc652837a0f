# SPDX-License-Identifier: Apache-2.0
"""A clearing house for the demonstration: a folder that answers by itself, each answer when its time has come."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openinfusion.exchange.adapters.transport import IN, Folder
from openinfusion.exchange.domain.ncpdp.message import SEGMENT
from openinfusion.exchange.domain.simulated.clearing_house import ANSWERED, House, Reply, replies
from openinfusion.exchange.domain.simulated.processor import processed
from openinfusion.kernel.refusal import Malformed
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_now

LATER = "later"


@dataclass(frozen=True, slots=True)
class Simulated:
    """What is put here is answered late, wrong and in part, as the house's temper has it. Nothing leaves the machine."""

    root: Path
    house: House

    @property
    def _folder(self) -> Folder:
        return Folder(self.root)

    def put(self, name: str, data: bytes) -> None:
        self._folder.put(name, data)
        try:
            found = self._answers(data.decode("ascii"))
        except (Malformed, UnicodeDecodeError):  # neither X12 nor NCPDP: nobody here answers it
            return
        waiting = self.root / LATER
        waiting.mkdir(parents=True, exist_ok=True)
        for n, reply in enumerate(found):
            due = now() + reply.after
            (waiting / f"{due:%Y%m%d%H%M%S}-{Path(name).stem}-{n}.{reply.kind}").write_text(reply.text, encoding="ascii")

    def _answers(self, text: str) -> list[Reply]:
        if SEGMENT in text:
            return [Reply("NCPDP", processed(text, self.house.temper), ANSWERED)]
        return replies(text, self.house, house_now())

    def holds(self, name: str, data: bytes) -> bool | None:
        return self._folder.holds(name, data)

    def incoming(self) -> list[str]:
        """What is due by now lies in the inbox."""
        inbox = self.root / IN
        inbox.mkdir(parents=True, exist_ok=True)
        due = f"{now():%Y%m%d%H%M%S}"
        for path in sorted((self.root / LATER).glob("*")) if (self.root / LATER).is_dir() else ():
            if path.name[:14] <= due:
                path.rename(inbox / path.name)
        return self._folder.incoming()

    def take(self, name: str) -> bytes:
        return self._folder.take(name)

    def done(self, name: str) -> None:
        self._folder.done(name)
