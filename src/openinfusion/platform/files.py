# SPDX-License-Identifier: Apache-2.0
"""The file store: bytes under generated names below the data folder, found again by id, checked by hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Broken
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import StoredFile
from openinfusion.platform.scope import current_organization_id


@dataclass(frozen=True, slots=True)
class FileContent:
    """A stored file with its bytes."""

    id: UUID
    name: str
    media_type: str
    sha256: str
    data: bytes


def _path(organization_id: UUID, file_id: UUID) -> Path:
    return Path(settings.FILE_STORE) / str(organization_id) / file_id.hex[-2:] / file_id.hex


def store(name: str, data: bytes, media_type: str, by: Actor) -> UUID:
    """Keep these bytes as they are. The name is only shown, never used as a path. Call it inside an action."""
    row = StoredFile(
        id=new_id(),
        name=name[:200],
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        stored_by=by.id,
    )
    path = _path(by.organization_id, row.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.rename(path)
    row.save(force_insert=True)
    return row.id


def open_file(file_id: UUID) -> FileContent:
    """A stored file; NotFound if it is not yours, Broken if its bytes are not those that were stored."""
    row = fetch(StoredFile, file_id)
    path = _path(current_organization_id(), row.id)
    if not path.exists():
        raise Broken(f"the bytes of file {file_id} are missing from the file store")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Broken(f"the bytes of file {file_id} are not those that were stored")
    return FileContent(row.id, row.name, row.media_type, row.sha256, data)
