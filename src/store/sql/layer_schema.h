// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sql/open.h"

namespace eclair::store::sql {

/// The layers' database.
extern const Schema kLayers;

}  // namespace eclair::store::sql
