# SPDX-License-Identifier: Apache-2.0
"""SFTP against asyncssh's own server in this process: files out whole, files in once, a strange host refused."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest

from openinfusion.exchange.adapters.transport import Sftp, transport_for
from openinfusion.kernel.refusal import Malformed, Unavailable


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A clearing house's server with folders ``out`` and ``in``, its host key, and a key that it lets in."""
    home = tmp_path_factory.mktemp("house")
    root = home / "root"
    for folder in ("out", "in"):
        (root / folder).mkdir(parents=True)
    host, mine = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    mine.write_private_key(str(home / "key"))
    mine.write_public_key(str(home / "allowed"))
    loop, started, found = asyncio.new_event_loop(), threading.Event(), SimpleNamespace()

    async def serve() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host], authorized_client_keys=str(home / "allowed"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
        )

    def run() -> None:
        asyncio.set_event_loop(loop)
        found.listener = loop.run_until_complete(serve())
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    port = found.listener.get_port()
    known = home / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {host.export_public_key().decode()}")
    yield SimpleNamespace(root=root, port=port, key=home / "key", known=known, home=home)

    async def stop() -> None:
        found.listener.close()
        await found.listener.wait_closed()

    asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def way(server: SimpleNamespace) -> Sftp:
    found = transport_for(f"sftp://pharmacy@127.0.0.1:{server.port}/", server.key, server.known)
    assert isinstance(found, Sftp)
    return found


def test_a_file_arrives_whole_and_is_found_again(way: Sftp, server: SimpleNamespace) -> None:
    way.put("A1.txt", b"ISA*first~")
    assert (server.root / "out" / "A1.txt").read_bytes() == b"ISA*first~"
    assert not list((server.root / "out").glob("*.part"))
    assert way.holds("A1.txt", b"ISA*first~") is True
    assert way.holds("A1.txt", b"other") is None and way.holds("A2.txt", b"x") is None


def test_what_lies_there_is_taken_once(way: Sftp, server: SimpleNamespace) -> None:
    (server.root / "in" / "b.835").write_bytes(b"ISA*second~")
    (server.root / "in" / "a.999").write_bytes(b"ISA*first~")
    assert way.incoming() == ["a.999", "b.835"]
    assert way.take("a.999") == b"ISA*first~"
    way.done("a.999")
    assert way.incoming() == ["b.835"] and (server.root / "in" / "done" / "a.999").exists()
    way.done("b.835")


def test_nobody_there_a_strange_host_and_a_strange_key_send_nothing(way: Sftp, server: SimpleNamespace, tmp_path: Path) -> None:
    gone = Sftp("127.0.0.1", 1, "pharmacy", PurePosixPath("/"), server.key, server.known)
    with pytest.raises(Unavailable, match="does not answer"):
        gone.put("C.txt", b"x")
    other = tmp_path / "known_hosts"
    other.write_text(f"[127.0.0.1]:{server.port} {asyncssh.generate_private_key('ssh-ed25519').export_public_key().decode()}")
    with pytest.raises(Unavailable):
        Sftp("127.0.0.1", server.port, "pharmacy", PurePosixPath("/"), server.key, other).put("C.txt", b"x")
    key = tmp_path / "key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(key))
    with pytest.raises(Unavailable):
        Sftp("127.0.0.1", server.port, "pharmacy", PurePosixPath("/"), key, server.known).put("C.txt", b"x")
    assert not (server.root / "out" / "C.txt").exists()
    with pytest.raises(Malformed, match="plain file name"):
        way.put("../C.txt", b"x")


def test_a_folder_that_is_not_there_takes_nothing(server: SimpleNamespace) -> None:
    elsewhere = Sftp("127.0.0.1", server.port, "pharmacy", PurePosixPath("/nowhere"), server.key, server.known)
    with pytest.raises(Unavailable, match="took nothing"):
        elsewhere.put("D.txt", b"x")
