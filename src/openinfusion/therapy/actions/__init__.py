# SPDX-License-Identifier: Apache-2.0
"""What the therapy room does: one action, one transaction."""
