#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""check_schema.py SCHEMA DOCUMENT...: whether each document is valid, and whether it has no member that the schema does not name."""
import json
import sys

import jsonschema


def walk(schema, root, value, path, unknown):
    """Collects members of `value` that no part of the schema describes."""
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        return walk(target, root, value, path, unknown)
    for choice in schema.get("oneOf", []):
        if jsonschema.Draft7Validator({"definitions": root["definitions"], "allOf": [choice]}).is_valid(value):
            walk(choice, root, value, path, unknown)
    if isinstance(value, dict) and schema.get("type") == "object":
        named, more = schema.get("properties", {}), schema.get("additionalProperties")
        for key, member in value.items():
            if key in named:
                walk(named[key], root, member, path + "." + key, unknown)
            elif isinstance(more, dict):
                walk(more, root, member, path + "." + key, unknown)
            elif named:
                unknown.append(path + "." + key)
    if isinstance(value, list) and "items" in schema:
        for i, member in enumerate(value):
            walk(schema["items"], root, member, "%s[%d]" % (path, i), unknown)


def main():
    with open(sys.argv[1]) as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    bad = 0
    for name in sys.argv[2:]:
        with open(name) as f:
            document = json.load(f)
        errors = list(jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(document))
        for error in errors[:5]:
            inner = jsonschema.exceptions.best_match([error])
            print("%s: %s: %s" % (name, "/".join(map(str, inner.absolute_path)), inner.message[:300]))
        unknown = []
        walk(schema, schema, document, "", unknown)
        for one in unknown[:5]:
            print("%s: %s is not in the schema" % (name, one))
        bad += bool(errors or unknown)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
