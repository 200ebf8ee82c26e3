#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a running server what its OpenAPI documents offer, with values that they allow and others that they do not.

    fuzz_api.py BASE SECONDS SEED DOCUMENT.json... [--hint VALUE]...

Every answer must come within ten seconds, have a status that the document lists for the operation, and not be 500; JSON must be JSON. Hints are
values that mean something to the server: names of layers, URLs. Prints the seed, and how many requests had which status; ends with 1 when
an answer was wrong, with the request.
"""
import collections
import http.client
import json
import random
import sys
import time
import urllib.parse

ODD = ["", " ", "\x00", "a" * 300, "../..", "%", "%2F", "a/b", "\u00e9\u4e2d\U0001f600", "\ud800", "None", "#MINV#", "#MAXV#", "0", "-1", "1:2-3", "null",
       "9" * 40, "<script>&", "'; DROP TABLE layer; --", "${jndi:ldap://x}", "{{7*7}}", "high", "HIGH"]
ODD_JSON = [None, True, -1, 1e308, 2**70, "", [], {}, [[]], {"a": {}}, "x" * 2000]


class Fuzzer:
    def __init__(self, seed, hints):
        self.random, self.hints, self.schemas, self.tokens = random.Random(seed), hints or ["a"], {}, []

    def text(self):
        kind = self.random.random()
        if kind < 0.5:
            return self.random.choice(self.hints)
        if kind < 0.6 and self.tokens:
            return self.random.choice(self.tokens)
        if kind < 0.9:
            return self.random.choice(ODD)
        return "".join(chr(self.random.choice([self.random.randrange(32, 127), self.random.randrange(0x2000)])) for _ in range(self.random.randrange(30)))

    def value(self, schema, depth=0):
        if self.random.random() < 0.07:
            return self.random.choice(ODD_JSON)
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], depth)
        if "oneOf" in schema:
            return self.value(self.random.choice(schema["oneOf"]), depth)
        if "enum" in schema and self.random.random() < 0.8:
            return self.random.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            out = {}
            for name, one in schema.get("properties", {}).items():
                if self.random.random() < 0.8 and depth < 6:
                    out[name if self.random.random() < 0.9 else name.swapcase()] = self.value(one, depth + 1)
            if "additionalProperties" in schema:
                for _ in range(self.random.randrange(3)):
                    out[self.text()] = self.text()
            return out
        if kind == "array":
            return [self.value(schema["items"], depth + 1) for _ in range(self.random.choice([0, 1, 1, 2, 5]))] if depth < 6 else []
        if kind == "integer":
            return self.random.choice([0, 1, 2, 3, 100, -1, 10**12, "x"])
        if kind == "boolean":
            return self.random.random() < 0.5
        return self.text()

    def body(self, schema):
        text = json.dumps(self.value(schema), ensure_ascii=self.random.random() < 0.5).encode("utf-8", "surrogatepass")
        kind = self.random.random()
        if kind < 0.05:
            return text[: self.random.randrange(len(text) + 1)]
        if kind < 0.1:
            at = self.random.randrange(len(text) + 1)
            return text[:at] + bytes([self.random.randrange(256)]) + text[at:]
        if kind < 0.12:
            return b"[" * 100000
        if kind < 0.13:
            return text + b" " * (2 << 20)
        return text

    def request(self, method, path, operation):
        quoted = lambda text: urllib.parse.quote(text.encode("utf-8", "surrogatepass"), safe="")
        query, headers = [], {}
        for param in operation.get("parameters", []):
            if param["in"] == "path":
                path = path.replace("{%s}" % param["name"], quoted(self.text()) or "x")
            elif self.random.random() < 0.7:
                value = self.value(param["schema"])
                query.append(param["name"] + ("" if value in ("", None) else "=" + quoted(str(value))))
        target = path + ("?" + "&".join(query) if query else "")
        body = None
        if "requestBody" in operation:
            body = self.body(operation["requestBody"]["content"]["application/json"]["schema"])
        if self.random.random() < 0.3:
            headers["Accept-Encoding"] = "identity"
        return method.upper(), target, body, headers


def main():
    arguments, hints = sys.argv[1:], []
    while "--hint" in arguments:
        at = arguments.index("--hint")
        hints.append(arguments[at + 1])
        del arguments[at:at + 2]
    base, seconds, seed, documents = arguments[0], float(arguments[1]), int(arguments[2]), arguments[3:]
    print("seed %d" % seed)
    fuzzer, operations = Fuzzer(seed, hints), []
    for name in documents:
        with open(name, encoding="utf-8") as f:
            document = json.load(f)
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
                    continue  # it has no end
                operations.append((method, path, operation, document["components"]["schemas"]))
    host = urllib.parse.urlsplit(base).netloc
    seen, faults, end = collections.Counter(), 0, time.monotonic() + seconds
    unseen = {(method, path) for method, path, _, _ in operations}
    turn = 0
    while time.monotonic() < end or unseen:
        method, path, operation, fuzzer.schemas = operations[turn % len(operations)] if turn < len(operations) else fuzzer.random.choice(operations)
        turn += 1
        unseen.discard((method, path))
        verb, target, body, headers = fuzzer.request(method, path, operation)
        started, why = time.monotonic(), None
        try:
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.request(verb, target, body, headers)
            answer = connection.getresponse()
            status, kind, text = answer.status, answer.getheader("Content-Type", ""), answer.read()
            connection.close()
            seen[status] += 1
            if status >= 500 and not (status == 502 and "502" in operation["responses"]):  # another server's fault
                why = "status %d" % status
            elif str(status) not in operation["responses"]:
                why = "status %d is not in the document" % status
            elif "json" in kind:
                root = json.loads(text)
                if isinstance(root, dict):
                    fuzzer.tokens += [root[k] for k in ("NextPage", "next_page") if k in root]
                    page = root.get("Notification", {})
                    fuzzer.tokens += [page[k] for k in ("Page", "NextPage") if k in page]
                    del fuzzer.tokens[:-20]
        except (OSError, http.client.HTTPException, ValueError) as e:
            why = "%s: %s after %.1f s" % (type(e).__name__, e, time.monotonic() - started)
        if why:
            faults += 1
            print("%s\n  %s %s\n  %r" % (why, verb, target, body if body is None else body[:2000]))
            if faults == 10:
                break
    print("%d requests: %s" % (sum(seen.values()), ", ".join("%d times %d" % (n, s) for s, n in sorted(seen.items()))))
    sys.exit(1 if faults else 0)


main()
