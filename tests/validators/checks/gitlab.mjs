// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// No package has GitLab's schema, so what it demands is written down here, from container-scanning-report-format.json 15.2.1 of
// gitlab-org/security-products/security-report-schemas: what must be there, types, lengths, words and patterns of the members that we write.
import { validator } from '../schema.mjs'

export const source = "GitLab's container scanning report format 15.2.1 (its demands, written down by us)"

const text = { type: 'string' }
const some = { type: 'string', minLength: 1 }
const object = (required, properties) => ({ type: 'object', required, properties })
const list = (items, more = {}) => ({ type: 'array', items, ...more })
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' }
const address = { type: 'string', pattern: '^(https?|ftp)://.+' }
const tool = object(['id', 'name', 'version', 'vendor'], { id: some, name: some, version: some, vendor: object(['name'], { name: some }) })

const two = 'AV:[NAL]|AC:[LMH]|Au:[MSN]|[CIA]:[NPC]|E:(U|POC|F|H|ND)|RL:(OF|TF|W|U|ND)|RC:(UC|UR|C|ND)|CDP:(N|L|LM|MH|H|ND)|TD:(N|L|M|H|ND)|[CIA]R:(L|M|H|ND)'
const three = 'AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH]'
const vector = (minLength, start, metrics) => object(['vendor', 'vector'], { vendor: some, vector: { type: 'string', minLength, maxLength: 128, pattern: `^${start}((${metrics})/)*(${metrics})$` } })

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...object(['scan', 'version', 'vulnerabilities'], {
    version: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
    schema: { type: 'string', pattern: '^https?://.+' },
    scan: object(['analyzer', 'end_time', 'scanner', 'start_time', 'status', 'type'], {
      analyzer: tool, scanner: tool, start_time: time, end_time: time,
      status: { enum: ['success', 'failure'] },
      type: { enum: ['container_scanning', 'container_scanning_for_registry'] },
      messages: list(object(['level', 'value'], { level: { enum: ['info', 'warn', 'fatal'] }, value: some })),
    }),
    vulnerabilities: list(object(['id', 'identifiers', 'location'], {
      id: some,
      name: { type: 'string', maxLength: 255 },
      description: { type: 'string', maxLength: 1048576 },
      solution: { type: 'string', maxLength: 7000 },
      severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
      identifiers: list(object(['type', 'name', 'value'], { type: some, name: some, value: some, url: address }), { minItems: 1 }),
      cvss_vectors: list({ oneOf: [vector(16, '', two), vector(32, 'CVSS:3[.][01]/', three)] }, { minItems: 1, maxItems: 10 }),
      links: list(object(['url'], { name: text, url: address })),
      flags: list(object(['type', 'origin', 'description'], { type: { enum: ['flagged-as-likely-false-positive'] }, origin: some, description: some })),
      location: object(['dependency', 'operating_system', 'image'], {
        dependency: object(['package', 'version'], { package: object(['name'], { name: text }), version: text, direct: { type: 'boolean' } }),
        operating_system: some, image: some, default_branch_image: { type: 'string', maxLength: 255 },
      }),
    })),
  }),
}
const faults = validator(schema)

export function check(text) {
  const report = JSON.parse(text)
  const out = faults(report)
  // What the schema only recommends, and GitLab relies on.
  const ids = report.vulnerabilities.map(one => one.id)
  if (new Set(ids).size !== ids.length) out.push('an id twice')
  for (const id of ids) if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) out.push(`id ${id} is no UUID`)
  return out
}
