// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// CISA's catalog of vulnerabilities that are known to be exploited.
// source: https://www.cisa.gov/known-exploited-vulnerabilities-catalog, its schema (2025-08)
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "feeds/enrichment.h"
#include "feeds/json_members.h"
#include "util/text.h"

namespace eclair::feeds {
namespace kev_detail {

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : reader_(in, limits), limits_(limits), stop_(stop), out_(out) {}

  Result<> run() {
    ECLAIR_CHECK_OK(reader_.enter('{'));
    bool listed = false;
    while (true) {
      ECLAIR_TRY(const bool more, reader_.next());
      if (!more) break;
      if (reader_.key() == "count") {
        ECLAIR_TRY(const std::string_view text, reader_.value());
        ECLAIR_TRY(const json::Value value, document_.parse(text, limits_.json_depth));
        count_ = value.integer();
      } else if (reader_.key() == "vulnerabilities") {
        ECLAIR_TRY(const char kind, reader_.peek());
        if (kind != '[') return fail(Errc::invalid_input, "not the KEV catalog: vulnerabilities is not a list");
        ECLAIR_CHECK_OK(reader_.enter('['));
        ECLAIR_CHECK_OK(entries());
        listed = true;
      }
    }
    ECLAIR_CHECK_OK(reader_.finish());
    if (!listed) return fail(Errc::invalid_input, "not the KEV catalog: no vulnerabilities in it");
    // There is no list of deletions: what is not in the catalog is not known to be exploited. So it has to be whole.
    if (count_ && *count_ != static_cast<std::int64_t>(entries_)) {
      return fail(Errc::invalid_input, "the KEV catalog says that it has " + std::to_string(*count_) + " entries, and has " + std::to_string(entries_));
    }
    out_.complete(kVulnerabilitySpace);
    return {};
  }

 private:
  Result<> entries() {
    return for_each_record(reader_, "an entry", limits_, stop_, [this](json::Value entry) {
      ++entries_;
      return one(entry);
    });
  }

  Result<> one(json::Value entry) {
    VulnerabilityText out;
    out.id = text::trim(entry["cveID"].string());
    if (!is_cve_id(out.id)) {
      out_.bad_record("kev: entry " + std::to_string(entries_) + ": cveID " + (out.id.empty() ? "is missing" : text::quoted(out.id) + " is no CVE id"));
      return {};
    }
    Exploited listed;
    for (const auto& [member, to] : {std::pair("dateAdded", &listed.added), std::pair("dueDate", &listed.due)}) {
      const std::string_view date = text::trim(entry[member].string());
      if (const auto time = parse_time(date); time) {
        *to = *time;
      } else if (!date.empty()) {
        out_.bad_record("kev: " + out.id + ": " + member + " " + text::quoted(date) + " is no date; the entry counts without it");
      }
    }
    listed.ransomware = text::iequals(text::trim(entry["knownRansomwareCampaignUse"].string()), "Known");
    out.exploited = listed;
    out.title = entry["vulnerabilityName"].string();
    out.description = entry["shortDescription"].string();
    entry["cwes"].each([&](json::Value cwe) {
      if (!cwe.string().empty()) out.cwes.emplace_back(cwe.string());
      return true;
    });
    return enrich(out_, std::move(out));
  }

  MemberReader reader_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  json::Document document_;
  std::optional<std::int64_t> count_;
  std::uint64_t entries_ = 0;
};

class KevFeed final : public Feed {
 public:
  std::string_view id() const override { return "kev"; }
  std::string_view title() const override { return "CISA Known Exploited Vulnerabilities"; }
  std::string_view url() const override { return "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace kev_detail

const Feed& kev() {
  static const kev_detail::KevFeed one;
  return one;
}

}  // namespace eclair::feeds
