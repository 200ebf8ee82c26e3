#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Posts layers to servers from many threads, whatever happens to those, and remembers which were acknowledged.

    layer_storm.py post ACKS PREFIX COUNT LAYER.tar URL...   PREFIX0 (the base), PREFIX1, ... each on top of the base; a line in ACKS for each 201.
                                                             Connections that break and answers of 5xx are tried again for 60 seconds.
                                                             Prints how many answers of each status there were, 0 = a connection that broke
    layer_storm.py check ACKS URL...                         every acknowledged layer is there, on every server, with packages
An answer that is not JSON in the API's shape, or one that takes longer than 30 seconds, is a failure."""
import collections
import http.client
import json
import sys
import threading
import time
import urllib.parse


def ask(url, method, path, body=None):
    """-> status, document; 0 where the connection broke."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text)
    except TimeoutError:
        sys.exit("no answer to %s %s within 30 s" % (method, path))
    except (ConnectionError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


def post(acks, prefix, count, path, urls):
    statuses, lock, out = collections.Counter(), threading.Lock(), open(acks, "a")
    until = time.monotonic() + 60
    failures = []

    def one(name, parent, server):
        body = json.dumps({"Layer": {"Name": name, "Path": path, "ParentName": parent, "Format": "Docker"}})
        while time.monotonic() < until:
            status, document = ask(urls[server % len(urls)], "POST", "/v1/layers", body)
            with lock:
                statuses[status] += 1
                if status == 201:
                    out.write(name + "\n")
                    out.flush()
                    return
                if status and status < 500 or status and "Error" not in document:
                    failures.append("%s: %d %s" % (name, status, document))
                    return
            server += 1                                  # a client behind a balancer comes to another node
            time.sleep(0.05)
        failures.append("%s: not acknowledged within 60 s" % name)

    one(prefix + "0", "", 0)
    numbers = iter(range(1, count))

    def work(server):
        while True:
            with lock:
                i = next(numbers, None)
            if i is None:
                return
            one(prefix + str(i), prefix + "0", server)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(json.dumps(statuses))
    if failures:
        sys.exit("\n".join(failures[:5]))


def check(acks, urls):
    names = open(acks).read().split()
    for url in urls:
        for name in names:
            status, document = ask(url, "GET", "/v1/layers/" + name + "?features")
            if status != 200 or not document["Layer"].get("Features"):
                sys.exit("%s was acknowledged, and %s answers %d %s" % (name, url, status, document))
    print(len(names))


if sys.argv[1] == "post":
    post(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5], sys.argv[6:])
else:
    check(sys.argv[2], sys.argv[3:])
