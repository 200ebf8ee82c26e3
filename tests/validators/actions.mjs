// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// GitHub's own reader of workflows and actions. Its package imports JSON without saying so, which Node refuses: that is said for it here.
import { register } from 'node:module'

register('data:text/javascript,' + encodeURIComponent(`
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
export async function load(url, context, next) {
  if (!url.endsWith('.json')) return next(url, context)
  return { format: 'module', shortCircuit: true, source: 'export default ' + readFileSync(fileURLToPath(url), 'utf8') }
}`))
const { parseWorkflow, convertWorkflowTemplate } = await import('@actions/workflow-parser')
const { parseAction } = await import('@actions/workflow-parser/actions/index')
const { NoOperationTraceWriter } = await import('@actions/workflow-parser/templates/trace-writer')

const faults = result => result.context.errors.getErrors().map(String)

export function faultsOfAction(content, name) {
  return faults(parseAction({ name, content }, new NoOperationTraceWriter()))
}

export async function faultsOfWorkflow(content, name) {
  const result = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (result.value && faults(result).length === 0) await convertWorkflowTemplate(result.context, result.value)
  return faults(result)
}
