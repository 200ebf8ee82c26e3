#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks on loopback. Runs until it is ended.

    hook_receiver.py DIR [CERTIFICATE KEY CA]      with files: TLS, for clients that have a certificate of that CA

DIR/address appears when it is ready. DIR/received gets a line for each request: milliseconds since the start, status that was answered, the header
X-Eclair-Signature or "-", the body; DIR/targets the request's target and Host. DIR/answer, if there, is read at each request: a status, and
milliseconds to wait before it; a third number lets an answer of a thousand bytes drip, a byte in so many milliseconds.
"""
import http.server
import os
import ssl
import sys
import threading
import time

folder, began, lock = sys.argv[1], time.monotonic(), threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.connection.setsockopt(6, 1, 1)  # TCP_NODELAY

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, pause, drip = 200, 0, 0
        try:
            words = open(os.path.join(folder, "answer")).read().split()
            status, pause, drip = (list(map(int, words)) + [0, 0])[:3]
        except (OSError, ValueError):
            pass
        line = "%d %d %s %s\n" % ((time.monotonic() - began) * 1000, status, self.headers.get("X-Eclair-Signature", "-"), body.decode())
        with lock:
            with open(os.path.join(folder, "received"), "a") as out:
                out.write(line)
            with open(os.path.join(folder, "targets"), "a") as out:
                out.write("%s %s\n" % (self.path, self.headers.get("Host")))
        time.sleep(pause / 1000)
        self.send_response(status)
        self.send_header("Content-Length", "1000" if drip else "0")
        self.end_headers()
        try:
            for _ in range(1000 if drip else 0):
                time.sleep(drip / 1000)
                self.wfile.write(b"x")
        except OSError:
            pass

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
scheme = "http"
if len(sys.argv) > 2:
    scheme, tls = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])
    tls.load_verify_locations(sys.argv[4])
    tls.verify_mode = ssl.CERT_REQUIRED
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(os.path.join(folder, "address.new"), "w") as out:
    out.write("%s://127.0.0.1:%d" % (scheme, server.server_port))
os.rename(os.path.join(folder, "address.new"), os.path.join(folder, "address"))
server.serve_forever()
