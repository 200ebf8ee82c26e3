// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { PackageURL } from 'packageurl-js'

export const source = 'packageurl-js'

// The specification lets nothing but letters, digits, "-._~" and colons stand as they are. packageurl-js leaves some more, and encodes colons
// everywhere but in versions.
function alike(purl) {
  const plain = (text, also) => text.replace(new RegExp(`%(21|27|28|29|2A|2B${also})`, 'g'), triplet => decodeURIComponent(triplet))
  const [, name, version, qualifiers] = /^([^@?]*)(@[^?]*)?(.*)$/.exec(purl)
  return plain(name, '|3A') + plain(version ?? '', '') + plain(qualifiers, '|3A|7E')
}

/// Lines of JSON: {"purl", "type", "namespace"?, "name", "version"?, "qualifiers"?}: the purl must be read as those parts, and they must be written as it.
export function check(text) {
  const faults = []
  for (const line of text.split('\n').filter(Boolean)) {
    const { purl, ...want } = JSON.parse(line)
    try {
      const got = PackageURL.fromString(purl)
      for (const part of ['type', 'namespace', 'name', 'version']) {
        if ((got[part] ?? '') !== (want[part] ?? '')) faults.push(`${purl}: ${part} is read as ${JSON.stringify(got[part])}, not ${JSON.stringify(want[part])}`)
      }
      const sorted = object => JSON.stringify(Object.entries(object ?? {}).sort())
      if (sorted(got.qualifiers) !== sorted(want.qualifiers)) faults.push(`${purl}: qualifiers are read as ${sorted(got.qualifiers)}, not ${sorted(want.qualifiers)}`)
      if (alike(got.toString()) !== alike(purl)) faults.push(`${purl}: written by others as ${got}`)
    } catch (error) {
      faults.push(`${purl}: ${error.message}`)
    }
  }
  return faults
}
