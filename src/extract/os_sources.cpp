// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Where an image's packages are fetched from: a hint at the distribution where it does not name itself, and the only thing that
// tells Debian testing from unstable. Facts:
//
//   apt.suites     suites of enabled binary sources with the component "main", as written, in order, without repeats, by blanks
//   apk.branches   release and repository of each line, "v3.19/main edge/testing"
//
// source: sources.list(5), apk-repositories(5)
#include <algorithm>
#include <string>
#include <vector>

#include "extract/deb822.h"
#include "extract/extractor.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_sources_detail {

constexpr std::string_view kPaths[] = {"apt/sources.list", "apk/repositories"};
constexpr std::string_view kDirs[] = {"apt/sources.list.d"};
constexpr std::string_view kEndings[] = {".list", ".sources"};
constexpr std::size_t kMaxLineBytes = 16u << 10;
constexpr std::size_t kMaxWords = 256;

/// An ordered list without repeats, for a fact.
class Words {
 public:
  void add(std::string_view word) {
    if (word.empty() || words_.size() >= kMaxWords || std::find(words_.begin(), words_.end(), word) != words_.end()) return;
    words_.emplace_back(word);
  }
  void put(std::string_view key, Sink& out) const {
    if (!words_.empty()) out.fact(key, text::join(words_, " "));
  }

 private:
  std::vector<std::string> words_;
};

/// deb [option=value ...] URI suite component...
void add_one_line(std::string_view line, Words& suites) {
  line = text::trim(line.substr(0, line.find('#')));
  if (!line.starts_with("deb") || line.size() < 4 || !text::is_space(line[3])) return;
  line = text::trim(line.substr(4));
  if (line.starts_with('[')) {
    const std::size_t close = line.find(']');
    if (close == std::string_view::npos) return;
    line = line.substr(close + 1);
  }
  const std::vector<std::string_view> words = text::words(line);
  if (words.size() >= 3 && std::find(words.begin() + 2, words.end(), "main") != words.end()) suites.add(words[1]);
}

Result<> read_one_line_form(const ByteSource& in, const Cancel& stop, Sink& out) {
  LineReader lines(in, kMaxLineBytes);
  Words suites;
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (stop.requested()) return fail(Errc::cancelled, {});
    add_one_line(line, suites);
  }
  suites.put("apt.suites", out);
  return {};
}

Result<> read_deb822_form(const ByteSource& in, const Cancel& stop, Sink& out) {
  enum Field : std::size_t { kTypes, kSuites, kComponents, kEnabled };
  constexpr std::string_view kFields[] = {"Types", "Suites", "Components", "Enabled"};
  const auto has = [](std::string_view value, std::string_view word) {
    const std::vector<std::string_view> words = text::words(value);
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  Deb822Reader reader(in, kFields, kMaxLineBytes);
  Stanza stanza;
  Words suites;
  while (true) {
    if (stop.requested()) return fail(Errc::cancelled, {});
    ECLAIR_TRY(const bool more, reader.next(stanza));
    if (!more) break;
    const std::string enabled = text::lower(stanza[kEnabled]);
    const bool off = enabled == "no" || enabled == "false" || enabled == "off" || enabled == "without" || enabled == "disable" || enabled == "0";
    if (off || !has(stanza[kTypes], "deb") || !has(stanza[kComponents], "main")) continue;
    for (const std::string_view suite : text::words(stanza[kSuites])) suites.add(suite);
  }
  suites.put("apt.suites", out);
  return {};
}

/// https://host/alpine/v3.19/main, perhaps after "@tag "
Result<> read_apk_repositories(const ByteSource& in, const Cancel& stop, Sink& out) {
  LineReader lines(in, kMaxLineBytes);
  Words branches;
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (stop.requested()) return fail(Errc::cancelled, {});
    line = text::trim(line.substr(0, line.find('#')));
    if (line.empty() || line.starts_with('@')) continue;  // a tagged repository serves only packages that name the tag
    while (line.ends_with('/')) line.remove_suffix(1);
    const std::vector<std::string_view> parts = text::split(line, '/');
    if (parts.size() >= 3) branches.add(std::string(parts[parts.size() - 2]) + "/" + std::string(parts.back()));
  }
  branches.put("apk.branches", out);
  return {};
}

class OsSourcesExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_sources"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.path_suffixes = kPaths, .dirs = kDirs, .extensions = kEndings, .max_bytes = 1u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits&, const Cancel& stop, Sink& out) const override {
    const std::string_view path = file.meta.path;
    if (path.ends_with("repositories")) return read_apk_repositories(file.bytes, stop, out);
    if (path.ends_with(".sources")) return read_deb822_form(file.bytes, stop, out);
    return read_one_line_form(file.bytes, stop, out);
  }
};

}  // namespace os_sources_detail

const Extractor& os_sources() {
  static const os_sources_detail::OsSourcesExtractor one;
  return one;
}

}  // namespace eclair::extract
