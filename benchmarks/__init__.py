"""Benchmarks: what reading costs and how well it reads, measured in one run on one machine; see README.md."""
