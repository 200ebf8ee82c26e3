// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/layer_schema.h"

#include "store/postgres/layer_schema.h"
#include "store/sqlite/layer_schema.h"

namespace eclair::store::sql {

const Schema kLayers = {.file = "layers.db", .sqlite = sqlite::kLayerMigrations, .schema = "eclair_layers", .lock = 2, .postgres = postgres::kLayerMigrations};

}  // namespace eclair::store::sql
