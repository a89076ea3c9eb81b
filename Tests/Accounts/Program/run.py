#!/usr/bin/env python3
"""Runs the tests beside this file: run.py PROGRAM [part of a test's name]. Ends with "N passed, N failed, N skipped"."""

import os, sys, unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

import serving

serving.Served.program = os.path.abspath(sys.argv[1])
wanted = sys.argv[2] if len(sys.argv) > 2 else ""


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        elif wanted in test.id():
            yield test


found = unittest.TestSuite(cases(unittest.defaultTestLoader.discover(str(FOLDER), pattern="test_*.py")))
result = unittest.TextTestRunner(verbosity=2).run(found)
failed = len(result.failures) + len(result.errors)
print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
sys.exit(1 if failed or not result.testsRun else 0)
