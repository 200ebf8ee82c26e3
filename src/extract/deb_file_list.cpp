// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb_file_list.h"

#include "util/text.h"

namespace eclair::extract {

ListOwner list_owner(std::string_view base, std::string_view ending) {
  base.remove_suffix(ending.size());
  const auto [name, arch] = text::cut(base, ':');
  return {std::string(name), std::string(arch)};
}

Result<> read_file_list(const ByteSource& in, ListForm form, ListOwner owner, const Limits& limits, const Cancel& stop, Sink& out) {
  LineReader lines(in, limits.path_bytes + 64);
  Ownership ownership{std::move(owner.name), std::move(owner.arch), {}};
  std::uint64_t bytes = 0, dropped = 0;
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (stop.requested()) return fail(Errc::cancelled, {});
    if (lines.cut()) continue;  // no path of an image is that long
    if (form == ListForm::md5sums) {
      const std::size_t blanks = line.find("  ");
      if (blanks == std::string_view::npos) continue;
      line.remove_prefix(blanks + 2);
    }
    while (line.starts_with("./")) line.remove_prefix(2);
    while (line.starts_with('/')) line.remove_prefix(1);
    if (!out.is_ownable(line)) continue;
    if (bytes + line.size() > limits.owned_path_bytes) {
      ++dropped;
      continue;
    }
    bytes += line.size();
    ownership.paths.emplace_back(line);
  }
  if (dropped > 0) {
    out.note("limit", std::to_string(dropped) + " owned paths beyond owned_path_bytes (" + std::to_string(limits.owned_path_bytes) + ")");
  }
  if (!ownership.name.empty() && !ownership.paths.empty()) out.owns(std::move(ownership));
  return {};
}

}  // namespace eclair::extract
