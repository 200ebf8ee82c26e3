// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { schemaOf, validator } from '../schema.mjs'

const multitool = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/@microsoft/sarif-multitool-linux')
export const source = "the SARIF 2.1.0 schema and the rules of Microsoft's validator, those of GitHub among them (@microsoft/sarif-multitool-linux), and GitHub's limits (ours)"

// Advice that does not fit: there are no version control, code snippets and file hashes in an image, and no web page of the tool.
const advice = new Set(['SARIF2003', 'SARIF2006', 'SARIF2007', 'SARIF2010', 'SARIF2011', 'SARIF2013', 'Warning_ProvideToolnformationUri'])

function multitoolFaults(file) {
  const out = mkdtempSync(join(tmpdir(), 'sarif-'))
  try {
    chmodSync(join(multitool, 'Sarif.Multitool'), 0o755)
    const result = join(out, 'result.sarif')
    try {
      execFileSync(join(multitool, 'Sarif.Multitool'), ['validate', file, '--rule-kind', 'Sarif;Ghas', '--output', result, '--log', 'ForceOverwrite', '--quiet'],
        { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_BUNDLE_EXTRACT_BASE_DIR: out }, stdio: 'pipe' })
    } catch (error) {
      if (error.code === 'ENOENT') throw error  // a fault of the file also is an exit code
    }
    const run = JSON.parse(readFileSync(result, 'utf8').replace(/^\uFEFF/, '')).runs[0]
    const faults = (run.invocations ?? []).flatMap(one => one.toolExecutionNotifications ?? []).map(one => `multitool: ${one.message?.text}`)
    for (const one of run.results ?? []) {
      if (!advice.has(one.ruleId) && !advice.has(one.message.id)) faults.push(`${one.ruleId} ${one.level ?? 'warning'}: ${one.message.id} ${(one.message.arguments ?? []).join(', ')}`)
    }
    return faults
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

// docs.github.com, "SARIF support for code scanning": limits, and what must not be empty.
function limits(log) {
  const faults = []
  if (log.runs.length > 20) faults.push('more than 20 runs')
  for (const run of log.runs) {
    const { rules } = run.tool.driver
    if (run.results.length > 25000) faults.push('more than 25,000 results')
    if (rules.length > 25000) faults.push('more than 25,000 rules')
    for (const rule of rules) {
      for (const [what, text] of [['shortDescription', rule.shortDescription.text], ['fullDescription', rule.fullDescription.text]]) {
        if (!text || text.length > 1024) faults.push(`${rule.id}: ${what} has ${text.length} characters`)
      }
      if (!rule.help.text) faults.push(`${rule.id}: no help`)
      if (rule.id.length > 255 || rule.name.length > 255) faults.push(`${rule.id}: id or name longer than 255`)
      if (rule.properties.tags.length > 20) faults.push(`${rule.id}: more than 20 tags`)
      const score = rule.properties['security-severity']
      if (typeof score !== 'string' || !(Number(score) >= 0 && Number(score) <= 10)) faults.push(`${rule.id}: security-severity ${score}`)
    }
    const prints = new Set()
    for (const one of run.results) {
      if (rules[one.ruleIndex]?.id !== one.ruleId) faults.push(`result of ${one.ruleId}: another rule at ${one.ruleIndex}`)
      const place = one.locations[0].physicalLocation
      if (!place.artifactLocation.uri || /^(\/|[a-z]+:)/.test(place.artifactLocation.uri)) faults.push(`uri ${place.artifactLocation.uri} is not relative`)
      for (const number of ['startLine', 'startColumn', 'endLine', 'endColumn']) if (!(place.region[number] >= 1)) faults.push(`no ${number}`)
      const print = one.partialFingerprints.primaryLocationLineHash
      if (!print || prints.has(print)) faults.push(`fingerprint ${print} is missing or twice`)
      prints.add(print)
    }
  }
  return faults
}

export function check(text, file) {
  const log = JSON.parse(text)
  const faults = validator(schemaOf('@microsoft/sarif-multitool-linux/sarif-2.1.0.json'))(log)
  if (faults.length === 0) faults.push(...multitoolFaults(file))
  return faults.length > 0 ? faults : limits(log)
}
