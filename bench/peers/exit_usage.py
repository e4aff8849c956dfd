"""What measure/exit-usage.ts is for Node: at its exit a process writes what it used to file descriptor 3."""

import atexit
import json
import os
import re
import resource
import sys


def _peak_bytes():
    # VmHWM for the same reason as there: getrusage's maximum survives exec.
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii") as status:
            found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.MULTILINE)
        if found:
            return int(found.group(1)) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _write():
    used = resource.getrusage(resource.RUSAGE_SELF)
    usage = {"cpuSeconds": used.ru_utime + used.ru_stime, "peakBytes": _peak_bytes()}
    os.write(3, json.dumps(usage).encode())


atexit.register(_write)
