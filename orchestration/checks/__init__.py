"""The asset checks: what must be true of a stage's result before the next one may rely on it.

Rules are not written here. `archive.py` and `filers.py` count; `gate.py` runs the Great Expectations suites built from the catalogue.
"""
