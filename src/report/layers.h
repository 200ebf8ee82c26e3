// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/report.h"

/// What each layer of an image brought and took away. Uses image, inventory and tool of a Report. Pure.
namespace eclair::report {

/// " (3 of base image debian:12-slim)", for a line that tells the number of layers; "" where no base is known.
std::string base_words(const Report& report);

/// A row for each step of the history, oldest first; view.list_packages: with the packages below it, "+" added, "-" removed.
std::string render_layers_table(const Report& report, const View& view);
/// {"schema_version", "tool", "target", "layers": [{..., "added": [package], "removed": [package], "files": [file]}], "notes"}
std::string render_layers_json(const Report& report);

}  // namespace eclair::report
