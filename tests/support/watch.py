#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a command whose standard error is a terminal, and does something when that says something.

    watch.py --until REGEX --touch FILE [--seconds N] -- COMMAND...

When the command's standard error matches, FILE is made; when it does not within N seconds (120), the command is ended. Prints, as the last
line of standard error, "matched=yes|no peak_kib=N", and exits as the command did.
"""
import argparse
import os
import pty
import re
import select
import subprocess
import sys
import time


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--until", required=True)
    p.add_argument("--touch", required=True)
    p.add_argument("--seconds", type=float, default=120)
    p.add_argument("command", nargs="+")
    a = p.parse_args()
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    child = subprocess.Popen(a.command, stderr=theirs, env=dict(environment, TERM="xterm"))
    os.close(theirs)
    said, matched, end = b"", False, time.monotonic() + a.seconds
    while True:
        ready = select.select([ours], [], [], 0.2)[0]
        if ready:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            said = (said + piece)[-65536:]
            if not matched and re.search(a.until.encode(), said):
                matched = True
                open(a.touch, "w").close()
        if not matched and time.monotonic() > end:
            child.kill()
            break
    _, status, usage = os.wait4(child.pid, 0)
    sys.stderr.write(said.decode(errors="replace")[-2000:] + "\nmatched=%s peak_kib=%d\n" % ("yes" if matched else "no", usage.ru_maxrss))
    sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)


if __name__ == "__main__":
    main()
