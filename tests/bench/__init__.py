"""Benchmarks: ratios taken side by side in one run, on this machine."""
