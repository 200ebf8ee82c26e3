// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// rpm's package database, in its three forms. Which one a file is says its content: the name only decides which of several counts.
#include <array>

#include "extract/extractor.h"
#include "extract/field_check.h"
#include "extract/rpm_database.h"
#include "extract/rpm_header.h"
#include "extract/rpm_package.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_rpm_detail {

using namespace std::string_view_literals;

// By rank: after an upgrade of rpm the old form may lie beside the new one.
constexpr std::string_view kPaths[] = {"rpm/rpmdb.sqlite", "rpm/Packages.db", "rpm/Packages"};
constexpr std::string_view kCompanions[] = {"rpmdb.sqlite-wal"};
constexpr std::string_view kWal = "rpmdb.sqlite-wal";

constexpr std::uint64_t kMaxDamage = 10'000;        // pieces of damage after which a database is given up
constexpr std::uint64_t kMaxTextBytes = 64u << 20;  // names and versions of one database

enum class Form { unknown, empty, bdb, ndb, sqlite };

struct Detected {
  Form form = Form::unknown;
  std::string start;  ///< first bytes, for people
};

Result<Detected> detect(const ByteSource& in) {
  std::array<char, 16> first{};
  ECLAIR_TRY(const std::size_t got, in.read_at(0, first));
  const std::string_view bytes(first.data(), got);
  const std::string_view at12 = bytes.substr(std::min<std::size_t>(got, 12));
  Detected out;
  if (bytes.empty()) {
    out.form = Form::empty;
  } else if (bytes == std::string_view("SQLite format 3\0", 16)) {
    out.form = Form::sqlite;
  } else if (bytes.substr(0, 4) == "RpmP") {
    out.form = Form::ndb;
  } else if (at12 == "\x61\x15\x06\x00"sv || at12 == "\x00\x06\x15\x61"sv || at12 == "\x62\x31\x05\x00"sv || at12 == "\x00\x05\x31\x62"sv) {
    out.form = Form::bdb;
  }
  out.start = bytes;
  return out;
}

/// Turns header blobs into packages.
class Records final : public RpmRecords {
 public:
  Records(const Limits& limits, const Cancel& stop, Sink& out) : limits_(limits), stop_(stop), out_(out) {}

  Result<> header(std::uint64_t number, std::string_view blob) override {
    const auto header = RpmHeader::parse(blob, limits_);
    if (!header) return damage("bad_record", "record " + std::to_string(number) + ": " + header.error().text);
    if (header->name == "gpg-pubkey") return {};  // a signing key that rpm keeps among the packages
    if (!is_plain_word(header->name) || !is_plain_word(header->version) || !is_plain_word(header->release)) {
      return damage("bad_record", "record " + std::to_string(number) + ": package " + text::quoted(header->name) + " has no usable name or version");
    }
    const std::string version_release = std::string(header->version) + "-" + std::string(header->release);
    const std::string epoch = header->epoch ? std::to_string(*header->epoch) : "";
    PackageVersion package = to_package({.name = header->name,
                                         .epoch = epoch,
                                         .version_release = version_release,
                                         .arch = header->arch,
                                         .source_rpm = header->source_rpm,
                                         .vendor = header->vendor,
                                         .modularity_label = header->modularity_label});
    if (package.version.size() > limits_.field_bytes) {
      return damage("limit", "record " + std::to_string(number) + ": package " + text::quoted(header->name) + " has a version longer than field_bytes (" +
                                 std::to_string(limits_.field_bytes) + ")");
    }
    if (++packages_ > limits_.packages) return fail(Errc::limit, "more packages than the limit packages (" + std::to_string(limits_.packages) + ")");
    text_bytes_ += package.name.size() + package.version.size() + package.arch.size() + package.source_name.size() +
                   package.source_version.size() + package.module.size();
    if (text_bytes_ > kMaxTextBytes) return fail(Errc::limit, "names and versions of packages take more than " + std::to_string(kMaxTextBytes) + " bytes");
    std::vector<std::string> owned = owned_paths(*header);
    if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
    out_.package(std::move(package), std::move(owned));
    return {};
  }

  Result<> damage(std::string_view code, std::string message) override {
    if (++damage_ > kMaxDamage) return fail(Errc::invalid_input, "the package database has more than " + std::to_string(kMaxDamage) + " damaged records");
    out_.note(code, std::move(message));
    return {};
  }

  /// What is to be said once the walk has come to its end.
  Result<> finish() {
    if (paths_dropped_ > 0) {
      out_.note("limit", std::to_string(paths_dropped_) + " owned paths beyond owned_path_bytes (" + std::to_string(limits_.owned_path_bytes) + ")");
    }
    if (packages_ == 0 && damage_ > 0) return fail(Errc::invalid_input, "rpm database: not one package of it can be read");
    return {};
  }

 private:
  std::vector<std::string> owned_paths(const RpmHeader& header) {
    std::vector<std::string> owned;
    std::uint64_t seen = 0;
    const auto listed = header.files.each(limits_.path_bytes, [&](std::string_view path) {
      if (++seen % 4096 == 0 && stop_.requested()) return false;
      if (!out_.is_ownable(path)) return true;
      if (path_bytes_ + path.size() > limits_.owned_path_bytes) {
        ++paths_dropped_;
        return true;
      }
      path_bytes_ += path.size();
      owned.emplace_back(path);
      return true;
    });
    if (!listed) out_.note("bad_record", "files of package " + text::quoted(header.name) + ": " + listed.error().text);
    return owned;
  }

  const Limits& limits_;
  const Cancel& stop_;
  Sink& out_;
  std::uint64_t packages_ = 0, damage_ = 0, text_bytes_ = 0, path_bytes_ = 0, paths_dropped_ = 0;
};

class RpmExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_rpm"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::alternatives; }
  Interest interest() const override { return {.path_suffixes = kPaths, .companions = kCompanions}; }

  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    ECLAIR_TRY(const Detected detected, detect(file.bytes));
    if (detected.form == Form::empty) {
      out.note("incomplete", "the package database is an empty file");
      return {};
    }
    if (detected.form == Form::unknown) {
      return fail(Errc::invalid_input, "rpm database: neither berkeley, ndb nor sqlite: it starts with " + text::quoted(detected.start));
    }
    Records records(limits, stop, out);
    ECLAIR_CHECK_OK(walk(detected.form, file, limits, stop, records));
    return records.finish();
  }

 private:
  static Result<> walk(Form form, const EvidenceFile& file, const Limits& limits, const Cancel& stop, Records& records) {
    if (form == Form::bdb) return walk_rpm_bdb(file.bytes, limits, stop, records);
    if (form == Form::ndb) return walk_rpm_ndb(file.bytes, limits, stop, records);
    const auto wal = file.companions.find(kWal);
    return walk_rpm_sqlite(file.bytes, wal == file.companions.end() ? nullptr : wal->second, limits, stop, records);
  }
};

}  // namespace os_rpm_detail

const Extractor& os_rpm() {
  static const os_rpm_detail::RpmExtractor one;
  return one;
}

}  // namespace eclair::extract
