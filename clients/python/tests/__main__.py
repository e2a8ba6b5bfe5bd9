"""Runs all tests and sums them up in one line, in the form that the other test projects use."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

from . import gateway


def main() -> int:
    here = Path(__file__).resolve().parent
    suite = unittest.TestLoader().discover(str(here), top_level_dir=str(here.parent))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    gateway.stop()
    print(f"   Python client  Total: {result.testsRun}, Errors: {len(result.errors)}, Failed: {len(result.failures)}, Skipped: {len(result.skipped)}")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
