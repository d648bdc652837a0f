# SPDX-License-Identifier: Apache-2.0
"""Parenteral nutrition: energy, glucose rate, osmolarity, limits, calcium with phosphate, cycling, and the whole order.

Nothing here says that a mixture is compatible; where a figure is missing it says that it cannot judge. Every limit is
an unverified row that a site may replace by its own.
"""
