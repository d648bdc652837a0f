# SPDX-License-Identifier: Apache-2.0
"""Writes of exchange: files out, files in."""
from __future__ import annotations
