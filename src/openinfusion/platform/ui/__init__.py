# SPDX-License-Identifier: Apache-2.0
"""The look: components, forms, formatting. Knows no room."""
