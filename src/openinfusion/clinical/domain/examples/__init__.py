# SPDX-License-Identifier: Apache-2.0
"""Scenario examples of the checks."""
