// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "model/clair_names.h"
#include "feeds/clair_updates.h"
#include "feeds/cvss.h"
#include "feeds/gzip_writer.h"
#include "util/byte_source.h"
#include "util/bytes.h"
#include "util/digest.h"
#include "util/json_writer.h"
#include "util/plural.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::feeds {
namespace clair_updates_write_detail {

constexpr std::uint64_t kHeldBytes = 256u << 10;
constexpr std::size_t kRecordBytes = 1u << 20;  // clairctl's own bound on a record, its end of line included
constexpr std::size_t kTextsHeld = 20'000;      // decoded texts; rows of one flaw come together, and again in the next namespace
constexpr std::size_t kFrameBytes = 4;
constexpr std::string_view kNoTime = "0001-01-01T00:00:00Z";
constexpr std::string_view kNoEnd = "semver:65535.0.0.0.0.0.0.0.0.0";

/// Why a record is not in the file; the order is that of the notes.
enum class LeftOut : unsigned char { none, not_affected, open, range, place, large, unscored };
constexpr std::array<std::string_view, 7> kReasons = {
    "",
    "say that a package is not affected, which older releases of Clair cannot be told",
    "are under investigation or say nothing",
    "have versions that the form cannot say (a beginning, a last affected version, a list)",
    "are of releases or repositories that no updater of Clair's speaks for",
    "are larger than 1 MiB",
    "have no CVSS score of version 3",
};

/// Byte strings, put aside in order.
class Spool {
 public:
  Result<> add(std::string_view bytes) {
    std::array<char, kFrameBytes> frame{};
    for (std::size_t i = 0; i < kFrameBytes; ++i) frame[i] = static_cast<char>(bytes.size() >> (8 * i) & 0xffu);
    ECLAIR_CHECK_OK(held_.append(std::string_view(frame.data(), frame.size())));
    return held_.append(bytes);
  }
  /// Hands them out; the spool is empty afterwards.
  Result<> each(const std::function<Result<>(std::string_view)>& fn) {
    const auto bytes = held_.take();
    std::string window;
    std::uint64_t at = 0;
    while (at < bytes->size()) {
      std::array<char, kFrameBytes> frame{};
      ECLAIR_CHECK_OK(read_exact(*bytes, at, frame));
      std::size_t size = 0;
      for (std::size_t i = 0; i < kFrameBytes; ++i) size |= static_cast<std::size_t>(static_cast<unsigned char>(frame[i])) << (8 * i);
      window.resize(size);
      ECLAIR_CHECK_OK(read_exact(*bytes, at + kFrameBytes, window));
      at += kFrameBytes + size;
      ECLAIR_CHECK_OK(fn(window));
    }
    return {};
  }

 private:
  SpillBuffer held_{kHeldBytes};
};

/// An operation that is being put together.
struct Operation {
  Spool records;
  Hasher hasher;
  std::uint64_t count = 0;
  UnixTime date = 0;
};

/// "semver:0.1.20.3.0.0.0.0.0.0" of "v1.20.3-rc1"; "" when it is none. later: of the patch after it.
std::string normalized_semver(std::string_view version, bool later = false) {
  if (!version.empty() && version.front() == 'v') version.remove_prefix(1);
  const auto parts = text::split(version.substr(0, version.find_first_of("-+")), '.');
  if (parts.size() > 3) return {};
  std::string out = "semver:0";
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = i < parts.size() ? text::parse_number(parts[i]) : std::optional<std::uint64_t>(0);
    constexpr std::uint64_t kMost = 2'147'483'646;
    if (!number || *number > kMost) return {};
    out += "." + std::to_string(*number + (later && i == 2 ? 1 : 0));
  }
  return out + ".0.0.0.0.0.0";
}

/// What a record says of versions.
struct Versions {
  std::string fixed_in, from, until;  ///< from, until: normalized, of a range; "" = no range
};

bool from_the_first(const Range& range) { return range.introduced.empty() || range.introduced == "0"; }
bool without_end(const Range& range) { return range.upper.empty() || range.upper == "*"; }

/// false: the form cannot say it.
bool versions_of_distribution(const Advisory& row, std::vector<Versions>& out) {
  if (row.ranges.empty()) {
    if (!row.versions.empty() || (row.status == Status::fixed && row.fixed_in.empty())) return false;
    out.push_back({row.fixed_in, "", ""});
    return true;
  }
  const Range& range = row.ranges.front();
  if (row.ranges.size() > 1 || !from_the_first(range) || range.upper_inclusive) return false;
  out.push_back({without_end(range) ? std::string() : range.upper, "", ""});
  return true;
}

bool versions_of_language(const Advisory& row, bool by_semver, std::vector<Versions>& out) {
  if (row.ranges.empty()) {
    if (!row.versions.empty()) return false;
    out.push_back({by_semver ? "" : "introduced=0", by_semver ? normalized_semver("0") : "", by_semver ? std::string(kNoEnd) : ""});
    return true;
  }
  for (const Range& range : row.ranges) {
    Versions one;
    if (by_semver) {
      one.from = normalized_semver(from_the_first(range) ? "0" : std::string_view(range.introduced));
      one.until = without_end(range) ? std::string(kNoEnd) : normalized_semver(range.upper, range.upper_inclusive);
      if (one.from.empty() || one.until.empty()) return false;
      if (!without_end(range) && !range.upper_inclusive) one.fixed_in = range.upper;
    } else {
      std::vector<std::string> pairs;
      if (!without_end(range) && !range.upper_inclusive) pairs.push_back("fixed=" + text::percent_encode(range.upper));
      if (!from_the_first(range)) pairs.push_back("introduced=" + text::percent_encode(range.introduced));
      if (!without_end(range) && range.upper_inclusive) pairs.push_back("lastAffected=" + text::percent_encode(range.upper));
      one.fixed_in = pairs.empty() ? "introduced=0" : text::join(pairs, "&");
    }
    out.push_back(std::move(one));
  }
  return true;
}

std::string_view word_of(Severity severity) {
  constexpr std::array<std::string_view, 6> kWords = {"Unknown", "Negligible", "Low", "Medium", "High", "Critical"};
  return kWords[static_cast<std::size_t>(severity)];
}

std::string_view word_of_score(double score) {
  if (score <= 0) return "NONE";
  if (score < 4) return "LOW";
  if (score < 7) return "MEDIUM";
  return score < 9 ? "HIGH" : "CRITICAL";
}

/// Links stand between blanks.
std::string links_of(const VulnerabilityText& text) {
  std::string out;
  for (const std::string& url : text.urls) {
    if (!out.empty()) out += ' ';
    for (const char c : url) out += text::is_space(c) ? std::string("%20") : std::string(1, c);
  }
  return out;
}

class Exporter {
 public:
  Exporter(store::AdvisoryStore& store, const WriteFn& to, const Cancel& stop) : store_(store), to_(to), stop_(stop) {}

  Result<> feed(const store::FeedState& state) {
    state_ = &state;
    texts_.clear();
    if (state.name == "nvd" || state.name == "epss" || state.name == "kev") return enrichments();
    Spool groups;
    std::uint64_t rows = 0;
    bool any = false;
    Encoder encoder;
    // The store may not be asked for texts while it hands out rows.
    const auto group = [&](std::string_view name_space, std::string_view package, const std::vector<std::string>& encoded) -> Result<> {
      if (stop_.requested()) return fail(Errc::cancelled, "stopped");
      rows += encoded.size();
      any = any || !clair_updater(state.name, name_space, {}).empty();
      encoder.clear();
      encoder.text(name_space);
      encoder.text(package);
      encoder.number(encoded.size());
      for (const std::string& row : encoded) encoder.text(row);
      return groups.add(encoder.bytes());
    };
    ECLAIR_CHECK_OK(store_.each(state.name, group, [](std::string_view, std::string_view) -> Result<> { return {}; }));
    if (!any) {
      if (rows > 0) unknown_feeds_[state.name] = rows;
      return {};
    }
    std::string last_space;
    const auto told = [&](std::string_view bytes) -> Result<> {
      if (stop_.requested()) return fail(Errc::cancelled, "stopped");
      Decoder in(bytes);
      const std::string name_space(in.text()), package(in.text());
      const std::uint64_t count = in.count();
      if (name_space != last_space && !clair_updater_spans(state.name)) ECLAIR_CHECK_OK(flush());
      last_space = name_space;
      for (std::uint64_t i = 0; i < count; ++i) {
        Decoder encoded_row(in.text());
        const Advisory row = decode_advisory(encoded_row);
        if (!in.ok() || !encoded_row.ok()) return fail(Errc::internal, state.name + ": a row does not read back");
        ECLAIR_TRY(const LeftOut why, record(name_space, package, row));
        if (why != LeftOut::none) ++left_out_[{static_cast<std::size_t>(why), state.name}];
      }
      return {};
    };
    ECLAIR_CHECK_OK(groups.each(told));
    return flush();
  }

  void notes(std::vector<std::string>& out) const {
    for (const auto& [key, count] : left_out_) {
      out.push_back("left out: " + text::plural(count, "record") + " of " + key.second + " that " + std::string(kReasons[key.first]));
    }
    for (const auto& [name, count] : unknown_feeds_) {
      out.push_back("left out: " + name + " (" + text::plural(count, "record") + "), of which no updater of Clair's speaks");
    }
  }
  std::uint64_t operations() const { return operations_; }
  std::uint64_t records() const { return records_; }

 private:
  Result<LeftOut> record(const std::string& name_space, const std::string& package, const Advisory& row) {
    const std::string updater = clair_updater(state_->name, name_space, row.record);
    if (updater.empty()) return LeftOut::place;
    if (row.status == Status::not_affected || (row.status == Status::fixed && row.fixed_in == "0")) return LeftOut::not_affected;
    if (row.status == Status::under_investigation || row.status == Status::unknown) return LeftOut::open;
    const bool language = state_->name == "osv";
    std::vector<Versions> versions;
    if (!(language ? versions_of_language(row, name_space == "go" || name_space == "npm", versions)
                   : versions_of_distribution(row, versions))) {
      return LeftOut::range;
    }
    std::vector<std::string_view> kinds = {row.name_kind == NameKind::source ? "source" : "binary"};
    if (row.name_kind == NameKind::both && !language) kinds = {"source", "binary"};
    std::vector<std::string> cpes(row.cpes);
    if (cpes.empty()) cpes.emplace_back();
    ECLAIR_TRY(const VulnerabilityText* const text, text_of(row.vulnerability));
    Operation& operation = operations_open_[updater];
    const UnixTime asked = state_->fetched_at_of(name_space);
    operation.date = operation.date == 0 ? asked : std::min(operation.date, asked);
    LeftOut why = LeftOut::none;
    for (const std::string& cpe : cpes) {
      for (const std::string_view kind : kinds) {
        for (const Versions& one : versions) {
          const std::string line = vulnerability(updater, name_space, package, row, *text, cpe, kind, one);
          ECLAIR_TRY(const bool fits, add(operation, line));
          if (!fits) why = LeftOut::large;
        }
      }
    }
    return why;
  }

  std::string vulnerability(const std::string& updater, const std::string& name_space, const std::string& package, const Advisory& row,
                            const VulnerabilityText& text, const std::string& cpe, std::string_view kind, const Versions& versions) {
    json::Writer w;
    w.begin_object();
    // Clair numbers records anew. Ours keeps here which record of its source it was.
    w.member("id", row.record).member("updater", updater).member("name", row.vulnerability);
    w.member("description", text.description.empty() ? text.title : text.description);
    w.member("issued", text.published > 0 ? rfc3339(text.published) : std::string(kNoTime));
    w.member("links", links_of(text));
    std::string_view severity = row.severity_word;
    if (!text.cvss.empty() && state_->name == "osv") severity = text.cvss.front().vector;
    w.member("severity", severity).member("normalized_severity", word_of(row.severity));
    w.key("package")
        .begin_object()
        .member("id", "")
        .member("name", package)
        .member("version", "")
        .member("kind", kind)
        .member("normalized_version", "");
    if (!row.module.empty()) w.member("module", row.module);
    if (!row.arches.empty()) w.member("arch", text::join(row.arches, "|"));
    w.member("cpe", "").end_object();
    const ClairDistribution d = state_->name == "osv" ? ClairDistribution() : clair_distribution(name_space);
    w.key("distribution").begin_object().member("id", "").member("did", d.did).member("name", d.name).member("version", d.version);
    w.member("version_code_name", d.version_code_name).member("version_id", d.version_id).member("arch", "").member("cpe", d.cpe);
    w.member("pretty_name", d.pretty_name).end_object();
    ClairRepository r = state_->name == "osv" ? clair_repository(name_space) : ClairRepository();
    if (!cpe.empty()) {
      r.cpe = cpe_formatted(cpe);
      r.name = r.cpe;
      r.key = "rhel-cpe-repository";
    }
    w.key("repository").begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"name", r.name}, {"key", r.key}, {"uri", r.uri}}) {
      if (!value.empty()) w.member(name, value);
    }
    w.member("cpe", r.cpe).end_object();
    w.member("fixed_in_version", versions.fixed_in);
    if (!versions.from.empty()) w.key("range").begin_object().member("[", versions.from).member(")", versions.until).end_object();
    if (!row.arches.empty()) w.member("arch_op", row.arches.size() == 1 ? "equals" : "pattern match");
    w.end_object();
    return w.take();
  }

  /// false: too large.
  Result<bool> add(Operation& to, std::string_view line) {
    if (line.size() + 1 >= kRecordBytes) return false;
    to.hasher.update(line);
    to.hasher.update("\n");
    ++to.count;
    ECLAIR_CHECK_OK(to.records.add(line));
    return true;
  }

  Result<const VulnerabilityText*> text_of(const std::string& id) {
    if (const auto known = texts_.find(id); known != texts_.end()) return &known->second;
    if (texts_.size() >= kTextsHeld) texts_.clear();
    ECLAIR_TRY(std::optional<VulnerabilityText> found, store_.text(state_->name, id));
    return &texts_.emplace(id, found ? *std::move(found) : VulnerabilityText()).first->second;
  }

  Result<> enrichments() {
    Operation& operation = operations_open_[std::string(state_->name == "nvd"    ? "clair.cvss"
                                                        : state_->name == "epss" ? "clair.epss"
                                                                                 : "clair.kev")];
    operation.date = state_->fetched_at;
    const auto text = [&](std::string_view id, std::string_view encoded) -> Result<> {
      if (stop_.requested()) return fail(Errc::cancelled, "stopped");
      Decoder in(encoded);
      const VulnerabilityText one = decode_vulnerability(in);
      if (!in.ok()) return fail(Errc::internal, state_->name + ": a text does not read back");
      const std::string line = enrichment(id, one);
      if (line.empty()) {
        ++left_out_[{static_cast<std::size_t>(LeftOut::unscored), state_->name}];
        return {};
      }
      ECLAIR_TRY(const bool fits, add(operation, line));
      if (!fits) ++left_out_[{static_cast<std::size_t>(LeftOut::large), state_->name}];
      return {};
    };
    ECLAIR_CHECK_OK(store_.each(
        state_->name, [](std::string_view, std::string_view, const std::vector<std::string>&) -> Result<> { return {}; }, text));
    return flush();
  }

  /// "" : there is nothing to say.
  std::string enrichment(std::string_view id, const VulnerabilityText& text) {
    json::Writer w;
    const auto begin = [&] { w.begin_object().key("Tags").begin_array().string(id).end_array().key("Enrichment").begin_object(); };
    const auto day = [](UnixTime at) { return at > 0 ? rfc3339(at).substr(0, 10) : std::string(); };
    if (text.epss && state_->name == "epss") {
      begin();
      w.member("date", text.epss->date > 0 ? rfc3339(text.epss->date) : std::string())
          .member("cve", id)
          .key("epss")
          .number(text.epss->score);
      if (text.epss->percentile >= 0) w.key("percentile").number(text.epss->percentile);
    } else if (text.exploited && state_->name == "kev") {
      begin();
      w.member("cve", id).member("vulnerability_name", text.title).member("date_added", day(text.exploited->added));
      w.member("short_description", text.description).member("due_date", day(text.exploited->due));
      w.member("known_ransomware_campaign_use", text.exploited->ransomware ? "Known" : "Unknown");
    } else if (state_->name == "nvd") {
      const auto score = std::find_if(text.cvss.begin(), text.cvss.end(), [](const auto& one) {
        return (one.version == "3.1" || one.version == "3.0") && !one.vector.empty();
      });
      if (score == text.cvss.end()) return {};
      begin();
      w.member("version", score->version).member("vectorString", score->vector);
      if (score->score >= 0) w.key("baseScore").number(score->score).member("baseSeverity", word_of_score(score->score));
    } else {
      return {};
    }
    w.end_object().end_object();
    return w.take();
  }

  /// Writes out the operations that are put together, by name.
  Result<> flush() {
    for (auto& [updater, operation] : operations_open_) {
      if (operation.count == 0) continue;
      operation.hasher.update(updater);
      const std::string hex(operation.hasher.finish().hex());
      const bool enriches = updater.substr(0, 6) == "clair.";
      json::Writer w;
      w.begin_object().member("Updater", updater).member("Fingerprint", "eclair-" + hex).member("Date", rfc3339(operation.date));
      // A UUID of version 8: made by our own rule, which is that equal content has an equal one.
      w.member("Ref",
               hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-8" + hex.substr(12, 3) + "-8" + hex.substr(15, 3) + "-" + hex.substr(18, 12));
      w.key(enriches ? "Enrichment" : "Vuln");
      const std::string head = w.take() + ":";
      const std::string tail = enriches ? R"(,"Kind":"enrichment"})"
                                          "\n"
                                        : R"(,"Kind":"vulnerability"})"
                                          "\n";
      const auto write = [&](std::string_view line) -> Result<> {
        if (stop_.requested()) return fail(Errc::cancelled, "stopped");
        line_ = head;
        line_ += line;
        line_ += tail;
        return to_(line_);
      };
      ECLAIR_CHECK_OK(operation.records.each(write));
      ++operations_;
      records_ += operation.count;
    }
    operations_open_.clear();
    return {};
  }

  store::AdvisoryStore& store_;
  const WriteFn& to_;
  const Cancel& stop_;
  const store::FeedState* state_ = nullptr;
  std::map<std::string, Operation> operations_open_;
  std::unordered_map<std::string, VulnerabilityText> texts_;
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> left_out_;
  std::map<std::string, std::uint64_t> unknown_feeds_;
  std::uint64_t operations_ = 0, records_ = 0;
  std::string line_;
};

}  // namespace clair_updates_write_detail

Result<ClairSummary> export_clair(store::AdvisoryStore& store, const std::vector<std::string>& feeds, Compression packed, const WriteFn& to,
                                  const Cancel& stop) {
  using namespace clair_updates_write_detail;
  ECLAIR_TRY(const std::vector<store::FeedState> states, store.feeds());
  for (const std::string& name : feeds) {
    const bool there = std::any_of(states.begin(), states.end(), [&](const store::FeedState& one) { return one.name == name; });
    if (!there) return fail(Errc::not_found, "no advisories of " + text::quoted(name) + " are here");
  }
  if (states.empty()) return fail(Errc::not_found, "no advisories are here");
  ClairSummary out;
  Hasher hasher;
  const WriteFn file = [&](std::string_view piece) {
    hasher.update(piece);
    out.bytes += piece.size();
    return to(piece);
  };
  std::optional<GzipWriter> gzip;
  std::optional<ZstdWriter> zstd;
  WriteFn lines = file;
  if (packed == Compression::gzip) {
    gzip.emplace(file);
    lines = [&](std::string_view piece) { return gzip->write(piece); };
  } else if (packed == Compression::zstd) {
    zstd.emplace(file);
    lines = [&](std::string_view piece) { return zstd->write(piece); };
  } else if (packed != Compression::none) {
    return fail(Errc::unsupported, "Clair's updates are packed with gzip or zstd");
  }
  Exporter exporter(store, lines, stop);
  for (const store::FeedState& state : states) {
    if (!feeds.empty() && std::find(feeds.begin(), feeds.end(), state.name) == feeds.end()) continue;
    ECLAIR_CHECK_OK(exporter.feed(state));
  }
  exporter.notes(out.notes);
  if (exporter.records() == 0)
    return fail(Errc::not_found, "nothing that is here can be said in Clair's form" + (out.notes.empty() ? "" : "; " + out.notes.front()));
  if (gzip) ECLAIR_CHECK_OK(gzip->finish());
  if (zstd) ECLAIR_CHECK_OK(zstd->finish());
  out.operations = exporter.operations();
  out.records = exporter.records();
  out.sha256 = hasher.finish().text;
  return out;
}

}  // namespace eclair::feeds
