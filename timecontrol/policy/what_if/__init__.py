"""Comparisons of two policies that a page asks for: the page has no right to compute, so a service does it, one at a time."""
