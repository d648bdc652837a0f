# SPDX-License-Identifier: Apache-2.0
"""What the clinical room does: one action, one transaction."""
