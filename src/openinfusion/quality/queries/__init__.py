# SPDX-License-Identifier: Apache-2.0
"""Reads of quality, a file for each noun."""
