// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The JSON export of the Debian Security Tracker: one object, source package → vulnerability → what each release says.
// source: https://security-tracker.debian.org/tracker/data/json, salsa.debian.org/security-tracker-team/security-tracker (2026)
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "model/codenames.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace debian_detail {

/// A codename that we do not know yet stands for itself: its rows are kept, and found once we learn its number.
std::string name_space(std::string_view codename) {
  if (codename == "sid") return "debian:unstable";
  const std::string_view number = release_of_codename("debian", codename);
  return "debian:" + std::string(number.empty() ? codename : number);
}

/// The tracker's urgency; asterisks mark guesses by machine.
Severity severity_of(std::string_view urgency) {
  while (!urgency.empty() && urgency.back() == '*') urgency.remove_suffix(1);
  if (urgency == "unimportant") return Severity::negligible;
  if (urgency == "low") return Severity::low;
  if (urgency == "medium") return Severity::medium;
  if (urgency == "high") return Severity::high;
  return Severity::unknown;  // "not yet assigned", "end-of-life", none
}

/// Whether every repository of the release still has an older version.
bool is_to_come(std::string_view fixed, json::Value repositories) {
  static const version::Scheme& dpkg = *version::find_scheme("dpkg");
  bool any = false, older = true;
  repositories.each_member([&](std::string_view, json::Value version) {
    any = true;
    older = dpkg.is_valid(version.string()) && dpkg.compare(version.string(), fixed) < 0;
    return older;
  });
  return any && older && dpkg.is_valid(fixed);
}

/// "" when the release's entry was understood, else why not.
std::string_view read_release(json::Value entry, Advisory& row) {
  if (!entry.is_object()) return "the release is not an object";
  const json::Value status = entry["status"];
  if (!status.is_string()) return "status is not a string";
  const json::Value urgency = entry["urgency"];
  if (urgency && !urgency.is_string()) return "urgency is not a string";
  const json::Value fixed = entry["fixed_version"];
  if (fixed && !fixed.is_string()) return "fixed_version is not a string";
  row.severity_word = urgency.string();
  row.severity = severity_of(row.severity_word);
  row.reason = entry["nodsa"].string();
  const std::string_view word = status.string();
  if (word == "resolved") {
    const std::string_view version = text::trim(fixed.string());
    if (version.empty()) return "resolved without fixed_version";
    if (version == "0") {  // never was affected, in this release
      row.status = Status::not_affected;
      return {};
    }
    row.ranges = {Range{.upper = std::string(version)}};
    if (is_to_come(version, entry["repositories"])) {
      // Whoever upgrades today does not get it.
      row.status = Status::fix_deferred;
      row.reason = "fixed in " + text::clean(version, 100) + ", which no repository of the release has yet";
      return {};
    }
    row.status = Status::fixed;
    row.fixed_in = version;
    return {};
  }
  if (word == "undetermined") {
    row.status = Status::under_investigation;
    return {};
  }
  if (word != "open") return "unknown status";
  const std::string_view reason = entry["nodsa_reason"].string();
  if (reason == "ignored") {
    row.status = Status::will_not_fix;
  } else if (reason == "postponed") {
    row.status = Status::fix_deferred;
  } else if (row.severity_word == "end-of-life") {
    row.status = Status::end_of_life;
  } else {
    row.status = Status::affected;  // also "nodsa" without a reason: no advisory of its own, a fix may still come
  }
  return {};
}

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : reader_(in, limits), depth_(limits.json_depth), stop_(stop), out_(out) {}

  Result<> run() {
    ECLAIR_CHECK_OK(reader_.enter('{'));
    while (true) {
      ECLAIR_TRY(const bool more, reader_.next());
      if (!more) break;
      package_ = reader_.key();
      ECLAIR_TRY(const char kind, reader_.peek());
      if (kind != '{') {
        bad("", "the package is not an object");
        continue;
      }
      ECLAIR_CHECK_OK(reader_.enter('{'));
      ECLAIR_CHECK_OK(package());
    }
    ECLAIR_CHECK_OK(reader_.finish());
    // An error page in JSON, or another feed: nothing in it was like a tracker's entry.
    if (releases_.empty()) return fail(Errc::invalid_input, "not a Debian tracker document: no release of any package in it");
    for (const auto& [codename, where] : releases_) out_.complete(where);
    return {};
  }

 private:
  Result<> package() {
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool more, reader_.next());
      if (!more) return {};
      const std::string id(reader_.key());
      ECLAIR_TRY(const char kind, reader_.peek());
      if (kind != '{') {
        bad(id, "not an object");
        continue;
      }
      ECLAIR_TRY(const std::string_view text, reader_.value());
      auto entry = document_.parse(text, depth_);
      if (!entry) return fail(Errc::invalid_input, text::quoted(package_) + " " + text::quoted(id) + ": " + entry.error().text);
      ECLAIR_CHECK_OK(vulnerability(id, *entry));
    }
  }

  Result<> vulnerability(const std::string& id, json::Value entry) {
    if (package_.empty() || id.empty()) {
      bad(id, "no name");
      return {};
    }
    const json::Value releases = entry["releases"];
    if (!releases.is_object()) {
      bad(id, "releases is not an object");
      return {};
    }
    bool any = false;
    Result<> told;
    releases.each_member([&](std::string_view codename, json::Value release) {
      Advisory row;
      row.vulnerability = id;
      row.name_kind = NameKind::source;
      if (const std::string_view why = codename.empty() ? "a release without name" : read_release(release, row); !why.empty()) {
        bad(id, std::string(codename) + ": " + std::string(why));
        return true;
      }
      any = true;
      told = out_.advisory(space_of(codename), package_, std::move(row));
      return told.has_value();
    });
    ECLAIR_CHECK_OK(std::move(told));
    if (!any) return {};
    VulnerabilityText text;
    text.id = id;
    text.description = entry["description"].string();
    if (const auto bug = entry["debianbug"].integer(); bug && *bug > 0) text.urls.push_back("https://bugs.debian.org/" + std::to_string(*bug));
    return out_.vulnerability(std::move(text));
  }

  /// The namespace of a release; remembers that it was there.
  const std::string& space_of(std::string_view codename) {
    const auto found = releases_.find(codename);
    return found != releases_.end() ? found->second : releases_.emplace(std::string(codename), name_space(codename)).first->second;
  }

  void bad(std::string_view id, std::string_view why) {
    out_.bad_record("debian: " + text::quoted(package_) + (id.empty() ? "" : " " + text::quoted(id)) + ": " + text::clean(why, 200));
  }

  MemberReader reader_;
  const std::uint32_t depth_;
  const Cancel& stop_;
  AdvisorySink& out_;
  json::Document document_;
  std::string package_;
  std::map<std::string, std::string, std::less<>> releases_;  ///< codename → namespace
};

class DebianFeed final : public Feed {
 public:
  std::string_view id() const override { return "debian"; }
  std::string_view title() const override { return "Debian Security Tracker"; }
  std::string_view url() const override { return "https://security-tracker.debian.org/tracker/data/json"; }
  std::uint32_t revision() const override { return 2; }
  bool lists_unfixed() const override { return true; }
  std::vector<std::string_view> families() const override { return {"debian"}; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace debian_detail

const Feed& debian() {
  static const debian_detail::DebianFeed one;
  return one;
}

}  // namespace eclair::feeds
