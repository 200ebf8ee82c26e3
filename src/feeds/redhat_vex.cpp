// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Red Hat's VEX: one CSAF document a CVE, which says of each component of each product whether it is affected, fixed or neither; and the
// map from repositories to the CPEs by which those products go. The products of Enterprise Linux, and what is installed on them as rpms.
// source: https://security.access.redhat.com/data/csaf/v2/vex/ and .../data/metrics/repository-to-cpe.json (2026-08); OASIS CSAF 2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "feeds/cvss.h"
#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "feeds/redhat_products.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::feeds {
namespace redhat_vex_detail {

constexpr std::string_view kRepositories = "redhat-repositories";  // the namespace of the map; its "packages" are repositories
constexpr std::size_t kMaxUrls = 40;

bool is_cve(std::string_view id) {
  return id.size() > 8 && id.substr(0, 4) == "CVE-" && std::all_of(id.begin() + 4, id.end(), [](char c) { return text::is_digit(c) || c == '-'; });
}

bool contains_word(std::string_view text, std::string_view lower_case) { return text::lower(text.substr(0, 200)).find(lower_case) != std::string::npos; }

/// "RHSA-2024:9999" of "https://access.redhat.com/errata/RHSA-2024:9999".
std::string_view notice_of(std::string_view url) {
  const std::string_view last = url.substr(url.rfind('/') + 1);  // npos + 1 is 0
  return last.size() > 5 && last.substr(0, 2) == "RH" && last[4] == '-' && last.size() < 40 ? last : std::string_view{};
}

/// What a document says of one product id, beside its status.
struct Words {
  std::string_view severity, flag, fix_category, fix_details;
  std::set<std::string_view> notices;
  bool workaround = false;
};

/// All that rows are told apart by, but the CPEs and architectures, which are gathered.
struct Key {
  std::string_view release;
  std::string name;
  NameKind kind = NameKind::binary;
  Status status = Status::unknown;
  std::string module, fixed_in;
  std::vector<std::string> versions, notices;
  std::string severity, reason;
  auto tied() const { return std::tie(release, name, kind, status, module, fixed_in, versions, notices, severity, reason); }
  bool operator<(const Key& other) const { return tied() < other.tied(); }
};
using Places = std::map<std::string, std::set<std::string>, std::less<>>;  ///< architectures by CPE; an empty one: any

/// A statement as the document makes it.
struct Statement {
  std::string_view id;
  Status status = Status::unknown;
  RedhatProducts::Target target;
};

/// "cpe:/a:redhat:enterprise_linux:9" of "cpe:/a:redhat:enterprise_linux:9::appstream", and whichever part.
std::string product_of(std::string_view cpe) {
  std::string out;
  const std::vector<std::string_view> parts = text::split(cpe, ':');
  for (std::size_t i = 2; i < parts.size() && i < 5; ++i) out += ":" + std::string(parts[i]);
  return out;
}

class Reader {
 public:
  Reader(json::Value document, json::Value tree, const Cancel& stop, AdvisorySink& out)
      : document_(document), products_(tree), stop_(stop), out_(out), id_(text::trim(document["tracking"]["id"].string())) {}

  Result<> vulnerability(json::Value v) {
    std::string cve(v["cve"].string());
    if (cve.empty()) cve = id_;
    if (!is_cve(cve)) {
      out_.bad_record("redhat-vex: " + text::quoted(cve) + " is not a CVE id");
      return {};
    }
    cve_ = std::move(cve);
    read_words(v);
    std::vector<Statement> all;
    ECLAIR_CHECK_OK(read_statements(v["product_status"], all));
    settle(all);
    std::map<Key, Places> rows;
    for (const Statement& one : all) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      add(one, rows);
    }
    ECLAIR_CHECK_OK(emit(rows));
    return emit_text(v);
  }

 private:
  void read_words(json::Value v) {
    words_.clear();
    const auto each_id = [](json::Value of, std::string_view member, const auto& fn) {
      of[member].each([&](json::Value id) {
        if (!id.string().empty()) fn(id.string());
        return true;
      });
    };
    v["threats"].each([&](json::Value threat) {
      const std::string_view details = text::trim(threat["details"].string());
      if (threat["category"].string() == "impact") each_id(threat, "product_ids", [&](std::string_view id) { words_[id].severity = details; });
      return true;
    });
    v["flags"].each([&](json::Value flag) {
      each_id(flag, "product_ids", [&](std::string_view id) { words_[id].flag = flag["label"].string(); });
      return true;
    });
    v["remediations"].each([&](json::Value one) {
      const std::string_view category = one["category"].string(), notice = notice_of(one["url"].string());
      each_id(one, "product_ids", [&](std::string_view id) {
        Words& words = words_[id];
        if (category == "vendor_fix") {
          if (!notice.empty()) words.notices.insert(notice);
        } else if (category == "workaround") {
          words.workaround = true;
        } else if (category == "none_available" || category == "no_fix_planned") {
          words.fix_category = category;
          words.fix_details = text::trim(one["details"].string());
        }
      });
      return true;
    });
  }

  Result<> read_statements(json::Value status, std::vector<Statement>& all) {
    constexpr std::pair<std::string_view, Status> kGroups[] = {{"fixed", Status::fixed},
                                                               {"known_affected", Status::affected},
                                                               {"known_not_affected", Status::not_affected},
                                                               {"under_investigation", Status::under_investigation}};
    std::uint64_t unknown = 0;
    std::string_view first_unknown;
    for (const auto& [member, means] : kGroups) {
      const json::Value list = status[member];
      if (list && !list.is_array()) bad(std::string(member) + " is not a list");
      list.each([&, means = means](json::Value entry) {
        const std::string_view id = entry.string();
        auto target = products_.find(id);
        if (!target) {
          if (unknown++ == 0) first_unknown = id;
          return true;
        }
        if (!target->component.fault.empty()) {
          bad(text::quoted(id) + ": " + target->component.fault);
          return true;
        }
        if (target->component.kind == RedhatComponent::Kind::package) all.push_back({id, means, std::move(*target)});
        return true;
      });
    }
    if (unknown > 0) {
      bad(text::quoted(first_unknown) + " is not in the product tree" + (unknown > 1 ? ", nor are " + std::to_string(unknown - 1) + " others" : ""));
    }
    return {};
  }

  /// Where statements of one document seem to contradict each other, or say the same twice.
  void settle(std::vector<Statement>& all) {
    fixed_.clear();
    built_.clear();
    for (const Statement& one : all) {
      if (one.status != Status::fixed) continue;
      const RedhatComponent& c = one.target.component;
      fixed_.insert({product_of(one.target.cpe), c.name, c.module});
      if (!c.arch.empty() && c.arch != "src") built_.insert({product_of(one.target.cpe), c.module, c.version});
    }
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Statement& one) { return is_redundant(one); }), all.end());
  }

  bool is_redundant(const Statement& one) const {
    const RedhatComponent& c = one.target.component;
    // A source package beside the binary packages that were built from it. Where a document lists sources alone, they speak for all.
    if (one.status == Status::fixed) return c.arch == "src" && built_.count({product_of(one.target.cpe), c.module, c.version}) > 0;
    // A coming minor release inherits the builds of the one before, and is told to be affected though that build is the fix.
    return one.status == Status::affected && !c.version.empty() && fixed_.count({product_of(one.target.cpe), c.name, c.module}) > 0;
  }

  static Status status_of(Status told, const Words& words) {
    if (told != Status::affected) return told;
    if (words.fix_category == "no_fix_planned") {
      return contains_word(words.fix_details, "out of support") ? Status::end_of_life : Status::will_not_fix;
    }
    // The newer generator has the words alone to tell them apart.
    if (contains_word(words.fix_details, "will not fix")) return Status::will_not_fix;
    if (contains_word(words.fix_details, "out of support")) return Status::end_of_life;
    return contains_word(words.fix_details, "deferred") ? Status::fix_deferred : Status::affected;
  }

  void add(const Statement& one, std::map<Key, Places>& rows) {
    static const Words kNone;
    const auto found = words_.find(one.id);
    const Words& words = found == words_.end() ? kNone : found->second;
    const RedhatComponent& c = one.target.component;
    Key key;
    key.name = c.name;
    key.status = status_of(one.status, words);
    key.module = c.module;
    // Without an architecture a component may be either; what is not built yet goes by its source mostly.
    key.kind = c.arch == "src" ? NameKind::source : c.arch.empty() ? NameKind::both : NameKind::binary;
    std::set<std::string> arches;
    if (!c.arch.empty() && c.arch != "src") arches.insert(c.arch);
    if (key.status == Status::fixed) {
      if (c.version.empty()) {
        bad(text::quoted(one.id) + " is fixed, but in no version");
        return;
      }
      key.fixed_in = c.version;
      key.notices.assign(words.notices.begin(), words.notices.end());
    } else if (key.status == Status::not_affected) {
      // Of a build only where other builds of it are affected: a release that came with the fix says nothing of those before.
      if (!c.version.empty() && fixed_.count({product_of(one.target.cpe), c.name, c.module}) > 0) key.versions = {c.version};
      key.reason = words.flag;
    } else {
      arches.clear();  // an unfixed flaw is in the source
      if (key.kind == NameKind::binary) key.kind = NameKind::both;
      key.reason = words.fix_details;
      if (key.reason.empty() && words.workaround) key.reason = "there is a workaround";
    }
    key.severity = words.severity.empty() ? text::trim(document_["aggregate_severity"]["text"].string()) : words.severity;
    if (key.status == Status::not_affected) key.severity.clear();
    for (const std::string_view release : redhat_releases(one.target.cpe, c.version)) {
      key.release = release;
      rows[key][std::string(one.target.cpe)].insert(arches.begin(), arches.end());
    }
  }

  Result<> emit(const std::map<Key, Places>& rows) {
    std::set<std::string> spaces;
    for (const auto& [key, places] : rows) {
      if (key.kind == NameKind::source) {
        // "plain.src" beside "plain", of which the latter may be either.
        Key either = key;
        either.kind = NameKind::both;
        if (const auto same = rows.find(either); same != rows.end() && same->second == places) continue;
      }
      std::map<std::vector<std::string>, std::vector<std::string>> cpes_by_arches;
      for (const auto& [cpe, arches] : places) cpes_by_arches[{arches.begin(), arches.end()}].push_back(cpe);
      const std::string space = "rhel:" + std::string(key.release);
      spaces.insert(space);
      for (auto& [arches, cpes] : cpes_by_arches) {
        Advisory row;
        row.vulnerability = cve_;
        row.status = key.status;
        row.name_kind = key.kind;
        row.references = key.notices;
        if (!parse(key.severity, row.severity)) row.severity = Severity::unknown;
        row.severity_word = key.severity;
        row.fixed_in = key.fixed_in;
        if (!key.fixed_in.empty()) row.ranges = {Range{.upper = key.fixed_in}};
        row.versions = key.versions;
        row.module = key.module;
        row.reason = key.reason;
        row.arches = arches;
        row.cpes = std::move(cpes);
        ECLAIR_CHECK_OK(out_.advisory(space, key.name, std::move(row)));
      }
    }
    for (const std::string& space : spaces) out_.complete(space, "red hat");
    return {};
  }

  Result<> emit_text(json::Value v) {
    VulnerabilityText text;
    text.id = cve_;
    text.title = v["title"].string(document_["title"].string());
    std::string_view summary;
    v["notes"].each([&](json::Value note) {
      const std::string_view category = note["category"].string();
      if (category == "description" && text.description.empty()) text.description = note["text"].string();
      if (category == "summary" && summary.empty()) summary = note["text"].string();
      return true;
    });
    if (text.description.empty()) text.description = summary;
    v["references"].each([&](json::Value one) {
      const std::string_view url = one["url"].string();
      const bool is_web = url.substr(0, 8) == "https://" || url.substr(0, 7) == "http://";
      if (is_web && std::find(text.urls.begin(), text.urls.end(), url) == text.urls.end()) text.urls.emplace_back(url);
      return text.urls.size() < kMaxUrls;
    });
    v["scores"].each([&](json::Value score) {
      for (const std::string_view member : {"cvss_v2", "cvss_v3", "cvss_v4"}) {
        const json::Value cvss = score[member];
        const std::string_view vector = cvss["vectorString"].string();
        if (vector.empty()) continue;
        VulnerabilityText::Cvss one{std::string(cvss_version(vector)), std::string(vector), cvss["baseScore"].number().value_or(-1)};
        if (std::find(text.cvss.begin(), text.cvss.end(), one) == text.cvss.end()) text.cvss.push_back(std::move(one));
      }
      return text.cvss.size() < 16;
    });
    if (const std::string_view cwe = v["cwe"]["id"].string(); !cwe.empty()) text.cwes.emplace_back(cwe);
    if (!parse(text::trim(document_["aggregate_severity"]["text"].string()), text.severity)) text.severity = Severity::unknown;
    const json::Value tracking = document_["tracking"];
    const auto time = [](std::string_view word, UnixTime& to) {
      if (const auto parsed = parse_time(word); parsed) to = *parsed;
    };
    time(v["release_date"].string(tracking["initial_release_date"].string()), text.published);
    time(tracking["current_release_date"].string(), text.modified);
    return out_.vulnerability(std::move(text));
  }

  void bad(const std::string& why) { out_.bad_record("redhat-vex: " + cve_ + ": " + why); }

  const json::Value document_;
  const RedhatProducts products_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const std::string_view id_;
  std::string cve_;
  std::unordered_map<std::string_view, Words> words_;
  std::set<std::tuple<std::string, std::string, std::string>> fixed_;  ///< product, name, module
  std::set<std::tuple<std::string, std::string, std::string>> built_;  ///< product, module, version
};

Result<> read_vex(json::Value root, const Cancel& stop, AdvisorySink& out) {
  const json::Value document = root["document"], tracking = document["tracking"];
  const std::string_view id = text::trim(tracking["id"].string());
  if (!is_cve(id)) return fail(Errc::invalid_input, "not a VEX document of Red Hat: its id is " + text::quoted(id));
  if (tracking["status"].string() == "deleted") return out.remove(id);
  if (const std::string_view category = document["category"].string(); category != "csaf_vex") {
    return fail(Errc::invalid_input, "not a VEX document: its category is " + text::quoted(category));
  }
  const json::Value vulnerabilities = root["vulnerabilities"];
  if (!vulnerabilities.is_array()) return fail(Errc::invalid_input, "a VEX document without vulnerabilities");
  ECLAIR_CHECK_OK(out.remove(id));  // told anew: where it no longer applies, it goes
  Reader reader(document, root["product_tree"], stop, out);
  Result<> done;
  vulnerabilities.each([&](json::Value one) {
    done = reader.vulnerability(one);
    return done.has_value();
  });
  return done;
}

/// {"data": {"rhel-9-for-x86_64-baseos-rpms": {"cpes": ["cpe:/o:redhat:enterprise_linux:9::baseos"], ...}, ...}}
Result<> read_repositories(MemberReader& reader, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  json::Document document;
  ECLAIR_TRY(const char kind, reader.peek());
  if (kind != '{') return fail(Errc::invalid_input, "data is not an object");
  ECLAIR_CHECK_OK(reader.enter('{'));
  while (true) {
    if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) break;
    const std::string name(reader.key());
    ECLAIR_TRY(const std::string_view text, reader.value());
    ECLAIR_TRY(const json::Value entry, document.parse(text, limits.json_depth));
    if (name.empty() || !entry["cpes"].is_array()) {
      out.bad_record("redhat-vex: repository " + text::quoted(name) + ": cpes is not a list");
      continue;
    }
    Advisory row;
    row.vulnerability = name;
    entry["cpes"].each([&](json::Value cpe) {
      if (!cpe.string().empty()) row.cpes.emplace_back(cpe.string());
      return true;
    });
    if (row.cpes.empty()) continue;
    std::sort(row.cpes.begin(), row.cpes.end());
    row.cpes.erase(std::unique(row.cpes.begin(), row.cpes.end()), row.cpes.end());
    ECLAIR_CHECK_OK(out.advisory(kRepositories, name, std::move(row)));
  }
  out.complete(kRepositories);
  return {};
}

/// Which of the source's two kinds of document it is: 'v' a VEX document, 'm' the map of repositories; '\0' neither.
Result<char> kind_of(const ByteSource& in, const Limits& limits) {
  MemberReader reader(in, limits);
  ECLAIR_CHECK_OK(reader.enter('{'));
  char kind = '\0';
  while (true) {
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) return kind;
    if (reader.key() == "document") return 'v';
    if (reader.key() == "data") kind = 'm';
  }
}

Result<> read(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  ECLAIR_TRY(const char kind, kind_of(in, limits));
  if (kind == '\0') return fail(Errc::invalid_input, "neither a VEX document nor the map of repositories: no member document or data");
  MemberReader reader(in, limits);
  if (kind == 'v') {
    json::Document document;
    ECLAIR_TRY(const std::string_view text, reader.value());
    ECLAIR_TRY(const json::Value root, document.parse(text, limits.json_depth));
    ECLAIR_CHECK_OK(read_vex(root, stop, out));
    return reader.finish();
  }
  ECLAIR_CHECK_OK(reader.enter('{'));
  while (true) {
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) break;
    if (reader.key() == "data") ECLAIR_CHECK_OK(read_repositories(reader, limits, stop, out));
  }
  return reader.finish();
}

constexpr std::string_view kBase = "https://security.access.redhat.com/data/csaf/v2/vex/";
constexpr std::string_view kMapUrl = "https://security.access.redhat.com/data/metrics/repository-to-cpe.json";
// The archive is made over some hours before the day that it is named after.
constexpr UnixTime kArchiveSlack = 6 * 3600;
// Tens of thousands of documents are in the archive; beyond so many changes, reading it whole costs less.
constexpr std::size_t kMostChanges = 4000;

/// A line of changes.csv or deletions.csv: "2024/cve-2024-0727.json","2025-11-21T14:32:00+00:00"
struct Change {
  std::string document;
  UnixTime at = 0;
};

/// The lines that are newer than `since`; the lists are newest first, but nothing hangs on that.
Result<std::vector<Change>> changes_since(const ByteSource& csv, std::string_view what, UnixTime since) {
  std::vector<Change> out;
  LineReader lines(csv, 4096);
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) return out;
    line = text::trim(line);
    if (line.empty()) continue;
    const auto [document, time] = text::cut(line, ',');
    const auto unquoted = [](std::string_view field) {
      field = text::trim(field);
      return field.size() >= 2 && field.front() == '"' && field.back() == '"' ? field.substr(1, field.size() - 2) : field;
    };
    const std::string_view name = unquoted(document);
    const auto at = parse_time(unquoted(time));
    const auto is_plain = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '/' || c == '.'; };
    if (!at || name.empty() || name.find("..") != std::string_view::npos || !std::all_of(name.begin(), name.end(), is_plain)) {
      return fail(Errc::invalid_input,
                  std::string(what) + ", line " + std::to_string(lines.line_number()) + ": not a document and a time: " + text::quoted(line));
    }
    if (*at > since) out.push_back({std::string(name), *at});
  }
}

/// "CVE-2024-0727" of "2024/cve-2024-0727.json".
std::string record_of(std::string_view document) {
  document.remove_prefix(document.rfind('/') + 1);  // npos + 1 is 0
  std::string out(document.substr(0, document.find('.')));
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

/// Deletions that no later change took back. told: changes by document; what is withdrawn is taken out.
std::vector<Portion::Withdrawn> withdrawn_of(const std::vector<Change>& deletions, std::map<std::string, UnixTime>& told) {
  std::vector<Portion::Withdrawn> out;
  for (const Change& one : deletions) {
    const auto at = told.find(one.document);
    if (at != told.end() && at->second >= one.at) continue;
    if (at != told.end()) told.erase(at);
    out.push_back({one.document, record_of(one.document)});
  }
  return out;
}

class RedhatVexFeed final : public Feed {
 public:
  std::string_view id() const override { return "redhat-vex"; }
  std::string_view title() const override { return "Red Hat CSAF VEX"; }
  std::string_view url() const override { return kBase; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  bool document_is_record() const override { return true; }
  std::vector<std::string_view> families() const override { return {"rhel"}; }

  std::vector<std::string_view> listings() const override { return {"changes.csv", "deletions.csv"}; }
  Result<std::vector<Portion::Withdrawn>> withdrawn(const std::map<std::string, std::unique_ptr<ByteSource>, std::less<>>& lists) const override {
    std::map<std::string, UnixTime> told;
    std::vector<Change> deletions;
    for (const auto& [name, csv] : lists) {
      ECLAIR_TRY(auto changes, changes_since(*csv, name, 0));
      if (name == "deletions.csv") {
        deletions = std::move(changes);
      } else {
        for (const Change& one : changes) told[one.document] = one.at;
      }
    }
    return withdrawn_of(deletions, told);
  }

  Result<std::vector<Portion>> portions(Lookup& look) const override {
    std::vector<Portion> out;
    ECLAIR_TRY(Portion vex, vex_portion(look));
    out.push_back(std::move(vex));
    out.push_back({.name = "repositories", .documents = {{.url = std::string(kMapUrl)}}});
    return out;
  }

  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = read(in, limits, stop, out);
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }

 private:
  /// The archive and what changed since it was made; later only what changed since the last time. Kept: the time of the newest change.
  static Result<Portion> vex_portion(Lookup& look) {
    Portion out;
    out.name = "vex";
    const std::string kept = look.cursor(out.name);
    const auto before = kept.empty() ? std::optional<std::uint64_t>() : text::parse_number(kept);
    UnixTime since = static_cast<UnixTime>(before.value_or(0));
    std::string archive;
    ECLAIR_TRY(const auto changes_csv, look.read(std::string(kBase) + "changes.csv"));
    ECLAIR_TRY(auto changes, changes_since(*changes_csv, "changes.csv", since));
    if (!before || changes.size() > kMostChanges) {
      ECLAIR_TRY(const auto latest, look.read(std::string(kBase) + "archive_latest.txt"));
      std::array<char, 128> name{};
      ECLAIR_TRY(const std::size_t n, latest->read_at(0, name));
      archive = text::trim({name.data(), n});
      // "csaf_vex_2025-08-31.tar.zst"
      const std::size_t day = archive.find("20");
      const auto made = day == std::string::npos ? Result<UnixTime>(fail(Errc::invalid_input, "no date")) : parse_time(archive.substr(day, 10));
      if (!made || archive.find('/') != std::string::npos) {
        return fail(Errc::invalid_input, "archive_latest.txt names no archive with a date: " + text::quoted(archive));
      }
      out.documents.push_back({.url = std::string(kBase) + archive});
      since = *made - kArchiveSlack;
    }
    std::map<std::string, UnixTime> told;
    for (const Change& one : changes) told[one.document] = one.at;
    UnixTime newest = since;
    ECLAIR_TRY(const auto deletions_csv, look.read(std::string(kBase) + "deletions.csv"));
    // A document of the archive may have been withdrawn long before the archive was made, so all count when that is read.
    ECLAIR_TRY(const auto deletions, changes_since(*deletions_csv, "deletions.csv", archive.empty() ? since : 0));
    for (const Change& one : deletions) newest = std::max(newest, one.at);
    out.withdrawn = withdrawn_of(deletions, told);
    for (const auto& [document, at] : told) {
      newest = std::max(newest, at);
      if (at > since) out.documents.push_back({.url = std::string(kBase) + document, .name = document, .optional = true, .once = true});
    }
    out.cursor = std::to_string(newest);
    return out;
  }
};

}  // namespace redhat_vex_detail

const Feed& redhat_vex() {
  static const redhat_vex_detail::RedhatVexFeed one;
  return one;
}

}  // namespace eclair::feeds
