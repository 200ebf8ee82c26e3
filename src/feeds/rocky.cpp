// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Rocky Linux errata: builds with their epochs, architectures and (since version 3 of the API) modules. Fixes only.
// A document is a notice, or a page of them; of version 2 of the API (camel case, builds by product) or version 3.
// The same notices in OSV form cut epochs of several digits to the last one, which hides every fix of bind.
// source: https://apollo.build.resf.org/api/v3/advisories/ (2025-11), https://errata.rockylinux.org/api/v2/advisories (2025-01)
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "feeds/cvss.h"
#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "feeds/rpm_notice.h"
#include "util/text.h"

namespace eclair::feeds {
namespace rocky_detail {

constexpr std::uint64_t kPageNotices = 100;
constexpr std::uint64_t kMostPages = 10'000;
constexpr std::uint64_t kIndexBytes = 16u << 20;

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

/// "rocky:8" of "Rocky Linux 8", "Rocky Linux 8 x86_64" and "Rocky Linux 8.4 aarch64 (Legacy)"; a product with builds of its own stays
/// apart: "rocky:8:sig-cloud" of "Rocky Linux SIG Cloud 8". "" when it is none of Rocky's.
std::string name_space_of(std::string_view product) {
  constexpr std::string_view kName = "Rocky Linux ";
  if (!starts_with(product, kName)) return {};
  std::string channel;
  for (const std::string_view word : text::words(product.substr(kName.size()))) {
    if (!text::is_digit(word.front())) {
      channel += (channel.empty() ? "" : "-") + text::lower(word);
      continue;
    }
    const std::string_view major = text::cut(word, '.').first;
    if (major.size() > 2 || !text::parse_number(major)) return {};
    return "rocky:" + std::string(major) + (channel.empty() ? "" : ":" + channel);
  }
  return {};
}

/// The first of two members that is there: the API changed from camel case to snake case.
json::Value either(json::Value in, std::string_view one, std::string_view other) {
  const json::Value found = in[one];
  return found ? found : in[other];
}

std::vector<std::string> cwes_of(std::string_view text) {  // "CWE-190->CWE-119", "(CWE-20|CWE-79)", "UNKNOWN"
  std::vector<std::string> out;
  for (std::size_t at = text.find("CWE-"); at != std::string_view::npos; at = text.find("CWE-", at + 4)) {
    std::size_t end = at + 4;
    while (end < text.size() && text::is_digit(text[end])) ++end;
    if (end > at + 4) out.emplace_back(text.substr(at, end - at));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

UnixTime time_of(json::Value value) {
  const auto parsed = parse_time(value.string());
  return parsed ? *parsed : 0;
}

class Notice {
 public:
  Notice(json::Value record, const Limits& limits, const Cancel& stop, AdvisorySink& out) : record_(record), limits_(limits), stop_(stop), out_(out) {}

  Result<> emit() {
    notice_.id = record_["name"].string();
    ECLAIR_CHECK_OK(out_.remove(notice_.id));  // told anew: where it no longer applies, it goes
    std::string_view severity = record_["severity"].string();
    constexpr std::string_view kPrefix = "SEVERITY_";
    if (starts_with(severity, kPrefix)) severity.remove_prefix(kPrefix.size());
    notice_.severity_word = severity;
    notice_.title = record_["synopsis"].string();
    notice_.description = record_["description"].string();
    notice_.published = time_of(either(record_, "publishedAt", "published_at"));
    notice_.modified = time_of(record_["updated_at"]);
    notice_.urls = {"https://errata.rockylinux.org/" + notice_.id};
    read_flaws();
    read_builds();
    for (const std::string& name_space : spaces_) out_.complete(name_space, "rocky");
    // Of bug fixes and enhancements only those that name a vulnerability are advisories.
    const std::string_view kind = either(record_, "type", "kind").string();
    const bool security = text::iequals(kind, "security") || kind == "TYPE_SECURITY";
    if (notice_.flaws.empty() && !security) return {};
    return notice_.emit(limits_, stop_, out_);
  }

 private:
  void read_flaws() {
    std::set<std::string> seen;
    record_["cves"].each([&](json::Value one) {
      const std::string_view id = either(one, "name", "cve").string();
      if (!starts_with(id, "CVE-") || !seen.emplace(id).second) return true;
      RpmNotice::Flaw flaw;
      flaw.id = id;
      if (const std::string_view url = one["sourceLink"].string(); starts_with(url, "http")) flaw.urls.emplace_back(url);
      const std::string_view vector = either(one, "cvss3ScoringVector", "cvss3_scoring_vector").string();
      if (const auto score = cvss_base_score(vector); starts_with(vector, "CVSS:") && score) {
        flaw.cvss.push_back({std::string(cvss_version(vector)), std::string(vector), *score});
      }
      flaw.cwes = cwes_of(one["cwe"].string());
      notice_.flaws.push_back(std::move(flaw));
      return true;
    });
  }

  void read_builds() {
    record_["rpms"].each_member([&](std::string_view product, json::Value builds) {
      builds["nvras"].each([&](json::Value build) {
        add(product, build.string(), {});
        return true;
      });
      return true;
    });
    record_["packages"].each([&](json::Value build) {
      const std::string_view module = build["module_name"].string(), stream = build["module_stream"].string();
      const std::string label = module.empty() || stream.empty() ? std::string() : std::string(module) + ":" + std::string(stream);
      add(build["product_name"].string(), build["nevra"].string(), label);
      return true;
    });
  }

  void add(std::string_view product, std::string_view nevra, const std::string& label) {
    const auto [at, is_new] = products_.try_emplace(std::string(product));
    if (is_new) {
      at->second = name_space_of(product);
      if (at->second.empty()) bad("no product of Rocky Linux: " + text::quoted(product));
    }
    const std::string& name_space = at->second;
    if (name_space.empty()) return;
    spaces_.insert(name_space);
    const RpmBuild build = rpm_build_of(nevra);
    std::vector<std::string> modules = {label};
    if (label.empty() && is_module_build(build.evr) && build.arch != "src") {
      if (!titled_) titled_ = modules_of_title(plain_title());
      modules = *titled_;
      if (modules.empty() && !std::exchange(nameless_said_, true)) bad("builds of a module that is not named, such as " + text::quoted(nevra));
    }
    for (const std::string& module : modules) {
      if (notice_.add(name_space, build.name, build.evr, build.arch, module)) continue;
      bad("a build that is not understood: " + text::quoted(nevra));
      return;
    }
  }

  /// Rebranding went too far in some titles: "go-toolset:Rocky Linux8" is go-toolset:rhel8.
  std::string plain_title() const {
    constexpr std::string_view kMark = ":Rocky Linux";
    std::string title = notice_.title;
    for (std::size_t at = title.find(kMark); at != std::string::npos; at = title.find(kMark, at)) title.replace(at, kMark.size(), ":rhel");
    return title;
  }

  void bad(const std::string& why) { out_.bad_record("rocky: " + text::quoted(notice_.id) + ": " + why); }

  const json::Value record_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  RpmNotice notice_;
  std::map<std::string, std::string> products_;  ///< with their namespaces
  std::set<std::string> spaces_;
  std::optional<std::vector<std::string>> titled_;
  bool nameless_said_ = false;
};

/// A page: the list `advisories`; a notice: `name` with `rpms` or `packages`, perhaps within `advisory`.
Result<> read(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  json::Document document;
  const auto notice = [&](json::Value record) -> Result<> {
    if (record["name"].string().empty()) {
      out.bad_record("rocky: a notice without a name");
      return {};
    }
    return Notice(record, limits, stop, out).emit();
  };
  bool page = false;
  {
    MemberReader reader(in, limits);
    ECLAIR_CHECK_OK(reader.enter('{'));
    while (true) {
      ECLAIR_TRY(const bool more, reader.next());
      if (!more) break;
      if (reader.key() != "advisories") continue;
      page = true;
      ECLAIR_TRY(const char list, reader.peek());
      if (list != '[') return fail(Errc::invalid_input, "not Rocky Linux errata: advisories is not a list");
      ECLAIR_CHECK_OK(reader.enter('['));
      ECLAIR_CHECK_OK(for_each_record(reader, "a notice", limits, stop, notice));
    }
    ECLAIR_CHECK_OK(reader.finish());
  }
  if (page) return {};
  MemberReader reader(in, limits);
  ECLAIR_TRY(const std::string_view text, reader.value());
  ECLAIR_TRY(json::Value record, document.parse(text, limits.json_depth));
  if (const json::Value inner = record["advisory"]; inner.is_object()) record = inner;
  if (record["name"].string().empty() || (!record["rpms"].is_object() && !record["packages"].is_array())) {
    return fail(Errc::invalid_input, "not Rocky Linux errata: neither a page of notices nor a notice with builds");
  }
  return notice(record);
}

class RockyFeed final : public Feed {
 public:
  std::string_view id() const override { return "rocky"; }
  std::string_view title() const override { return "Rocky Linux errata"; }
  std::string_view url() const override { return "https://apollo.build.resf.org/api/v3/advisories/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  bool document_is_record() const override { return true; }
  std::vector<std::string_view> families() const override { return {"rocky"}; }
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    // One notice is asked for, to learn how many there are and when the last one changed; then all of them, or nothing.
    const std::string base(url());
    ECLAIR_TRY(const auto bytes, look.read(base + "?page=1&size=1"));
    ECLAIR_TRY(const std::string text, read_all(*bytes, kIndexBytes));
    json::Document document;
    ECLAIR_TRY(const json::Value index, document.parse(text));
    const auto total = index["total"].integer();
    if (!total || *total < 1 || static_cast<std::uint64_t>(*total) > kMostPages * kPageNotices) {
      return fail(Errc::invalid_input, "no number of notices in " + base);
    }
    Portion all;
    all.cursor = std::to_string(*total) + " " + text::clean(index["last_updated_at"].string(), 40);
    if (look.cursor("") != all.cursor) {
      const auto pages = (static_cast<std::uint64_t>(*total) + kPageNotices - 1) / kPageNotices;
      for (std::uint64_t page = 1; page <= pages; ++page) {
        const std::string number = std::to_string(page);
        all.documents.push_back({.url = base + "?page=" + number + "&size=" + std::to_string(kPageNotices), .name = "page " + number});
      }
    }
    std::vector<Portion> out;
    out.push_back(std::move(all));
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = read(in, limits, stop, out);
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace rocky_detail

const Feed& rocky() {
  static const rocky_detail::RockyFeed one;
  return one;
}

}  // namespace eclair::feeds
