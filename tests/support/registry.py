#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""A real registry (Debian's docker-registry) on loopback, for one test.

    registry.py serve DIR [--auth USER:PASSWORD | --token USER:PASSWORD] [--tls]
        runs until it is ended; DIR/address appears when it is ready, DIR/ca.pem is the certificate of --tls
    registry.py push DIR LAYOUT NAME:TAG
        uploads the blobs of an OCI layout, and its manifests under their digests; the first one also as NAME:TAG
--auth asks for HTTP Basic, --token for bearer tokens, with a token service of its own that counts its answers in DIR/tokens.
"""
import argparse
import base64
import http.client
import http.server
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

ISSUER, SERVICE = "test-issuer", "test-registry"


def certificate(folder):
    """A self-signed certificate for loopback; its key also signs tokens."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/O=Eclair/CN=Eclair test CA",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", folder + "/key.pem", "-out", folder + "/ca.pem"],
                   check=True, stderr=subprocess.DEVNULL)


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenService(http.server.BaseHTTPRequestHandler):
    """GET /token?service=&scope=repository:NAME:ACTIONS with the right Basic credentials gives a signed token for that."""

    def do_GET(self):
        folder, credentials = self.server.folder, self.server.credentials
        wanted = "Basic " + base64.b64encode(credentials.encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return self.reply(401, {"details": "incorrect username or password"})
        scopes = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).get("scope", [])
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        now = int(time.time())
        with open(folder + "/ca.pem") as f:
            der = "".join(f.read().split("-----")[2].split())
        head = {"typ": "JWT", "alg": "RS256", "x5c": [der]}
        claims = {"iss": ISSUER, "aud": SERVICE, "sub": "", "iat": now, "nbf": now - 5, "exp": now + 60, "jti": str(now), "access": access}
        text = url64(json.dumps(head).encode()) + "." + url64(json.dumps(claims).encode())
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", folder + "/key.pem"], input=text.encode(), stdout=subprocess.PIPE, check=True)
        with open(folder + "/tokens", "a") as f:
            f.write(" ".join(scopes) + "\n")
        self.reply(200, {"token": text + "." + url64(signed.stdout)})

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(a):
    folder = os.path.abspath(a.dir)
    os.makedirs(folder, exist_ok=True)
    config = ["version: 0.1", "log: {level: info, accesslog: {disabled: true}}", "storage: {filesystem: {rootdirectory: %s/data}}" % folder,
              "http:", "  addr: 127.0.0.1:0"]
    settings = {"tls": a.tls, "credentials": a.auth or a.token}
    if a.tls or a.token:
        certificate(folder)
    if a.tls:
        config.append("  tls: {certificate: %s/ca.pem, key: %s/key.pem}" % (folder, folder))
    if a.auth:
        user, _, password = a.auth.partition(":")
        with open(folder + "/htpasswd", "wb") as f:
            f.write(subprocess.run(["htpasswd", "-Bbn", user, password], stdout=subprocess.PIPE, check=True).stdout)
        config += ["auth:", "  htpasswd: {realm: test, path: %s/htpasswd}" % folder]
    if a.token:
        service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TokenService)
        service.folder, service.credentials = folder, a.token
        threading.Thread(target=service.serve_forever, daemon=True).start()
        settings["realm"] = "http://127.0.0.1:%d/token" % service.server_port
        config += ["auth:", "  token: {realm: '%s', service: %s, issuer: %s, rootcertbundle: %s/ca.pem}" % (settings["realm"], SERVICE, ISSUER, folder)]
    with open(folder + "/config.yml", "w") as f:
        f.write("\n".join(config) + "\n")
    child = subprocess.Popen(["docker-registry", "serve", folder + "/config.yml"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             env=dict(os.environ, OTEL_TRACES_EXPORTER="none"))
    signal.signal(signal.SIGTERM, lambda *_: (child.terminate(), sys.exit(0)))
    with open(folder + "/log", "w") as log:
        for line in child.stdout:
            log.write(line)
            log.flush()
            found = re.search(r"listening on (127\.0\.0\.1:\d+)", line)
            if found:
                settings["address"] = found.group(1)
                with open(folder + "/settings.json", "w") as f:
                    json.dump(settings, f)
                with open(folder + "/address.new", "w") as f:
                    f.write(found.group(1))
                os.rename(folder + "/address.new", folder + "/address")


class Pusher:
    def __init__(self, folder, name):
        with open(folder + "/settings.json") as f:
            self.settings = json.load(f)
        self.name, self.headers = name, {}
        credentials = self.settings["credentials"]
        if credentials:
            self.headers["Authorization"] = "Basic " + base64.b64encode(credentials.encode()).decode()
        if "realm" in self.settings:
            query = urllib.parse.urlencode({"service": SERVICE, "scope": "repository:%s:pull,push" % name})
            request = urllib.request.Request(self.settings["realm"] + "?" + query, headers=self.headers)
            with urllib.request.urlopen(request) as answer:
                self.headers["Authorization"] = "Bearer " + json.load(answer)["token"]
        self.tls = ssl.create_default_context(cafile=folder + "/ca.pem") if self.settings["tls"] else None

    def send(self, method, path, body=b"", headers=None):
        address = self.settings["address"]
        connection = http.client.HTTPSConnection(address, context=self.tls) if self.tls else http.client.HTTPConnection(address)
        connection.request(method, path, body, {**self.headers, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit("%s %s: %d %s" % (method, path, answer.status, text[:300]))
        return answer

    def blob(self, data, digest):
        url = urllib.parse.urlparse(self.send("POST", "/v2/%s/blobs/uploads/" % self.name).getheader("Location"))
        self.send("PUT", url.path + "?" + (url.query + "&" if url.query else "") + "digest=" + digest, data, {"Content-Type": "application/octet-stream"})

    def manifest(self, data, reference, media_type):
        self.send("PUT", "/v2/%s/manifests/%s" % (self.name, reference), data, {"Content-Type": media_type})


def push(a):
    name, _, tag = a.name.rpartition(":")
    pusher = Pusher(a.dir, name)
    blob = lambda digest: open(a.layout + "/blobs/" + digest.replace(":", "/"), "rb").read()

    def upload(descriptor, references):
        data = blob(descriptor["digest"])
        document = json.loads(data)
        for child in document.get("manifests", []):
            upload(child, [])
        for part in document.get("layers", []) + ([document["config"]] if "config" in document else []):
            pusher.blob(blob(part["digest"]), part["digest"])
        for reference in references + [descriptor["digest"]]:
            pusher.manifest(data, reference, descriptor["mediaType"])

    with open(a.layout + "/index.json") as f:
        index = json.load(f)["manifests"]
    for i, descriptor in enumerate(index):
        upload(descriptor, [tag] if i == 0 else [])
    print(index[0]["digest"])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="command", required=True)
    s = sub.add_parser("serve")
    s.add_argument("dir")
    s.add_argument("--auth")
    s.add_argument("--token")
    s.add_argument("--tls", action="store_true")
    s = sub.add_parser("push")
    s.add_argument("dir")
    s.add_argument("layout")
    s.add_argument("name")
    a = p.parse_args()
    serve(a) if a.command == "serve" else push(a)


if __name__ == "__main__":
    main()
