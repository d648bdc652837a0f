# SPDX-License-Identifier: Apache-2.0
"""What the inventory room does: one action, one transaction."""
