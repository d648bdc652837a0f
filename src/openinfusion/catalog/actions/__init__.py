# SPDX-License-Identifier: Apache-2.0
"""What the catalog does: one action, one transaction."""
