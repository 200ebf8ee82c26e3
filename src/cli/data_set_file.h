// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cli/command.h"
#include "store/interface.h"
#include "util/byte_source.h"

/// The data set as a file: where it comes from and goes to.
namespace eclair::cli {

/// A place in a registry: "registry:HOST/NAME:TAG" or "docker://...".
bool is_registry_place(const std::string& place);

/// The file that `db import` names where no feed is said: a file, "-", an http(s) address, or a place in a registry.
/// errors: not_found, unavailable, limit, cancelled; those of image::pull_artifact.
Result<std::unique_ptr<ByteSource>> data_set_bytes(const Invocation& call, const std::string& place);

/// db import without --feed. Returns the exit code.
Result<int> import_data_set_file(const Invocation& call, const std::string& place);

}  // namespace eclair::cli
