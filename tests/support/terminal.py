#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A terminal for tests: runs a command in one, types into it, and tells what is on its screen.

    terminal.py [--columns N] [--rows N] [--type TEXT]... [--until REGEX] [--touch FILE] [--raw FILE] [--seconds N] -- COMMAND...

The command's three streams are the terminal. Each --type waits for the output to rest for 0.3 seconds, then types (with \\t, \\n and \\e as in C).
When what the screen shows matches --until, FILE of --touch is made; without --until the command's end is waited for, after the last --type for
the output to rest. Then the screen is printed, without blanks at line ends and empty lines at the bottom, and the command is ended.
--raw FILE: everything that was written, as it came. Exits as the command did, 0 when it had to be ended, 3 when --until was never seen.

The screen knows what line-oriented programs and shells use: line feeds, returns, backspaces, tabs, cursor movement, erasing, colours and links
(left out of what is told).
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.rest = ""

    def text(self):
        out = ["".join(line).rstrip() for line in self.lines]
        while out and not out[-1]:
            out.pop()
        return "\n".join(out)

    def feed(self, text):
        text, i = self.rest + text, 0
        self.rest = ""
        while i < len(text):
            c = text[i]
            if c == "\x1b":
                used = self.escape(text[i:])
                if used == 0:
                    self.rest = text[i:]
                    return
                i += used
                continue
            i += 1
            if c == "\n":
                self.down()
            elif c == "\r":
                self.x = 0
            elif c == "\b":
                self.x = max(0, self.x - 1)
            elif c == "\t":
                self.x = min(self.columns - 1, (self.x // 8 + 1) * 8)
            elif c >= " ":
                if self.x == self.columns:
                    self.x = 0
                    self.down()
                self.lines[self.y][self.x] = c
                self.x += 1

    def down(self):
        if self.y + 1 < self.rows:
            self.y += 1
        else:
            self.lines = self.lines[1:] + [[" "] * self.columns]

    def escape(self, text):
        """Takes an escape sequence; how many characters it has, 0 where its end is yet to come."""
        if len(text) < 2:
            return 0
        if text[1] == "]":
            end = re.search(r"\x07|\x1b\\", text)
            return end.end() if end else 0
        if text[1] != "[":
            return 3 if text[1] in "()" and len(text) > 2 else 0 if text[1] in "()" else 2
        found = re.match(r"\x1b\[([0-9;?<=>]*)([@-~])", text)
        if not found:
            return 0 if re.fullmatch(r"\x1b\[[0-9;?<=> -/]*", text) else 2
        numbers = [int(n) if n.isdigit() else 0 for n in found[1].split(";")]
        n, kind = max(numbers[0], 1), found[2]
        if kind == "A":
            self.y = max(0, self.y - n)
        elif kind == "B":
            self.y = min(self.rows - 1, self.y + n)
        elif kind == "C":
            self.x = min(self.columns - 1, self.x + n)
        elif kind == "D":
            self.x = max(0, self.x - n)
        elif kind == "G":
            self.x = min(self.columns, n) - 1
        elif kind == "H":
            self.y = min(self.rows, n) - 1
            self.x = min(self.columns, max(numbers[1], 1) if len(numbers) > 1 else 1) - 1
        elif kind == "K":
            first, last = (0, self.x + 1) if numbers[0] == 1 else (0, self.columns) if numbers[0] == 2 else (self.x, self.columns)
            for x in range(first, min(last, self.columns)):
                self.lines[self.y][x] = " "
        elif kind == "J":
            if numbers[0] >= 2:
                self.lines = [[" "] * self.columns for _ in range(self.rows)]
            elif numbers[0] == 0:
                for x in range(min(self.x, self.columns), self.columns):
                    self.lines[self.y][x] = " "
                for y in range(self.y + 1, self.rows):
                    self.lines[y] = [" "] * self.columns
        elif kind == "P":
            line = self.lines[self.y]
            self.lines[self.y] = (line[:self.x] + line[self.x + n:] + [" "] * n)[:self.columns]
        elif kind == "@":
            line = self.lines[self.y]
            self.lines[self.y] = (line[:self.x] + [" "] * n + line[self.x:])[:self.columns]
        return found.end()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--columns", type=int, default=80)
    p.add_argument("--rows", type=int, default=24)
    p.add_argument("--type", action="append", default=[])
    p.add_argument("--until")
    p.add_argument("--touch")
    p.add_argument("--raw")
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("command", nargs="+")
    a = p.parse_args()
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", a.rows, a.columns, 0, 0))

    def own_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "TMUX", "STY") and (k != "CI" or "KEEP_CI" in os.environ)}
    environment.setdefault("TERM", "xterm")
    if environment["TERM"] == "dumb" and "KEEP_TERM" not in environment:
        environment["TERM"] = "xterm"
    child = subprocess.Popen(a.command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, preexec_fn=own_terminal)
    os.close(theirs)
    screen, raw, said_at, end, seen = Screen(a.columns, a.rows), b"", time.monotonic(), time.monotonic() + a.seconds, False
    keys = [k.encode().decode("unicode_escape") if "\\" in k else k for k in (t.replace("\\e", "\\x1b") for t in a.type)]
    decoder = __import__("codecs").getincrementaldecoder("utf-8")("replace")
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            raw += piece
            text = decoder.decode(piece)
            screen.feed(text)
            if "\x1b[6n" in text:  # where is the cursor? some shells ask
                os.write(ours, b"\x1b[%d;%dR" % (screen.y + 1, min(screen.x, screen.columns - 1) + 1))
            if "\x1b[c" in text or "\x1b[0c" in text:
                os.write(ours, b"\x1b[?62;c")
            said_at = time.monotonic()
            if a.until and not seen and re.search(a.until, screen.text()):
                seen = True
                if a.touch:
                    open(a.touch, "w").close()
                elif not keys:
                    break
            continue
        if time.monotonic() - said_at < 0.3:
            continue
        if keys and raw:
            os.write(ours, keys.pop(0).encode())
            said_at = time.monotonic()
            if not keys and not a.until:
                end = min(end, time.monotonic() + a.seconds)
        elif a.type and not keys and not a.until and time.monotonic() - said_at > 1:
            break
    if a.raw:
        with open(a.raw, "wb") as f:
            f.write(raw)
    print(screen.text())
    if a.until and not seen:
        child.kill()
        sys.exit(3)
    try:
        code = child.wait(0.5 if a.type or (a.until and not a.touch) else 30)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        code = 0
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
