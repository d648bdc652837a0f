# SPDX-License-Identifier: Apache-2.0
"""The door of the desk: what waits and what a search finds, for the API."""

from __future__ import annotations

from openinfusion.desk.queries import Queue, queue, search

__all__ = ["Queue", "queue", "search"]
