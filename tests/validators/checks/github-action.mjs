// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { faultsOfAction } from '../actions.mjs'

export const source = '@actions/workflow-parser, GitHub'
export const check = faultsOfAction
