# SPDX-License-Identifier: Apache-2.0
"""Catalog: what can be given. Drugs, products, formulas, stability, dose rules, therapy templates and code sets.

Every figure is a row with its source, the day it holds from and whether a pharmacist has signed it. Other rooms
enter by `public`.
"""
