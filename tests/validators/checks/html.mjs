// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Well-formed and accessible by html-validate; whole without the network; and its script, run in jsdom, filters and sorts.
import { createHash } from 'node:crypto'
import { HtmlValidate } from 'html-validate'
import { JSDOM } from 'jsdom'

export const source = 'html-validate, and jsdom with what a report must do (ours)'

const rules = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
  rules: { 'long-title': 'off', 'require-sri': 'off', 'no-inline-style': 'error' },
})

function resources(document) {
  const faults = []
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      const at = `<${element.localName} ${name}="${value.slice(0, 60)}">`
      if (/^on/.test(name)) faults.push(`${at}: a handler`)
      if (name === 'style') faults.push(`${at}: a style that the policy refuses`)
      if (/^(src|srcset|data|action|formaction|poster|background|ping|xlink:href)$/.test(name)) faults.push(`${at}: a resource`)
      if (name === 'href' && (element.localName !== 'a' || !/^(https?:\/\/|#)/.test(value))) faults.push(`${at}: not a link`)
    }
  }
  for (const name of ['link', 'img', 'iframe', 'object', 'embed', 'form', 'base', 'video', 'audio', 'picture', 'source']) {
    if (document.querySelector(name)) faults.push(`<${name}> is there`)
  }
  const style = document.querySelector('style').textContent
  if (/@import|url\(/.test(style)) faults.push('the style asks for something')
  return faults
}

function policy(document) {
  const content = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content ?? ''
  const rules = Object.fromEntries(content.split(';').map(one => one.trim().split(/\s+/)).map(([name, ...values]) => [name, values.join(' ')]))
  const digest = element => `'sha256-${createHash('sha256').update(element.textContent).digest('base64')}'`
  const faults = []
  if (rules['default-src'] !== "'none'") faults.push('default-src is not none')
  for (const [name, element] of [['style-src', 'style'], ['script-src', 'script']]) {
    const all = [...document.querySelectorAll(element)]
    if (all.length !== 1) faults.push(`${all.length} of <${element}>`)
    else if (rules[name] !== digest(all[0])) faults.push(`${name} is ${rules[name]}, and the digest is ${digest(all[0])}`)
  }
  if (rules['base-uri'] !== "'none'" || rules['form-action'] !== "'none'") faults.push('base-uri or form-action')
  return faults
}

// What people do with a page of findings.
function behaviour(text) {
  const faults = []
  const errors = []
  const dom = new JSDOM(text, { runScripts: 'dangerously' })
  const { document, Event } = dom.window
  dom.window.addEventListener('error', event => errors.push(String(event.error)))
  const is = (what, got, want) => { if (got !== want) faults.push(`${what}: ${got}, expected ${want}`) }
  for (const section of document.querySelectorAll('section')) {
    const table = section.querySelector('table.findings')
    if (!table) continue
    const rows = () => [...table.tBodies[0].rows]
    const all = rows().length
    const shown = () => rows().filter(row => !row.hidden)
    const output = section.querySelector('output')
    const search = section.querySelector('input[type=search]')
    const clear = section.querySelector('.filters button')
    is('filters are hidden', section.querySelector('.filters').hidden, false)
    is('at first shown', shown().length, all)
    is('said', output.textContent, `${all} of ${all} shown`)
    for (const tile of section.querySelectorAll('.tile')) {
      is('a tile is off', tile.disabled, false)
      const want = rows().filter(row => row.dataset.s === tile.dataset.s).length
      tile.click()
      is(`of severity ${tile.dataset.s}`, shown().length, want)
      is('pressed', tile.getAttribute('aria-pressed'), 'true')
      tile.click()
      is('again all', shown().length, all)
    }
    for (const button of section.querySelectorAll('.layers button')) {
      const want = rows().filter(row => row.dataset.l === button.dataset.l).length
      button.click()
      is(`of layer ${button.dataset.l}`, shown().length, want)
      button.click()
    }
    const fixable = section.querySelector('.fixable')
    fixable.click()
    is('fixable', shown().length, rows().filter(row => row.querySelector('td.x.f')).length)
    fixable.click()
    const first = rows()[0].querySelector('a').textContent
    search.value = first.toUpperCase()
    search.dispatchEvent(new Event('input'))
    is('searched', shown().every(row => row.textContent.includes(first)), true)
    is('found', shown().length > 0, true)
    search.value = 'no such thing anywhere'
    search.dispatchEvent(new Event('input'))
    is('not found', shown().length, 0)
    clear.click()
    is('after show all', shown().length, all)
    const heads = [...table.tHead.rows[0].cells]
    heads.forEach((head, column) => {
      const cell = row => (row.cells[column].querySelector('a') ?? row.cells[column]).textContent.trim()
      const key = row => column === 0 ? row.dataset.s : column === 5 ? row.dataset.l : cell(row)
      const compare = new Intl.Collator('en', { numeric: true }).compare
      for (let i = 0; i < 2; i++) {
        head.querySelector('button').click()
        const down = head.getAttribute('aria-sort') === 'descending'
        const keys = rows().map(key)
        is(`column ${column} sorted ${head.getAttribute('aria-sort')}`, keys.every((one, k) => k === 0 || compare(keys[k - 1], one) * (down ? -1 : 1) <= 0), true)
        is('rows kept', rows().length, all)
      }
    })
  }
  return [...faults, ...errors]
}

export async function check(text) {
  const report = await rules.validateString(text)
  const faults = report.results.flatMap(one => one.messages).map(one => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`)
  const { document } = new JSDOM(text).window
  faults.push(...resources(document), ...policy(document))
  return faults.length > 0 ? faults : behaviour(text)
}
