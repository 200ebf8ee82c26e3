#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""fake_engine.py SOCKET ARCHIVE NAME [--fault F]: as much of a container engine as a scan asks of one, on a Unix socket.
ARCHIVE is what `docker save NAME` would give. Each request is a line in SOCKET.log.
Faults: refuse (500 to the export, with a reason), gone (404 to the export), garbage (no archive), truncate (the connection ends within it),
stall (nothing comes after the first bytes), lies (no id in the description)."""
import argparse
import hashlib
import json
import os
import socketserver
import tarfile
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

p = argparse.ArgumentParser()
p.add_argument("socket")
p.add_argument("archive")
p.add_argument("name")
p.add_argument("--fault", default="")
args = p.parse_args()
data = open(args.archive, "rb").read()
with tarfile.open(args.archive) as tar:
    manifest = json.load(tar.extractfile("manifest.json"))
    config = tar.extractfile(manifest[0]["Config"]).read()
image_id = "sha256:" + hashlib.sha256(config).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "socket"

    def reply(self, status, body, kind="application/json", length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:  # it has read enough
            self.close_connection = True

    def do_GET(self):
        with open(args.socket + ".log", "a") as log:
            log.write(self.path + "\n")
        parts = unquote(self.path).split("/")
        name, what = "/".join(parts[2:-1]), parts[-1]
        if parts[1] != "images" or name not in (args.name, image_id, image_id[7:], image_id[7:19]):
            return self.reply(404, json.dumps({"message": "No such image: " + name}).encode())
        if what == "json":
            known = {"Id": "" if args.fault == "lies" else image_id, "RepoTags": [args.name]}
            return self.reply(200, json.dumps(known).encode())
        if args.fault == "refuse":
            return self.reply(500, b'{"message":"disk is on fire"}')
        if args.fault == "gone":
            return self.reply(404, b'{"message":"No such image"}')
        if args.fault == "garbage":
            return self.reply(200, b"hello" * 1000, "application/x-tar")
        if args.fault in ("truncate", "stall"):
            self.reply(200, data[: len(data) // 2], "application/x-tar", len(data))
            if args.fault == "stall":
                time.sleep(60)
            self.close_connection = True
            return None
        return self.reply(200, data, "application/x-tar")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


if os.path.exists(args.socket):
    os.unlink(args.socket)
Server(args.socket, Handler).serve_forever()
