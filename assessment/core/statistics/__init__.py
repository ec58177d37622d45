"""Statistics over authorities: benchmarks, change, representativeness, item analysis."""
