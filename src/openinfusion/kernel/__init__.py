# SPDX-License-Identifier: Apache-2.0
"""The kernel: words that every room speaks. Pure Python; knows nobody; no clock, no I/O."""
