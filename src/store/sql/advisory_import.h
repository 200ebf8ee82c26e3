// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/interface.h"

namespace eclair::store::sql {

/// An import into the advisories at a place (sql/open.h). Rows are staged outside the database; commit() is the transaction.
/// committed: called once the transaction is through.
std::unique_ptr<AdvisoryStore::Import> make_import(std::string url, std::string feed, std::string origin, UnixTime at,
                                                   std::function<void()> committed);
/// Imports that share a transaction.
std::unique_ptr<AdvisoryStore::Batch> make_batch(std::string url, std::function<void()> committed);

}  // namespace eclair::store::sql
