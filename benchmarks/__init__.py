"""Benchmarks: each module measures one promise of the design on this machine and prints ratios measured in one run."""
