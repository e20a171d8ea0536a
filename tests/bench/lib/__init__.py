"""tests/bench/compare in parts: see README.md one folder above."""
