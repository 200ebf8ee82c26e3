#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A registry that serves one OCI layout, with faults. Runs until it is ended.

    faulty_registry.py LAYOUT DIR [--fault drop | no-range | redirect | busy | stall] [--hold FILE TEXT]

Every name and tag is the layout's first image. DIR/address appears when it is ready; DIR/requests.jsonl gets a line for each request:
which server (registry or blobs), path, Range, and whether there was an Authorization.
  drop      layers break off every 30 % of their length, and can be continued (Range)
  no-range  layers break off once in the middle, and are only to be had from their start
  redirect  wants Basic user:secret; layers are redirected to another server, which must not be told
  busy      429, with Retry-After
  stall     layers fall silent in the middle
--hold: the uppermost layer does not come before FILE says TEXT. After 60 seconds it never comes: 500.
"""
import argparse
import base64
import http.server
import json
import os
import re
import threading
import time


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        world = self.server.world
        with world.lock:
            with open(world.dir + "/requests.jsonl", "a") as f:
                f.write(json.dumps({"server": self.server.name, "path": self.path, "range": self.headers.get("Range"),
                                    "authorization": "Authorization" in self.headers}) + "\n")
        if self.server.name == "registry":
            if world.fault == "busy":
                return self.reply(429, b"", {"Retry-After": "1260"})
            wanted = "Basic " + base64.b64encode(b"user:secret").decode()
            if world.fault == "redirect" and self.headers.get("Authorization") != wanted:
                return self.reply(401, b"", {"WWW-Authenticate": 'Basic realm="test"'})
        found = re.search(r"/(manifests|blobs)/([^/]+)$", self.path)
        if not found:
            return self.reply(200 if self.path == "/v2/" else 404, b"{}")
        digest = found.group(2) if found.group(2).startswith("sha256:") else world.digest
        path = os.path.join(world.layout, "blobs", digest.replace(":", "/"))
        if not re.fullmatch("sha256:[0-9a-f]{64}", digest) or not os.path.exists(path):
            return self.reply(404, b"{}")
        with open(path, "rb") as f:
            data = f.read()
        if found.group(1) == "manifests":
            return self.reply(200, data, {"Content-Type": "application/vnd.oci.image.manifest.v1+json", "Docker-Content-Digest": digest})
        if digest not in world.layers:
            return self.reply(200, data)
        if self.server.name == "registry" and world.fault == "redirect":
            return self.reply(307, b"", {"Location": "http://%s/store%s" % (world.blobs, self.path)})
        if world.hold and digest == world.top and not self.released():
            return self.reply(500, b"")
        self.layer(data, digest)

    def released(self):
        file, text = self.server.world.hold
        for _ in range(1200):
            if os.path.exists(file) and text in open(file).read():
                return True
            time.sleep(0.05)
        return False

    def layer(self, data, digest):
        world = self.server.world
        begin = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and world.fault != "no-range":
            begin = int(asked.group(1))
        headers = {"Content-Range": "bytes %d-%d/%d" % (begin, len(data) - 1, len(data))} if begin else {}
        self.head(206 if begin else 200, len(data) - begin, headers)
        with world.lock:
            first = digest not in world.served
            world.served.add(digest)
        end = len(data)
        if world.fault == "drop":
            end = min(end, begin + max(len(data) * 3 // 10, 1))
        if (world.fault == "no-range" and first) or world.fault == "stall":
            end = len(data) // 2
        self.wfile.write(data[begin:end])
        self.wfile.flush()
        if world.fault == "stall":
            time.sleep(60)
        self.close_connection = end < len(data)

    def head(self, status, length, headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def reply(self, status, body, headers={}):
        self.head(status, len(body), headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class World:
    pass


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("layout")
    p.add_argument("dir")
    p.add_argument("--fault", default="none", choices=["none", "drop", "no-range", "redirect", "busy", "stall"])
    p.add_argument("--hold", nargs=2)
    a = p.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    world = World()
    world.hold = a.hold
    world.layout, world.dir, world.fault, world.lock, world.served = a.layout, a.dir, a.fault, threading.Lock(), set()
    with open(a.layout + "/index.json") as f:
        world.digest = json.load(f)["manifests"][0]["digest"]
    with open(os.path.join(a.layout, "blobs", world.digest.replace(":", "/"))) as f:
        layers = [layer["digest"] for layer in json.load(f)["layers"]]
    world.layers, world.top = set(layers), layers[-1]
    servers = {}
    for name in ("registry", "blobs"):
        servers[name] = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
        servers[name].name, servers[name].world, servers[name].daemon_threads = name, world, True
        threading.Thread(target=servers[name].serve_forever, daemon=True).start()
    world.blobs = "127.0.0.1:%d" % servers["blobs"].server_port
    with open(a.dir + "/address.new", "w") as f:
        f.write("127.0.0.1:%d" % servers["registry"].server_port)
    os.rename(a.dir + "/address.new", a.dir + "/address")
    threading.Event().wait()


if __name__ == "__main__":
    main()
