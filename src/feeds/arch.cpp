// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Arch's security tracker: a list of groups, each of vulnerabilities that one version of some packages has. Binary names.
// source: https://security.archlinux.org/all.json (2025-02), archlinux/arch-security-tracker (2025)
#include <string>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace arch_detail {

constexpr std::string_view kSpace = "arch";

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : reader_(in, limits), limits_(limits), stop_(stop), out_(out), pacman_(version::find_scheme("pacman")) {}

  Result<> run() {
    ECLAIR_CHECK_OK(reader_.enter('['));
    ECLAIR_CHECK_OK(for_each_record(reader_, "a group", limits_, stop_, [this](json::Value entry) {
      ++elements_;
      return group(entry);
    }));
    ECLAIR_CHECK_OK(reader_.finish());
    // Groups whose packages left the repositories are no longer listed, but images still have them: no namespace is completed here.
    if (elements_ > 0 && groups_ == 0) return fail(Errc::invalid_input, "not a list of Arch's tracker: no group in it has name, packages and status");
    return {};
  }

 private:
  Result<> group(json::Value entry) {
    name_ = entry["name"].string();
    const std::vector<std::string> packages = strings(entry["packages"]);
    if (name_.empty()) return bad("a group without a name");
    if (packages.empty()) return bad("no packages");
    if (!entry["status"].is_string()) return bad("status is not a string");
    ++groups_;
    Advisory row;
    row.record = name_;
    row.name_kind = NameKind::binary;
    row.severity_word = text::trim(entry["severity"].string());
    parse(row.severity_word, row.severity);
    row.references = strings(entry["advisories"]);
    if (const std::string_view why = read_status(entry, row); !why.empty()) return bad(why);
    // The group is told anew: packages or issues that it had and has no longer are closed.
    ECLAIR_CHECK_OK(out_.remove(name_));
    std::vector<std::string> issues = strings(entry["issues"]);
    if (issues.empty()) issues.push_back(name_);
    for (const std::string& package : packages) {
      for (const std::string& issue : issues) {
        Advisory one = row;
        one.vulnerability = issue;
        ECLAIR_CHECK_OK(out_.advisory(kSpace, package, std::move(one)));
      }
    }
    return {};
  }

  /// "" when status and versions were understood, else why not.
  std::string_view read_status(json::Value entry, Advisory& row) const {
    const std::string_view status = text::trim(entry["status"].string());
    const std::string fixed(text::trim(entry["fixed"].string())), affected(text::trim(entry["affected"].string()));
    if (text::iequals(status, "Not affected")) {  // also where a fix is named
      row.status = Status::not_affected;
      return {};
    }
    if (text::iequals(status, "Unknown")) {
      row.status = Status::under_investigation;
      return {};
    }
    if (text::iequals(status, "Fixed") || (text::iequals(status, "Testing") && !fixed.empty())) {
      if (!pacman_->is_valid(fixed)) return fixed.empty() ? "fixed in no version" : "the fix is not a pacman version";
      row.status = Status::fixed;
      row.fixed_in = fixed;
      row.ranges = {Range{.upper = fixed}};
      return {};
    }
    if (!text::iequals(status, "Vulnerable") && !text::iequals(status, "Testing")) return "unknown status";
    if (!affected.empty() && !pacman_->is_valid(affected)) return "what is affected is not a pacman version";
    row.status = Status::affected;
    if (!affected.empty()) row.ranges = {Range{.introduced = affected}};
    // The tracker says vulnerable as long as no repository has the fix.
    if (!fixed.empty()) row.reason = "fixed in " + fixed + ", which is not in the repositories";
    return {};
  }

  /// The strings of a list that are not empty, in order, each once.
  static std::vector<std::string> strings(json::Value list) {
    std::vector<std::string> out;
    list.each([&](json::Value one) {
      std::string text(text::trim(one.string()));
      bool fresh = !text.empty();
      for (const std::string& other : out) fresh = fresh && other != text;
      if (fresh) out.push_back(std::move(text));
      return out.size() < kMaxNames;
    });
    return out;
  }

  Result<> bad(std::string_view why) {
    out_.bad_record("arch: " + (name_.empty() ? "" : text::quoted(name_) + ": ") + std::string(why));
    return {};
  }

  static constexpr std::size_t kMaxNames = 2000;  // of a group; the largest has some hundred

  MemberReader reader_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme* const pacman_;
  std::string name_;
  std::uint64_t elements_ = 0, groups_ = 0;
};

class ArchFeed final : public Feed {
 public:
  std::string_view id() const override { return "arch"; }
  std::string_view title() const override { return "Arch Linux Security Tracker"; }
  std::string_view url() const override { return "https://security.archlinux.org/all.json"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  std::vector<std::string_view> families() const override { return {"arch"}; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace arch_detail

const Feed& arch() {
  static const arch_detail::ArchFeed one;
  return one;
}

}  // namespace eclair::feeds
