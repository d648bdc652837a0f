# SPDX-License-Identifier: Apache-2.0
"""A report that comes along with a record: kept in the file store under its own id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform import files
from openinfusion.platform.actor import Actor

MOST_BYTES = 10 * 1024 * 1024
_KINDS = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that somebody attached, with the name they had."""

    name: str
    data: bytes


def kept(given: Upload | None, by: Actor) -> UUID | None:
    """Keep a report; its id. Malformed unless it is a PDF, PNG or JPEG of at most 10 MB, by its first bytes."""
    if given is None:
        return None
    media_type = next((kind for start, kind in _KINDS.items() if given.data.startswith(start)), "")
    if not media_type:
        raise Malformed(Fault("Report", "attach a PDF, PNG or JPEG"))
    if len(given.data) > MOST_BYTES:
        raise Malformed(Fault("Report", "the file is larger than 10 MB"))
    return files.store(given.name, given.data, media_type, by)
