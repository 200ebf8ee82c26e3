// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// node yaml.mjs FILE: its YAML as JSON.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

console.log(JSON.stringify(parse(readFileSync(process.argv[2], 'utf8'))))
