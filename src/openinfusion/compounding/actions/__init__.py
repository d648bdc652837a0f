# SPDX-License-Identifier: Apache-2.0
"""What the compounding room does: one action, one transaction."""
