// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The database of Alpine's package manager: records separated by empty lines, each line a case-sensitive letter, a colon and a
// value. Read where apk itself writes it and below usr, where merged systems have it.
// source: alpinelinux/apk-tools: src/database.c apk_db_fdb_read, src/package.c apk_pkgtmpl_add_info
#include <string>

#include "extract/extractor.h"
#include "extract/field_check.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_apk_detail {

constexpr std::string_view kPaths[] = {"apk/db/installed", "apk/db-uvol/installed"};

/// One record while its lines are read.
struct Record {
  PackageVersion package;
  std::string folder;  // of the last F line
  std::vector<std::string> owned_paths;
  std::uint64_t line = 0;  // where it begins; 0 = nothing read yet
  bool too_long = false;
};

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, Sink& out) : lines_(in, limits.field_bytes), limits_(limits), out_(out) {}

  Result<> run(const Cancel& stop) {
    std::string_view line;
    while (true) {
      ECLAIR_TRY(const bool more, lines_.next(line));
      if (!more) break;
      if (stop.requested()) return fail(Errc::cancelled, {});
      if (line.empty()) {
        finish_record();
      } else {
        take(line);
      }
    }
    finish_record();  // neither the last empty line nor the last line end need be there
    if (bad_lines_ > 0) {
      out_.note("bad_record", std::to_string(bad_lines_) + " lines that are no fields, first line " + std::to_string(first_bad_line_));
    }
    if (paths_dropped_ > 0) {
      out_.note("limit", std::to_string(paths_dropped_) + " owned paths beyond owned_path_bytes (" + std::to_string(limits_.owned_path_bytes) + ")");
    }
    if (packages_ == 0 && (bad_lines_ > 0 || bad_records_ > 0)) return fail(Errc::invalid_input, "no package record in an apk database");
    return {};
  }

 private:
  void take(std::string_view line) {
    if (line.size() < 2 || line[1] != ':' || static_cast<unsigned char>(line[0]) <= ' ') {
      if (bad_lines_++ == 0) first_bad_line_ = lines_.line_number();
      return;
    }
    if (record_.line == 0) record_.line = lines_.line_number();
    const std::string_view value = line.substr(2);
    switch (line[0]) {
      case 'P': return keep(record_.package.name, value);
      case 'V': return keep(record_.package.version, value);
      case 'A': return keep(record_.package.arch, value);
      case 'o': return keep(record_.package.source_name, value);
      case 'F': record_.folder.assign(value); break;
      case 'R': own(value); break;
      default: break;  // texts, dependencies, checksums; "provides" are not packages
    }
  }

  void keep(std::string& field, std::string_view value) {
    if (lines_.cut()) record_.too_long = true;
    if (field.empty()) field.assign(text::trim(value));
  }

  void own(std::string_view base) {
    std::string path = record_.folder;
    if (!path.empty() && !path.ends_with('/')) path += '/';
    path += base;
    path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
    if (!out_.is_ownable(path)) return;
    if (path_bytes_ + path.size() > limits_.owned_path_bytes) {
      ++paths_dropped_;
      return;
    }
    path_bytes_ += path.size();
    record_.owned_paths.push_back(std::move(path));
  }

  void finish_record() {
    if (record_.line == 0) return;
    Record record = std::exchange(record_, {});
    PackageVersion& package = record.package;
    if (record.too_long || !is_plain_word(package.name) || !is_plain_word(package.version)) {
      ++bad_records_;
      const std::string_view what = record.too_long ? " has an overlong field" : !is_plain_word(package.name) ? " has no usable name" : " has no usable version";
      out_.note(record.too_long ? "limit" : "bad_record",
                "record at line " + std::to_string(record.line) + std::string(what) + ", package " + text::quoted(package.name));
      return;
    }
    package.type = "apk";
    if (package.source_name == package.name || !is_plain_word(package.source_name)) package.source_name.clear();
    ++packages_;
    out_.package(std::move(package), std::move(record.owned_paths));
  }

  LineReader lines_;
  const Limits& limits_;
  Sink& out_;
  Record record_;
  std::uint64_t packages_ = 0, bad_records_ = 0, bad_lines_ = 0, first_bad_line_ = 0, path_bytes_ = 0, paths_dropped_ = 0;
};

class ApkExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_apk"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::database; }
  Interest interest() const override { return {.path_suffixes = kPaths}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    return Reader(file.bytes, limits, out).run(stop);
  }
};

}  // namespace os_apk_detail

const Extractor& os_apk() {
  static const os_apk_detail::ApkExtractor one;
  return one;
}

}  // namespace eclair::extract
