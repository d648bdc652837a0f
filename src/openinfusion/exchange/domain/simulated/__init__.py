# SPDX-License-Identifier: Apache-2.0
"""A clearing house and payers for the demonstration and the tests: late, wrong and partial on purpose, from a seed.

Nothing is left to chance: what happens to a claim, a question or a request follows from the seed and its own number.
"""
