"""Runs the file check of Together's Python package. Its command line does no more, but it wants a login.

Prints how many examples it saw, or where and why it stopped: the check ends at its first error.
"""

import exit_usage  # noqa: F401

import json
import sys

try:
    from together.lib.utils.files import check_file
except ImportError:
    # Where it was before 2.0.
    from together.utils.files import check_file

report = check_file(sys.argv[1])
if report["is_check_passed"]:
    print(json.dumps({"examples": report["num_samples"]}))
else:
    print(json.dumps({"stopped": report["message"]}))
