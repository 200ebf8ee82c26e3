#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Sends exact bytes to a running service and checks exact answers.

    wire.py HOST:PORT             requests of all kinds; the service was started with --max-connections 20
    wire.py HOST:PORT load PID    asks from many threads, ends the service meanwhile, and counts what was lost
"""
import os
import signal
import socket
import sys
import threading
import time

HOST, PORT = sys.argv[1].rsplit(":", 1)
ADDRESS = (HOST, int(PORT))


def open_one():
    return socket.create_connection(ADDRESS, timeout=10)


def reply(stream, with_body=True):
    """One reply: status, headers in lower case, body."""
    line = stream.readline()
    if not line:
        return None
    status = int(line.split()[1])
    headers = {}
    while True:
        line = stream.readline()
        if line in (b"\r\n", b""):
            break
        name, value = line.decode("latin-1").split(":", 1)
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)) if with_body else 0)
    return status, headers, body


def ask(data, count=1, with_body=True):
    with open_one() as s:
        s.sendall(data)
        stream = s.makefile("rb")
        return [reply(stream, with_body) for _ in range(count)]


def check(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r} instead of {want!r}")


GET = b"GET /v1/versions HTTP/1.1\r\nHost: x\r\n\r\n"


def ends(data):
    """Whether the connection is closed after this, and what came before."""
    with open_one() as s:
        s.sendall(data)
        out = b""
        while True:
            more = s.recv(65536)
            if not more:
                return out
            out += more


def all_kinds():
    (status, headers, body), = ask(GET)
    check("versions", status, 200)
    check("pipelined", [r[0] for r in ask(GET + b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n" + GET, 3)], [200, 404, 200])
    check("a thousand pipelined", [r[0] for r in ask(GET * 1000, 1000)], [200] * 1000)
    check("unknown path", ask(b"GET /v2/x HTTP/1.1\r\nHost: x\r\n\r\n")[0][2], b"404 page not found\n")
    wrong = ask(b"PUT /v1/layers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")[0]
    check("wrong method", (wrong[0], wrong[2], wrong[1]["content-type"], "allow" in wrong[1]), (405, b"Method Not Allowed\n", "text/plain; charset=utf-8", False))
    check("HEAD", ask(b"HEAD /v1/layers/x HTTP/1.1\r\nHost: x\r\n\r\n", with_body=False)[0][0], 405)
    # HTTP/1.0: closes.
    old = ends(b"GET /v1/versions HTTP/1.0\r\n\r\n")
    check("HTTP/1.0", (old[:15], old.endswith(body)), (b"HTTP/1.0 200 OK", True))
    # Bodies: none, cut at 1 MiB, chunked, of a client that waits to be asked for it.
    head = b"POST /v1/layers HTTP/1.1\r\nHost: x\r\n"
    missing = ask(head + b"Content-Length: 2\r\n\r\n{}")[0]
    check("no layer", (missing[0], missing[2]), (400, b'{"Error":{"Message":"failed to provide layer"}}\n'))
    big = b'{"Layer":{"Name":"' + b"a" * 2_000_000 + b'"}}'
    with open_one() as s:
        s.sendall(head + b"Content-Length: %d\r\n\r\n" % len(big) + big)
        cut = reply(s.makefile("rb"))
    check("cut at 1 MiB", (cut[0], cut[2], cut[1].get("connection")), (400, b'{"Error":{"Message":"unexpected EOF"}}\n', "close"))
    chunked = ask(head + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n" + GET, 2)
    check("chunked", [r[0] for r in chunked], [400, 200])
    with open_one() as s, s.makefile("rb") as stream:
        s.sendall(head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        check("100-continue", stream.readline() + stream.readline(), b"HTTP/1.1 100 Continue\r\n\r\n")
        s.sendall(b"{}")
        check("after it", reply(stream)[0], 400)
    # gzip wherever it is asked for, errors of generation 1 too.
    for accept in (b"gzip", b"deflate, gzip;q=0"):
        packed = ask(b"GET /v1/layers/nothing HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + accept + b"\r\n\r\n")[0]
        check("gzip of an error", (packed[0], packed[1].get("content-encoding"), packed[2][:2]), (404, "gzip", b"\x1f\x8b"))
    # What is no HTTP/1.
    check("HTTP/2", ends(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), b"")
    for bad in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /v1/layers/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                head + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", head + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                head + b"Content-Length: 99999999999999999999\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\nname : x\r\n\r\n"):
        check(bad, ends(bad)[:12], b"HTTP/1.1 400" if b"HTTP/1.1" in bad else ends(bad)[:12])
    check("long head", ends(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20000 + b"\r\n\r\n")[:12], b"HTTP/1.1 431")
    # A client that goes away in the middle costs nothing.
    for part in (b"", b"GET", head, head + b"Content-Length: 100\r\n\r\n{"):
        with open_one() as s:
            s.sendall(part)
    # More connections than there may be: told so, then closed; and afterwards it goes on.
    time.sleep(0.3)
    many = [open_one() for _ in range(20)]
    for s in many:
        s.sendall(GET)
        check("of twenty", reply(s.makefile("rb"))[0], 200)
    full = ends(GET)
    check("the 21st", (full[:12], b"\r\nRetry-After: " in full), (b"HTTP/1.1 503", True))
    for s in many:
        s.close()
    time.sleep(0.3)
    check("afterwards", ask(GET)[0][0], 200)


def load(pid):
    lost, answered, lock = [], [0], threading.Lock()
    stopped = threading.Event()

    def work():
        while True:
            try:
                s = open_one()
            except OSError:
                return  # no longer accepted: that is fine
            with s:
                stream = s.makefile("rb")
                while True:
                    try:
                        s.sendall(GET)
                        got = reply(stream)
                    except OSError:
                        got = None
                    if got is None:
                        # An idle connection may be closed while we ask: only before the stop it is a loss.
                        if not stopped.is_set():
                            lost.append("closed before the stop")
                        break
                    if got[0] != 200 or not got[2]:
                        lost.append(got)
                        break
                    with lock:
                        answered[0] += 1
                    if got[1].get("connection") == "close":
                        break

    threads = [threading.Thread(target=work) for _ in range(12)]
    for t in threads:
        t.start()
    time.sleep(0.7)
    stopped.set()
    os.kill(pid, signal.SIGTERM)
    for t in threads:
        t.join(20)
    print(answered[0], "answered,", len(lost), "lost", lost[:3])
    if lost or answered[0] < 100 or any(t.is_alive() for t in threads):
        sys.exit(1)


if len(sys.argv) > 2:
    load(int(sys.argv[3]))
else:
    all_kinds()
