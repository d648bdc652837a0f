# SPDX-License-Identifier: Apache-2.0
"""Pages of billing."""
from __future__ import annotations
