// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
import { faultsOfWorkflow } from '../actions.mjs'

export const source = '@actions/workflow-parser, GitHub'
export const check = faultsOfWorkflow
