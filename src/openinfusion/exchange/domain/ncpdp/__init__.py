# SPDX-License-Identifier: Apache-2.0
"""NCPDP Telecommunication D.0: pharmacy claims (B1), reversals (B2) and their answers, kept field for field.

Segments are ordered lists of (id, value), because fields repeat: a mapping would lose all but the last. The version
stands in a table, for the standard changes to F6. Field names are common knowledge; the code lists are licensed by NCPDP.
"""
