# SPDX-License-Identifier: Apache-2.0
"""Writes of delivery: joining tickets, calling, picking and packing, handing over, taking back."""
from __future__ import annotations
