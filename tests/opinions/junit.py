"""What junitparser makes of a JUnit file: python3 junit.py FILE prints its tests, failures, errors and skipped."""
import sys

from junitparser import Error, Failure, JUnitXml, Skipped

report = JUnitXml.fromfile(sys.argv[1])
cases = [case for suite in report for case in suite]
counted = [len(cases)] + [sum(isinstance(case.result[0], kind) for case in cases if case.result) for kind in (Failure, Error, Skipped)]
told = [sum(getattr(suite, name) for suite in report) for name in ("tests", "failures", "errors", "skipped")]
if told != counted or any(len(case.result) > 1 for case in cases):
    sys.exit(f"junitparser: told {told}, counted {counted}")
print("junitparser", *counted)
