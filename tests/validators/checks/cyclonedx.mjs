// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { PackageURL } from 'packageurl-js'
import { schemaOf, validator } from '../schema.mjs'

const folder = '@cyclonedx/cyclonedx-library/res/schema/'
const others = Object.fromEntries(['spdx', 'jsf-0.82', 'cryptography-defs'].map(name => {
  const file = `${name}.SNAPSHOT.schema.json`
  return [`http://cyclonedx.org/schema/${file}`, schemaOf(folder + file)]
}))
export const source = 'the CycloneDX schema of its version (@cyclonedx/cyclonedx-library), and references that must lead somewhere (ours)'

export function check(text) {
  const bom = JSON.parse(text)
  if (!['1.4', '1.5', '1.6', '1.7'].includes(bom.specVersion)) return [`specVersion ${bom.specVersion}`]
  const faults = validator(schemaOf(`${folder}bom-${bom.specVersion}.SNAPSHOT.schema.json`), others)(bom)

  // What a schema cannot say: references are unique, and lead to something of this document or are links to another one.
  const refs = new Set()
  const seen = ref => { if (refs.has(ref)) faults.push(`bom-ref ${ref} twice`); refs.add(ref) }
  if (bom.metadata?.component?.['bom-ref']) seen(bom.metadata.component['bom-ref'])
  for (const one of bom.components ?? []) seen(one['bom-ref'])
  const leads = ref => refs.has(ref) || ref.startsWith('urn:cdx:')
  for (const one of bom.dependencies ?? []) {
    for (const ref of [one.ref, ...(one.dependsOn ?? [])]) if (!leads(ref)) faults.push(`dependency on ${ref}, which is nothing here`)
  }
  for (const one of bom.vulnerabilities ?? []) {
    if (one['bom-ref']) seen(one['bom-ref'])
    for (const { ref } of one.affects ?? []) if (!leads(ref)) faults.push(`${one.id} affects ${ref}, which is nothing here`)
  }
  for (const { purl } of [bom.metadata?.component ?? {}, ...(bom.components ?? [])]) if (purl) PackageURL.fromString(purl)
  return faults
}
