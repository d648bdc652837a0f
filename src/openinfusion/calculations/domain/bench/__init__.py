# SPDX-License-Identifier: Apache-2.0
"""Compounding arithmetic: powders, dilutions, equivalents, vials, syringes, weights and waste."""
