// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/layer_schema.h"

#include "store/sqlite/layer_schema.h"

namespace eclair::store::sql {

const Schema kLayers = {.file = "layers.db", .sqlite = sqlite::kLayerMigrations};

}  // namespace eclair::store::sql
