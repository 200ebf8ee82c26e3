// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/saved_report.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/db_words.h"
#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace saved_report_detail {

constexpr std::size_t kPiece = 64u << 10;

Result<std::string> read_input(const Cancel& stop) {
  std::string out, piece(kPiece, '\0');
  while (out.size() <= report::kMostSavedBytes) {  // more is refused by who reads it
    if (stop.requested()) return fail(Errc::cancelled, "interrupted");
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::unavailable, "cannot be read");
    if (got == 0) break;
    out.append(piece, 0, static_cast<std::size_t>(got));
  }
  return out;
}

Result<std::string> read_file(const std::string& place) {
  ECLAIR_TRY(const std::unique_ptr<FileSource> file, FileSource::open(place));
  return read_all(*file, report::kMostSavedBytes);
}

}  // namespace saved_report_detail

bool is_saved_report(const std::string& place) {
  const auto file = FileSource::open(place);
  if (!file) return false;
  std::array<char, 512> start{};
  const auto got = (*file)->read_at(0, start);
  if (!got) return false;
  const std::string_view text = text::trim(std::string_view(start.data(), *got));
  return text.starts_with('{') && text.find("\"schema_version\"") != std::string_view::npos;
}

Result<report::SavedReports> read_saved_reports(const Invocation& call, const std::string& place) {
  const std::string name = place == "-" ? "standard input" : text::quoted(place, 300);
  auto bytes = place == "-" ? saved_report_detail::read_input(call.stop) : saved_report_detail::read_file(place);
  if (!bytes) {
    Error error = std::move(bytes).error();
    return fail(error.text.find(place) == std::string::npos ? std::move(error).within(name) : std::move(error));
  }
  auto read = report::read_reports(*bytes);
  if (!read) return fail(std::move(read).error().within(name));
  if (read->hidden > 0) call.console.warning(name + " was written with a filter: " + counted(read->hidden, "finding is", "findings are") + " not in it");
  return read;
}

}  // namespace eclair::cli
