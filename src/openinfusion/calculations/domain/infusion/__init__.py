# SPDX-License-Identifier: Apache-2.0
"""Rates, pumps and infusion: how fast, how long, how much at most, and by which way."""
