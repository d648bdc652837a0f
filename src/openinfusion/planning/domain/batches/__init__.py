# SPDX-License-Identifier: Apache-2.0
"""A day at the bench: which preparation at which hood, in which order. Times are slots."""
