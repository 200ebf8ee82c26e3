// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "store/interface.h"
#include "util/json_writer.h"
#include "util/time.h"

/// What the commands about advisory data have in common.
namespace eclair::cli {

std::string counted(std::uint64_t n, std::string_view one, std::string_view many);  ///< "1,204 rows"
std::string summary_line(std::string_view feed, const store::ImportSummary& summary);  ///< "imported debian: 40 rows, ..."
/// Each output in its format, to its file or standard output.
Result<> write_outputs(const Invocation& call, const std::vector<Output>& outputs, const std::string& table, const std::string& json);
/// Members of an object that is open.
void write_strings(json::Writer& w, std::string_view key, const std::vector<std::string>& list);
void write_or_null(json::Writer& w, std::string_view key, std::string_view value);  ///< "" is null
void write_time(json::Writer& w, std::string_view key, UnixTime t);                 ///< 0 is null

}  // namespace eclair::cli
