# SPDX-License-Identifier: Apache-2.0
"""The formulas by subject, what they ask for, and the register they are entered in."""
