# SPDX-License-Identifier: Apache-2.0
"""What a claim would be refused for, found before it leaves: one file a SNIP level, pure."""
