#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Folders to a container image: an OCI layout, an OCI archive or what `docker save` writes. Deterministic, standard library only.

    make_image.py OUT LAYER... [options]

A LAYER is a folder whose content is the layer, or a .tar file that is taken as it is. In a folder
  .wh.NAME and .wh..wh..opq   are whiteouts, as in any layer;
  everything belongs to root and has the date 0, so that equal folders give equal digests.

    --form oci-dir | oci-archive | docker-archive    (oci-dir)
    --compression gzip | zstd | none                 of all layers, or a comma list, one each (gzip); docker-archive: always none
    --history TEXT      the command of a layer; once a layer, in order; "-TEXT" is a step without a layer, where it stands
    --platform os/arch  (linux/amd64)      --tag NAME (none)
    --no-history        leaves the history out
    --break digest | size | missing-layer | truncate   spoils the last layer in that way
Prints the digest of the manifest (docker-archive: of the config) and the diff id of each layer, one a line.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tar_of(folder):
    """A folder as a tar: sorted, owned by root, dated 0."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for base, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(folders + files):
                path = os.path.join(base, name)
                info = tar.gettarinfo(path, os.path.relpath(path, folder))
                info.uid = info.gid = info.mtime = 0
                info.uname = info.gname = ""
                if info.isreg():
                    with open(path, "rb") as f:
                        tar.addfile(info, f)
                else:
                    tar.addfile(info)
    return out.getvalue()


def pack(data, how):
    if how == "gzip":
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as f:
            f.write(data)
        return out.getvalue()
    if how == "zstd":
        return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


MEDIA = {"gzip": "application/vnd.oci.image.layer.v1.tar+gzip", "zstd": "application/vnd.oci.image.layer.v1.tar+zstd",
         "none": "application/vnd.oci.image.layer.v1.tar"}


def as_json(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def history_of(commands, layers, wanted):
    if not wanted:
        return {}
    steps, made = [], 0
    for text in commands:
        steps.append({"created": "1970-01-01T00:00:00Z", "created_by": text.lstrip("-")})
        if text.startswith("-"):
            steps[-1]["empty_layer"] = True
        else:
            made += 1
    steps += [{"created": "1970-01-01T00:00:00Z", "created_by": "COPY layer%d / # buildkit" % (i + 1)} for i in range(made, layers)]
    return {"history": steps}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("layers", nargs="*")
    p.add_argument("--form", default="oci-dir", choices=["oci-dir", "oci-archive", "docker-archive"])
    p.add_argument("--compression", default="gzip")
    p.add_argument("--history", action="append", default=[])
    p.add_argument("--no-history", action="store_true")
    p.add_argument("--platform", default="linux/amd64")
    p.add_argument("--tag")
    p.add_argument("--break", dest="spoil", choices=["digest", "size", "missing-layer", "truncate"])
    a = p.parse_args()

    tars = [open(x, "rb").read() if os.path.isfile(x) else tar_of(x) for x in a.layers]
    hows = a.compression.split(",")
    hows += hows[-1:] * (len(tars) - len(hows))
    if a.form == "docker-archive":
        hows = ["none"] * len(tars)
    blobs = [pack(t, h) for t, h in zip(tars, hows)]
    system, arch = a.platform.split("/")[:2]
    config = as_json({"architecture": arch, "os": system, "config": {}, "rootfs": {"type": "layers", "diff_ids": [sha256(t) for t in tars]},
                      **history_of(a.history, len(tars), not a.no_history)})
    digests, sizes = [sha256(b) for b in blobs], [len(b) for b in blobs]
    if a.spoil == "digest":
        blobs[-1] = pack(tars[-1] + b"\0" * 512, hows[-1])
    if a.spoil == "size":
        sizes[-1] += 1
    if a.spoil == "truncate":
        blobs[-1] = blobs[-1][:len(blobs[-1]) // 2]
    stored = dict(zip(digests, blobs))
    if a.spoil == "missing-layer":
        del stored[digests[-1]]

    if a.form == "docker-archive":
        name = lambda d: d.split(":")[1]
        files = {name(sha256(config)) + ".json": config}
        files.update({name(d) + "/layer.tar": b for d, b in stored.items()})
        files["manifest.json"] = as_json([{"Config": name(sha256(config)) + ".json", "RepoTags": [a.tag] if a.tag else None,
                                           "Layers": [name(d) + "/layer.tar" for d in digests]}])
        top = sha256(config)
    else:
        manifest = as_json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": sha256(config), "size": len(config)},
                            "layers": [{"mediaType": MEDIA[h], "digest": d, "size": s} for h, d, s in zip(hows, digests, sizes)]})
        top = sha256(manifest)
        entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": top, "size": len(manifest),
                 "platform": {"os": system, "architecture": arch}}
        if a.tag:
            entry["annotations"] = {"org.opencontainers.image.ref.name": a.tag}
        stored.update({sha256(config): config, top: manifest})
        files = {"blobs/" + d.replace(":", "/"): b for d, b in stored.items()}
        files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
        files["index.json"] = as_json({"schemaVersion": 2, "manifests": [entry]})

    if a.form == "oci-dir":
        for path, data in files.items():
            path = os.path.join(a.out, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(data)
    else:
        with tarfile.open(a.out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path, data in sorted(files.items()):
                info = tarfile.TarInfo(path)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    print(top)
    for t in tars:
        print(sha256(t))


if __name__ == "__main__":
    main()
