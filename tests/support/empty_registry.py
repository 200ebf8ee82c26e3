#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A registry that has nothing: 401 for what is below /private or /secret, else 404. Its address is in FOLDER/address.

    empty_registry.py FOLDER
"""
import http.server
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401 if "/private" in self.path or "/secret" in self.path else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
os.makedirs(sys.argv[1], exist_ok=True)
with open(sys.argv[1] + "/address.new", "w") as f:
    f.write("127.0.0.1:%d" % server.server_port)
os.rename(sys.argv[1] + "/address.new", sys.argv[1] + "/address")
server.serve_forever()
