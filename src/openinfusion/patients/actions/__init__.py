# SPDX-License-Identifier: Apache-2.0
"""Writes of patients."""
from __future__ import annotations
