# SPDX-License-Identifier: Apache-2.0
"""Nursing as JSON: visits and their record, phones, the roster."""
from __future__ import annotations

from openinfusion.nursing.api import phone, roster, section, shelf, suite, visit
from openinfusion.nursing.api.router import router

__all__ = ["phone", "roster", "router", "section", "shelf", "suite", "visit"]
