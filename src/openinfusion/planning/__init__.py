# SPDX-License-Identifier: Apache-2.0
"""The solver: a problem in, a plan out. It knows no table, no clock and no patient.

A plan says what it costs and whether it is proven to be the best, and separate code checks each one before it is used.
"""
