# SPDX-License-Identifier: Apache-2.0
"""Backups that can be restored: the database, the stored files, and a manifest that proves both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.platform import embedded
from openinfusion.platform.clock import now
from openinfusion.platform.database import connect_as_owner, ensure_database
from openinfusion.platform.installation import MAINTENANCE, migrate_as_owner

FORMAT = 1


EMBEDDED_VERSION = 18


def _tool(name: str) -> str:
    """pg_dump or pg_restore of the server's own version: the embedded one's, or the system's for another server."""
    with connect_as_owner(settings.OWNER, MAINTENANCE) as owner:
        version = owner.info.server_version // 10000
    if version == EMBEDDED_VERSION:
        return str(embedded.tool(name, settings.DATA))
    chosen = shutil.which(name)
    if chosen is None:
        raise Broken(f"{name} of PostgreSQL {version} is not installed")
    return chosen


def _database() -> str:
    """The database this process is connected to."""
    return str(connection.settings_dict["NAME"])


def _run(tool: str, *arguments: str) -> None:
    owner = settings.OWNER
    where = [
        "-U",
        owner["USER"],
        *(["-h", owner["HOST"]] if owner["HOST"] else []),
        *(["-p", owner["PORT"]] if owner["PORT"] else []),
    ]
    done = subprocess.run(  # noqa: S603
        [_tool(tool), *where, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGPASSWORD": owner["PASSWORD"]},
    )
    if done.returncode:
        raise Broken(f"{tool} failed: {done.stderr.strip()[:500]}")


def backup(target: Path) -> dict[str, Any]:
    """Write one archive with database, files and manifest; the manifest. An existing file is not overwritten."""
    if target.exists():
        raise Refused(Reason("backup-exists", f"{target} is already there; choose another name"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        _run("pg_dump", "-Fc", "-f", str(dump), _database())
        manifest = {
            "format": FORMAT,
            "made_at": now().isoformat(),
            "database_sha256": _sha256(dump),
            "heads": _heads(),
            "files": {str(p.relative_to(settings.FILE_STORE)): _sha256(p) for p in _stored()},
        }
        listed = Path(folder) / "manifest.json"
        listed.write_text(json.dumps(manifest, indent=1))
        part = target.with_suffix(target.suffix + ".part")
        with tarfile.open(part, "w") as archive:
            archive.add(listed, "manifest.json")
            archive.add(dump, "database.dump")
            for path in _stored():
                archive.add(path, f"files/{path.relative_to(settings.FILE_STORE)}")
        part.rename(target)
    return manifest


def _stored() -> list[Path]:
    root = Path(settings.FILE_STORE)
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.name.endswith(".part")) if root.exists() else []


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _heads() -> dict[str, list[Any]]:
    """The journal's head of every organization, read as the owner: the anchor that a restore must meet."""
    with connect_as_owner(settings.OWNER, _database()) as owner:
        return {str(o): [n, h] for o, n, h in owner.execute("SELECT organization_id, number, hash FROM platform_head")}


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Bring a backup back into this installation's database and file store, and prove it: hashes and journal heads.

    Refused if the database is already there and ``replace`` is not said.
    """
    with tempfile.TemporaryDirectory() as folder, tarfile.open(source) as archive:
        _unpack(archive, Path(folder))
        manifest: dict[str, Any] = json.loads((Path(folder) / "manifest.json").read_text())
        if manifest.get("format") != FORMAT:
            raise Refused(Reason("backup-format", f"this backup has format {manifest.get('format')}, not {FORMAT}"))
        dump = Path(folder) / "database.dump"
        if _sha256(dump) != manifest["database_sha256"]:
            raise Broken("the database in this backup is not the one its manifest names")
        _replace_database(replace)
        _run("pg_restore", "--no-owner", "-d", _database(), str(dump))
        _restore_files(Path(folder) / "files", manifest["files"])
    migrate_as_owner({**settings.OWNER, "NAME": _database()})
    if _heads() != manifest["heads"]:
        raise Broken("the journal that was restored does not end where the manifest says")
    return manifest


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files inside the folder and nothing else; Python's own filter for that is not in every 3.11."""
    for member in archive:
        to = (folder / member.name).resolve()
        if not to.is_relative_to(folder.resolve()) or not (member.isfile() or member.isdir()):
            raise Broken(f"the backup holds {member.name}, which no backup holds: it was changed")
        data = archive.extractfile(member)
        if data is not None:
            to.parent.mkdir(parents=True, exist_ok=True)
            with data, to.open("wb") as file:
                shutil.copyfileobj(data, file)


def _replace_database(replace: bool) -> None:
    connection.close()
    name = _database()
    with connect_as_owner(settings.OWNER, MAINTENANCE) as owner:
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            if not replace:
                raise Refused(Reason("database-there", f"the database {name} is there; say --replace to overwrite it"))
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    ensure_database({**settings.OWNER, "NAME": _database()}, MAINTENANCE, settings.SECRET_KEY)


def _restore_files(folder: Path, listed: dict[str, str]) -> None:
    for name, sha256 in listed.items():
        path = folder / name
        if not path.exists() or _sha256(path) != sha256:
            raise Broken(f"the stored file {name} is missing from the backup or was changed")
        to = Path(settings.FILE_STORE) / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
