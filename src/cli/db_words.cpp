// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/db_words.h"

#include "cli/progress.h"

namespace eclair::cli {

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return with_commas(n) + " " + std::string(n == 1 ? one : many);
}

std::string summary_line(std::string_view feed, const store::ImportSummary& summary) {
  std::string out = "imported " + std::string(feed) + ": " + counted(summary.rows, "row", "rows") + ", " +
                    counted(summary.vulnerabilities, "vulnerability", "vulnerabilities");
  if (summary.unchanged) {
    out += ", unchanged";
  } else if (summary.changed + summary.closed > 0) {
    out += " (" + with_commas(summary.added) + " new, " + with_commas(summary.changed) + " changed, " + with_commas(summary.closed) + " gone)";
  }
  if (summary.bad_records > 0) {
    out += ", " + counted(summary.bad_records, "record", "records") + " dropped";
    if (!summary.bad.empty()) out += " (first: " + summary.bad.front() + ")";
  }
  return out;
}

Result<> write_outputs(const Invocation& call, const std::vector<Output>& outputs, const std::string& table, const std::string& json) {
  for (const Output& output : outputs) {
    const std::string& text = output.format == "json" ? json : table;
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return {};
}

void write_strings(json::Writer& w, std::string_view key, const std::vector<std::string>& list) {
  w.key(key).begin_array();
  for (const std::string& one : list) w.string(one);
  w.end_array();
}

void write_or_null(json::Writer& w, std::string_view key, std::string_view value) {
  w.key(key);
  if (value.empty()) {
    w.null();
  } else {
    w.string(value);
  }
}

void write_time(json::Writer& w, std::string_view key, UnixTime t) { write_or_null(w, key, t == 0 ? std::string() : rfc3339(t)); }

}  // namespace eclair::cli
