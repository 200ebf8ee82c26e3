// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import DOMPurify from 'dompurify'

// Without a browser the cleaner has no document to clean in; for parsing it is of no matter.
DOMPurify.sanitize = text => text
DOMPurify.addHook = () => {}
const { default: mermaid } = await import('mermaid')

export const source = "mermaid's parser"

/// A flowchart, or another diagram of Mermaid.
export async function check(text) {
  try {
    await mermaid.parse(text)
    return []
  } catch (error) {
    return [String(error.message ?? error).split('\n').slice(0, 3).join(' ')]
  }
}
