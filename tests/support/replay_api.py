#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Plays recorded exchanges against a running server, and holds its answers to the recorded ones.

    replay_api.py BASE FOLDER [NAME=VALUE]...

FOLDER has cases, folders each, with pairs NN-what.request and NN-what.response, played in the order of their names.

A request: "METHOD target", header lines, an empty line, the body. A response: the status, header lines that must be there with that value
("Name:" alone: that must not be there), an empty line, the body, byte for byte. "{NAME}" in requests and responses stands for a value of the
command line or one that was taken before. In bodies of responses "<any>" stands for any text without quotes, and "<NAME>" for the same,
which is kept under that name: a page token. Our answers have no "<" themselves.
"""
import http.client
import os
import re
import sys
import urllib.parse


def read(path):
    with open(path, "rb") as f:
        head, _, body = f.read().partition(b"\n\n")
    lines = head.decode().rstrip("\n").split("\n")
    return lines[0], lines[1:], body.decode()


def filled(text, values):
    return re.sub(r"\{([A-Z][A-Z0-9_]*)\}", lambda m: values.get(m.group(1), m.group(0)), text)


def ask(base, path, values):
    line, headers, body = read(path)
    method, target = filled(line, values).split(" ", 1)
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=60)
    sent = dict(one.split(": ", 1) if ": " in one else (one.rstrip(":"), "") for one in map(lambda h: filled(h, values), headers))
    connection.request(method, target, filled(body, values).rstrip("\n").encode() if body else None, sent)
    answer = connection.getresponse()
    out = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
    connection.close()
    return out


def differences(path, got, values):
    status, headers, body = got
    wanted_status, wanted_headers, wanted_body = read(path)
    if str(status) != wanted_status:
        yield "status %s, wanted %s" % (status, wanted_status)
    for one in wanted_headers:
        name, _, value = one.partition(":")
        value = value.strip()
        if (headers.get(name.lower(), "") if value else name.lower() in headers) != (value or False):
            yield "header %s: %r, wanted %r" % (name, headers.get(name.lower()), value)
    pattern, names = "", []
    for piece in re.split(r"(<[A-Za-z0-9_]+>)", filled(wanted_body, values)):
        if re.fullmatch(r"<[A-Za-z0-9_]+>", piece):
            pattern += '([^"]*)'
            names.append(piece[1:-1])
        else:
            pattern += re.escape(piece)
    found = re.fullmatch(pattern, body)
    if not found:
        yield "body\n  %r\nwanted\n  %r" % (body, filled(wanted_body, values))
    else:
        values.update((name, value) for name, value in zip(names, found.groups()) if name != "any")


def main():
    base, folder = sys.argv[1:3]
    given = dict(one.split("=", 1) for one in sys.argv[3:])
    faults = played = 0
    for case in sorted(os.listdir(folder)):
        values = dict(given)
        for name in sorted(os.listdir(os.path.join(folder, case))):
            if not name.endswith(".request"):
                continue
            request = os.path.join(folder, case, name)
            response = request[: -len(".request")] + ".response"
            played += 1
            got = ask(base, request, values)
            for fault in differences(response, got, values):
                faults += 1
                print("%s: %s" % (request, fault))
    print("%d exchanges, %d differences" % (played, faults))
    sys.exit(1 if faults or not played else 0)


main()
