# SPDX-License-Identifier: Apache-2.0
"""Vancomycin and aminoglycosides: doses before there is a level, and what levels say."""
