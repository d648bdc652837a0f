# SPDX-License-Identifier: Apache-2.0
"""Problem files read: the product's own JSON, Solomon, VRPLIB and the home-care instances. Nothing is written here."""
