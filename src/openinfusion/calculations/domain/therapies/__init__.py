# SPDX-License-Identifier: Apache-2.0
"""Doses of single therapies: clotting factors, iron, immune globulin, nutrition by tube, chemotherapy."""
