#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of advisories on loopback, well behaved or not. Runs until it is ended.

    feed_server.py DIR          serves DIR/tree: https://HOST/PATH of a source is ADDRESS/HOST/PATH (eclair's --mirror)
    feed_server.py make DIR debian|alpine|osv N     writes advisories of N packages as that source publishes them, into DIR/tree

DIR/address appears when the server is ready; DIR/requests.log gets a line for each answer: STATUS PATH [range] [if-none-match].
DIR/faults, if there, is read at each request: lines "GLOB KIND [COUNT]" with a KIND of
  drop     half of the body, then the connection is closed      short    says one byte less than there is
  long     says 1000 bytes more than it sends                   garbage  noise
  html     an error page with status 200                        empty    no body
  429, 500, 503, 404   with Retry-After: 1 where that is usual  norange  Range is ignored
  older    as it was in 2001, whatever is asked                 stall    half of the body, then silence
"""
import email.utils
import fnmatch
import hashlib
import http.server
import json
import os
import re
import sys
import threading
import time
import urllib.parse
import zipfile


class Faults:
    def __init__(self, file):
        self.file, self.lock, self.used = file, threading.Lock(), {}

    def of(self, path):
        with self.lock:
            try:
                rules = open(self.file, encoding="utf-8").read().splitlines()
            except OSError:
                return None
            for rule in rules:
                glob, kind, *count = rule.split()
                if not fnmatch.fnmatch(path, glob):
                    continue
                used = self.used.get(rule, 0)
                if count and used >= int(count[0]):
                    continue
                self.used[rule] = used + 1
                return kind
            return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder, faults, log_lock = None, None, threading.Lock()

    def log_message(self, *_):
        pass

    def note(self, status, path):
        line = "%d %s" % (status, path)
        for header in ("Range", "If-None-Match"):
            if self.headers.get(header):
                line += " " + header.lower()
        with self.log_lock, open(os.path.join(self.folder, "requests.log"), "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def answer(self, path, status, body=b"", headers=(), said=None, sent=None):
        self.note(status, path)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if said is None else said))
        self.end_headers()
        self.wfile.write(body if sent is None else body[:sent])
        if said is not None or sent is not None:
            self.close_connection = True

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        fault = self.faults.of(path)
        if fault in ("429", "500", "503", "404"):
            return self.answer(path, int(fault), b"no\n", [("Retry-After", "1")] if fault in ("429", "503") else [])
        file = os.path.join(self.folder, "tree") + path
        query = urllib.parse.urlsplit(self.path).query
        if query and os.path.isfile(file + "?" + query):  # a page of an answer
            file += "?" + query
        elif path.endswith("/"):
            names = sorted(os.listdir(file)) if os.path.isdir(file) else None
            if names is None:
                return self.answer(path, 404, b"no such folder\n")
            names = [n + "/" if os.path.isdir(file + n) else n for n in names]
            page = "".join('<a href="%s">%s</a>\n' % (n, n) for n in names)
            return self.answer(path, 200, page.encode())
        try:
            body, when = open(file, "rb").read(), os.stat(file).st_mtime
        except OSError:
            return self.answer(path, 404, b"no such file\n")
        if fault == "older":
            return self.answer(path, 200, body, [("Last-Modified", "Mon, 01 Jan 2001 00:00:00 GMT"), ("ETag", '"old"')])
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        headers = [("ETag", etag), ("Last-Modified", email.utils.formatdate(when, usegmt=True))]
        if self.headers.get("If-None-Match") == etag and fault is None:
            return self.answer(path, 304, headers=headers)
        if fault == "garbage":
            return self.answer(path, 200, os.urandom(65536), headers)
        if fault == "html":
            return self.answer(path, 200, b"<html><body>Sorry.</body></html>\n", headers)
        if fault == "empty":
            return self.answer(path, 200, b"", headers)
        if fault == "short":
            return self.answer(path, 200, body, headers, said=len(body) - 1, sent=len(body) - 1)
        if fault == "long":
            return self.answer(path, 200, body, headers, said=len(body) + 1000)
        if fault == "drop":
            return self.answer(path, 200, body, headers, sent=len(body) // 2)
        if fault == "stall":
            self.answer(path, 200, body, headers, sent=len(body) // 2)
            self.wfile.flush()
            time.sleep(30)
            return None
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and fault != "norange" and self.headers.get("If-Range", etag) == etag:
            begin = int(wanted[1])
            if begin >= len(body):
                return self.answer(path, 416)
            return self.answer(path, 206, body[begin:], headers + [("Content-Range", "bytes %d-%d/%d" % (begin, len(body) - 1, len(body)))])
        return self.answer(path, 200, body, headers)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # a client that was killed, or had enough
        pass


def serve(folder):
    Handler.folder, Handler.faults = folder, Faults(os.path.join(folder, "faults"))
    server = Server(("127.0.0.1", 0), Handler)
    with open(os.path.join(folder, "address.new"), "w", encoding="utf-8") as out:
        out.write("127.0.0.1:%d" % server.server_address[1])
    os.rename(os.path.join(folder, "address.new"), os.path.join(folder, "address"))
    server.serve_forever()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())
    os.rename(path + ".new", path)


def make(folder, source, packages):
    tree = os.path.join(folder, "tree")
    if source == "debian":
        tracker = {}
        for i in range(packages):
            release = {"status": "resolved", "fixed_version": "1.%d-1" % packages, "urgency": "medium"}
            tracker["p%d" % i] = {"CVE-2024-%d" % (1000 + i): {"description": "flaw %d" % i, "releases": {"bookworm": release, "bullseye": release}}}
        write(tree + "/security-tracker.debian.org/tracker/data/json", json.dumps(tracker))
    elif source == "alpine":
        for release in ("v3.18", "v3.19"):
            for repository in ("main", "community"):
                fixes = [{"pkg": {"name": "%s%d" % (repository[0], i), "secfixes": {"1.%d-r0" % packages: ["CVE-2024-%d" % (1000 + i)]}}} for i in range(packages)]
                write("%s/secdb.alpinelinux.org/%s/%s.json" % (tree, release, repository),
                      json.dumps({"distroversion": release, "reponame": repository, "packages": fixes}))
        write(tree + "/secdb.alpinelinux.org/last-update", "%d\n" % packages)
    elif source == "osv":
        for ecosystem in ("Go", "Hex", "Maven", "NuGet", "Packagist", "Pub", "RubyGems", "crates.io", "npm"):  # a record each
            archive_of(tree, ecosystem, [osv_record(0, "1.0.0", ecosystem)])
        archive_of(tree, "PyPI", [osv_record(i, "1.0.0") for i in range(packages)])
    else:
        sys.exit("no such source: " + source)


def archive_of(tree, ecosystem, records):
    base = tree + "/osv-vulnerabilities.storage.googleapis.com/" + ecosystem + "/"
    os.makedirs(base, exist_ok=True)
    changes = []
    with zipfile.ZipFile(base + "all.zip.new", "w") as archive:
        for i, record in enumerate(records):
            archive.writestr(record["id"] + ".json", json.dumps(record))
            changes.append("2026-01-01T00:00:%02d.%06dZ,%s" % (i // 1000000, i % 1000000, record["id"]))
    os.rename(base + "all.zip.new", base + "all.zip")
    write(base + "modified_id.csv", "\n".join(reversed(changes)) + "\n")


def osv_record(i, fixed, ecosystem="PyPI"):
    name = "PYSEC" if ecosystem == "PyPI" else ecosystem.upper().replace(".", "-")
    return {"id": "%s-2024-%d" % (name, i), "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2024-%d" % (1000 + i)],
            "affected": [{"package": {"ecosystem": ecosystem, "name": "p%d" % i},
                          "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        serve(sys.argv[1])
