# SPDX-License-Identifier: Apache-2.0
"""The web base: how a request becomes a page or one action, and how a refusal reaches the person who asked."""

from __future__ import annotations

from openinfusion.platform.web.requests import Request, filled, read, reads, show, text_table, then, writes

__all__ = ["Request", "filled", "read", "reads", "show", "text_table", "then", "writes"]
