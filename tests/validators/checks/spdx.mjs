// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { PackageURL } from 'packageurl-js'

// No package of npm or Debian 12 carries SPDX's own schema or reader.
export const source = 'a check of our own: what SPDX 2.2 and 2.3 require of the fields that we write'

/// Tags and values to the form that JSON has.
function fromTags(text) {
  const out = { packages: [], relationships: [], creationInfo: { creators: [] } }
  const fields = {
    SPDXVersion: 'spdxVersion', DataLicense: 'dataLicense', DocumentName: 'name', DocumentNamespace: 'documentNamespace', DocumentComment: 'comment',
    PackageVersion: 'versionInfo', PackageSupplier: 'supplier', PackageDownloadLocation: 'downloadLocation', PackageSourceInfo: 'sourceInfo',
    PackageLicenseConcluded: 'licenseConcluded', PackageLicenseDeclared: 'licenseDeclared', PackageCopyrightText: 'copyrightText', PackageSummary: 'summary',
    PrimaryPackagePurpose: 'primaryPackagePurpose'
  }
  let at = out
  for (const line of text.split('\n').filter(Boolean)) {
    const [, tag, raw] = /^([A-Za-z]+): (.+)$/.exec(line) ?? []
    if (!tag) throw new Error(`neither tag nor value: ${line}`)
    const bracket = /^<text>(.*)<\/text>$/.exec(raw)
    const value = bracket ? bracket[1] : raw
    if (tag === 'PackageName') out.packages.push(at = { name: value, externalRefs: [], attributionTexts: [], checksums: [] })
    else if (tag === 'SPDXID') at.SPDXID = value
    else if (tag === 'Creator') out.creationInfo.creators.push(value)
    else if (tag === 'Created') out.creationInfo.created = value
    else if (tag === 'FilesAnalyzed') at.filesAnalyzed = value === 'true'
    else if (tag === 'PackageChecksum') at.checksums.push({ algorithm: value.split(': ')[0], checksumValue: value.split(': ')[1] })
    else if (tag === 'PackageAttributionText') at.attributionTexts.push(value)
    else if (tag === 'ExternalRef') at.externalRefs.push(Object.fromEntries(value.split(' ').map((word, i) => [['referenceCategory', 'referenceType', 'referenceLocator'][i], word])))
    else if (tag === 'Relationship') out.relationships.push(Object.fromEntries(value.split(' ').map((word, i) => [['spdxElementId', 'relationshipType', 'relatedSpdxElement'][i], word])))
    else if (fields[tag]) at[fields[tag]] = value
    else throw new Error(`unknown tag ${tag}`)
  }
  return out
}

export function check(text) {
  const document = text.startsWith('{') ? JSON.parse(text) : fromTags(text)
  const faults = []
  const need = (what, good) => { if (!good) faults.push(what) }
  const version = /^SPDX-(2\.[23])$/.exec(document.spdxVersion)?.[1]
  need('spdxVersion', version)
  need('dataLicense', document.dataLicense === 'CC0-1.0')
  need('SPDXID of the document', document.SPDXID === 'SPDXRef-DOCUMENT')
  need('name', document.name)
  need('documentNamespace: an absolute URI without a fragment', URL.canParse(document.documentNamespace) && !document.documentNamespace.includes('#'))
  need('created', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(document.creationInfo?.created))
  need('creators', document.creationInfo.creators.length > 0 && document.creationInfo.creators.every(one => /^Tool: \S+-\S+$/.test(one)))
  const ids = new Set([document.SPDXID])
  for (const one of document.packages) {
    const fault = (what, good) => need(`${one.SPDXID}: ${what}`, good)
    fault('id', /^SPDXRef-[A-Za-z0-9.-]+$/.test(one.SPDXID) && !ids.has(one.SPDXID))
    ids.add(one.SPDXID)
    fault('name', one.name)
    fault('versionInfo is empty', one.versionInfo === undefined || one.versionInfo !== '')
    for (const field of ['downloadLocation', 'licenseConcluded', 'licenseDeclared', 'copyrightText', 'supplier']) fault(field, one[field] === 'NOASSERTION')
    fault('filesAnalyzed', one.filesAnalyzed === false)
    fault('purpose', version === '2.2' ? one.primaryPackagePurpose === undefined : ['CONTAINER', 'OPERATING-SYSTEM', 'LIBRARY'].includes(one.primaryPackagePurpose))
    for (const { algorithm, checksumValue } of one.checksums ?? []) fault('checksum', algorithm === 'SHA256' && /^[0-9a-f]{64}$/.test(checksumValue))
    for (const ref of one.externalRefs ?? []) {
      fault('category', ref.referenceCategory === (version === '2.2' ? 'PACKAGE_MANAGER' : 'PACKAGE-MANAGER') && ref.referenceType === 'purl')
      PackageURL.fromString(ref.referenceLocator)
    }
  }
  const kinds = new Set()
  for (const one of document.relationships) {
    need(`relationship of ${one.spdxElementId} to ${one.relatedSpdxElement}`, ids.has(one.spdxElementId) && ids.has(one.relatedSpdxElement))
    kinds.add(one.relationshipType)
  }
  need('a document that describes something', document.packages.length === 0 || kinds.has('DESCRIBES'))
  const contained = new Set(document.relationships.map(one => one.relatedSpdxElement))
  for (const id of ids) need(`${id}: in nothing`, id === document.SPDXID || contained.has(id))
  return faults
}
