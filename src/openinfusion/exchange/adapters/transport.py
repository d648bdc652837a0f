# SPDX-License-Identifier: Apache-2.0
"""The ways to and from a clearing house, behind one interface: a folder, SFTP, or a person's hands.

A file is written under a passing name and then renamed, so that nobody ever sees half of it. A transport raises
Unavailable only where it is certain that nothing became visible outside.
"""
from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import asyncssh

from openinfusion.kernel.refusal import Fault, Malformed, Unavailable

T = TypeVar("T")
OUT, IN, DONE = "out", "in", "done"
MOST_BYTES = 50_000_000
TIMEOUT_SECONDS = 30


class Uncertain(Exception):
    """The file may be there or not: the last step failed and nobody said how."""


class Transport(Protocol):
    """What a way to a clearing house can do. ``holds`` is None where it cannot be told, because it may be taken already."""

    def put(self, name: str, data: bytes) -> None: ...
    def holds(self, name: str, data: bytes) -> bool | None: ...
    def incoming(self) -> list[str]: ...
    def take(self, name: str) -> bytes: ...
    def done(self, name: str) -> None: ...


def transport_for(address: str, key: Path | None = None, known_hosts: Path | None = None) -> Transport | None:
    """``folder:/path`` or ``sftp://user@host:22/path``; nothing for an empty address: then a person carries the files."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme == "folder":
        return Folder(Path(parts.path))
    if parts.scheme == "sftp" and parts.hostname and parts.username:
        return Sftp(parts.hostname, parts.port or 22, parts.username, PurePosixPath(parts.path or "/"), key, known_hosts)
    raise Malformed(Fault("clearing house", "write folder:/path or sftp://user@host:port/path"))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that somebody else's program carries on: ``out`` for what we send, ``in`` for what comes."""

    root: Path

    def put(self, name: str, data: bytes) -> None:
        target = self.root / OUT / _safe(name)
        part = target.with_suffix(".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        except OSError as no:
            raise Unavailable(f"the folder {target.parent} cannot be written: {no}") from no
        try:
            part.rename(target)
        except OSError as no:
            raise Uncertain(str(no)) from no

    def holds(self, name: str, data: bytes) -> bool | None:
        """True where it lies there; None where it does not, because the carrier may have taken it."""
        target = self.root / OUT / _safe(name)
        return True if target.is_file() and target.read_bytes() == data else None

    def incoming(self) -> list[str]:
        folder = self.root / IN
        return sorted(p.name for p in folder.iterdir() if p.is_file() and p.suffix != ".part") if folder.is_dir() else []

    def take(self, name: str) -> bytes:
        path = self.root / IN / _safe(name)
        if path.stat().st_size > MOST_BYTES:
            raise Malformed(Fault(name, f"is larger than {MOST_BYTES // 1_000_000} MB"))
        return path.read_bytes()

    def done(self, name: str) -> None:
        kept = self.root / IN / DONE
        kept.mkdir(parents=True, exist_ok=True)
        (self.root / IN / _safe(name)).rename(kept / _safe(name))


@dataclass(frozen=True, slots=True)
class Sftp:
    """The same folders on a clearing house's server. Its host key must be known; the key file is ours."""

    host: str
    port: int
    user: str
    root: PurePosixPath
    key: Path | None
    known_hosts: Path | None

    def put(self, name: str, data: bytes) -> None:
        target = str(self.root / OUT / _safe(name))

        async def work(sftp: Any) -> None:
            try:
                async with sftp.open(f"{target}.part", "wb") as out:
                    await out.write(data)
            except (asyncssh.Error, OSError) as no:
                raise Unavailable(f"{self.host} took nothing: {no}") from no
            try:
                await sftp.posix_rename(f"{target}.part", target)
            except (asyncssh.Error, OSError) as no:
                raise Uncertain(str(no)) from no

        self._with(work)

    def holds(self, name: str, data: bytes) -> bool | None:
        target = str(self.root / OUT / _safe(name))

        async def work(sftp: Any) -> bool | None:
            if not await sftp.exists(target):
                return None
            async with sftp.open(target, "rb") as there:
                return True if await there.read() == data else None

        return self._with(work)

    def incoming(self) -> list[str]:
        async def work(sftp: Any) -> list[str]:
            found = await sftp.readdir(str(self.root / IN))
            return sorted(e.filename for e in found if e.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR)

        return self._with(work)

    def take(self, name: str) -> bytes:
        path = str(self.root / IN / _safe(name))

        async def work(sftp: Any) -> bytes:
            if (await sftp.stat(path)).size > MOST_BYTES:
                raise Malformed(Fault(name, f"is larger than {MOST_BYTES // 1_000_000} MB"))
            async with sftp.open(path, "rb") as there:
                found: bytes = await there.read()
                return found

        return self._with(work)

    def done(self, name: str) -> None:
        async def work(sftp: Any) -> None:
            await sftp.makedirs(str(self.root / IN / DONE), exist_ok=True)
            await sftp.posix_rename(str(self.root / IN / _safe(name)), str(self.root / IN / DONE / _safe(name)))

        self._with(work)

    def _with(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Connect, work, disconnect. What fails before the connection stands is certain: nothing left the house."""

        async def run() -> T:
            hosts: Any = str(self.known_hosts) if self.known_hosts else ()
            keys = [str(self.key)] if self.key else ()
            try:
                connection = await asyncssh.connect(
                    self.host, self.port, username=self.user, client_keys=keys, known_hosts=hosts,
                    connect_timeout=TIMEOUT_SECONDS,
                )
            except (asyncssh.Error, OSError, TimeoutError) as no:
                raise Unavailable(f"{self.host} does not answer: {no}") from no
            async with connection, connection.start_sftp_client() as sftp:
                found = await work(sftp)
            return found  # noqa: RET504  (mypy: a block may swallow what is raised in it)

        return asyncio.run(run())


def _safe(name: str) -> str:
    """A plain file name; Malformed for anything that could leave the folder."""
    if not name or name in {".", ".."} or not all(c.isalnum() or c in "._-" for c in name) or not name.isascii():
        raise Malformed(Fault("file name", f"“{name}” is not a plain file name"))
    return name
