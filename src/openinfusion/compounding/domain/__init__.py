# SPDX-License-Identifier: Apache-2.0
"""Work orders, ingredients, the gate, beyond-use dates and labels. Pure."""
