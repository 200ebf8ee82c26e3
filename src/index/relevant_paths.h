// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/layer_record.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::index {

/// Of each layer's path list, the entries that can change what becomes of evidence: the paths of evidence in any layer, their parents,
/// the links among those, and wherever those links lead. Sorted by path within a layer; of one path the last entry, whiteouts apart.
/// Looks through every list a few times, holding nothing but the result. Lists that are damaged give nothing; `notes` says so.
std::vector<std::vector<PathEntry>> relevant_paths(const std::vector<const LayerRecord*>& records, const Limits& limits, std::vector<Note>& notes);

}  // namespace eclair::index
