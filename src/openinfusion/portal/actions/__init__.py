# SPDX-License-Identifier: Apache-2.0
"""What is done about a patient's own page."""
