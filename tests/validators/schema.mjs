// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON Schema, with formats looked at.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import formats2019 from 'ajv-formats-draft2019'

const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules')

/// A file of a package, as JSON. path: "@cyclonedx/cyclonedx-library/res/schema/..."
export function schemaOf(path) {
  return JSON.parse(readFileSync(join(modules, path), 'utf8').replace(/^\uFEFF/, ''))
}

/// A function from a value to its faults. others: schemas that this one refers to, by the URL it does so with.
export function validator(schema, others = {}) {
  const Kind = String(schema.$schema).includes('2020-12') ? Ajv2020 : Ajv
  const ajv = new Kind({ allErrors: true, strict: false, validateFormats: true })
  formats(ajv)
  formats2019(ajv)
  for (const [url, other] of Object.entries(others)) ajv.addSchema(other, url)
  const valid = ajv.compile(schema)
  return value => valid(value) ? [] : valid.errors.map(e => `${e.instancePath || '/'}: ${e.message} ${JSON.stringify(e.params)}`)
}
