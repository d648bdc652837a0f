# SPDX-License-Identifier: Apache-2.0
"""A road server as OSRM answers, small and in this process."""
from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Roads:
    """What the server answers, and what it was asked.

    ``answer`` None: a table of the size that was asked for, whose ways take ``seconds`` for each hundredth of a degree north.
    """

    def __init__(self) -> None:
        self.answer: Any = None
        self.status, self.wait, self.seconds, self.most = 200, 0.0, 120, 100
        self.asked, self.address, self.elsewhere = list[str](), "", ""

    def told(self, path: str) -> Any:
        if self.answer is not None:
            return self.answer
        at = urlsplit(path)
        points = [float(p.split(",")[1]) for p in at.path.rsplit("/", 1)[1].split(";")]
        if len(points) > self.most:
            return {"code": "TooBig"}
        said = parse_qs(at.query)
        rows, columns = ([int(n) for n in said[name][0].split(";")] if name in said else range(len(points))
                         for name in ("sources", "destinations"))
        far = [[abs(points[a] - points[b]) * 100 for b in columns] for a in rows]
        return {"code": "Ok", "durations": [[round(x * self.seconds, 1) for x in line] for line in far],
                "distances": [[round(x * 1500, 1) for x in line] for line in far]}


@contextmanager
def a_road_server() -> Iterator[Roads]:
    held = Roads()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            time.sleep(held.wait)
            self.send_response(held.status)
            if held.elsewhere:
                self.send_header("Location", held.elsewhere)
            self.end_headers()
            told = held.told(self.path)
            try:
                self.wfile.write(told if isinstance(told, bytes) else json.dumps(told).encode())
            except OSError:
                """Whoever asked has gone."""

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.address = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
