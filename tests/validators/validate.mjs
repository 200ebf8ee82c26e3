// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// node validate.mjs CHECK FILE...: whether each file is valid by CHECK, a file checks/CHECK.mjs. Prints what is wrong; exit 1 if anything is.
//   A check exports  source: who says so, in words ("bom-1.6.schema.json of @cyclonedx/cyclonedx-library"; "ours" where it is our own)
//                    check(text, file): the faults as an array of texts, or a promise of one
// Checks use what package.json names, which `./dev test` installs, and nothing of the network.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'checks')
const known = readdirSync(folder).filter(name => name.endsWith('.mjs')).map(name => name.slice(0, -4)).sort()
const [name, ...files] = process.argv.slice(2)
if (!known.includes(name) || files.length === 0) {
  console.error(`usage: validate.mjs CHECK FILE...; checks: ${known.join(' ')}`)
  process.exit(2)
}
const { check, source } = await import(join(folder, name + '.mjs'))
let bad = false
for (const file of files) {
  let faults
  try {
    faults = await check(readFileSync(file, 'utf8'), file)
  } catch (error) {
    faults = [String(error.message ?? error)]
  }
  for (const fault of faults.slice(0, 10)) console.log(`${file}: ${fault}`)
  if (faults.length > 10) console.log(`${file}: ${faults.length - 10} more`)
  if (faults.length > 0) console.log(`${file}: not valid by ${source}`)
  bad ||= faults.length > 0
}
process.exit(bad ? 1 : 0)
