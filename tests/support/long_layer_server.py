#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A registry with one image of one long layer, made while it is sent. Runs until it is ended.

    long_layer_server.py DIR MIB

The layer is a gzipped tar (many members, stored): a dpkg database of three packages and an os-release first, then one file of MIB
mebibytes. Its last MiB is not sent before DIR/go appears. DIR/address appears when the server is ready, DIR/all_sent when the last byte
is out.
"""
import gzip
import hashlib
import http.server
import io
import json
import os
import sys
import tarfile
import threading
import time

OS_RELEASE = b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
STATUS = b"".join(b"Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\nDescription: a test\n\n" % name
                  for name in (b"first", b"second", b"third"))


def member(data):
    return gzip.compress(data, compresslevel=0, mtime=0)


def digest_of(begin, filler, count, end):
    state = hashlib.sha256(begin)
    for _ in range(count):
        state.update(filler)
    state.update(end)
    return "sha256:" + state.hexdigest()


class Layer:
    """Its bytes, in pieces: beginning, the same filler many times, end."""

    def __init__(self, mib):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as out:
            for name, data in (("etc/os-release", OS_RELEASE), ("var/lib/dpkg/status", STATUS)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                out.addfile(info, io.BytesIO(data))
            files = tar.getvalue()[:out.offset]
        long = tarfile.TarInfo("var/cache/filler")
        long.size = mib << 20
        block = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(1 << 15))
        self.begin = member(files + long.tobuf(tarfile.USTAR_FORMAT))
        self.filler, self.count = member(block), mib
        self.end = member(bytes(1024))
        self.digest = digest_of(self.begin, self.filler, mib, self.end)
        self.diff_id = digest_of(files + long.tobuf(tarfile.USTAR_FORMAT), block, mib, bytes(1024))
        self.size = len(self.begin) + mib * len(self.filler) + len(self.end)


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        files, layer, folder = self.server.files, self.server.layer, self.server.folder
        reference = self.path.rsplit("/", 1)[1]
        if reference != layer.digest:
            body = files.get(reference if reference.startswith("sha256:") else "manifest")
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            return self.wfile.write(body or b"")
        self.send_response(200)
        self.send_header("Content-Length", str(layer.size))
        self.end_headers()
        self.wfile.write(layer.begin)
        for i in range(layer.count):
            if i == layer.count - 1:
                while not os.path.exists(folder + "/go"):
                    time.sleep(0.05)
            self.wfile.write(layer.filler)
        self.wfile.write(layer.end)
        open(folder + "/all_sent", "w").close()

    def log_message(self, *_):
        pass


def main():
    folder, mib = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    layer = Layer(mib)
    name = lambda data: "sha256:" + hashlib.sha256(data).hexdigest()
    config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [layer.diff_id]}}).encode()
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": name(config), "size": len(config)},
                           "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": layer.digest, "size": layer.size}]}).encode()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # who is interrupted goes away in the middle
    server.files, server.layer, server.folder = {name(config): config, name(manifest): manifest, "manifest": manifest}, layer, folder
    with open(folder + "/address.new", "w") as f:
        f.write("127.0.0.1:%d" % server.server_port)
    os.rename(folder + "/address.new", folder + "/address")
    server.serve_forever()


if __name__ == "__main__":
    main()
