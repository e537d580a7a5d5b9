"""Side-by-side figures, as ratios taken in one run: `python -m benchmarks`."""
