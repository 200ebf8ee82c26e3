// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/coverage.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "match/families.h"
#include "util/plural.h"
#include "util/text.h"

namespace eclair::match {
namespace coverage_detail {

/// What makes a report incomplete (something that is there could not be judged), and what is a reservation about a complete one.
struct Code {
  std::string_view code;
  bool incomplete;
};
constexpr std::array<Code, 18> kCodes = {{{"no_packages", true},
                                          {"unreadable", true},
                                          {"bad_record", true},
                                          {"limit", true},
                                          {"incomplete", true},
                                          {"unknown_distribution", true},
                                          {"mixed_families", true},
                                          {"no_data", true},
                                          {"unsupported", true},
                                          {"bad_version", true},
                                          {"bad_advisory", false},
                                          {"stale", false},
                                          {"end_of_life", false},
                                          {"third_party", false},
                                          {"unknown_repository", false},
                                          {"derived", false},
                                          {"fixes_only", false},
                                          {"thin_source", false}}};

std::size_t order_of(std::string_view code) {
  const auto* const found = std::find_if(kCodes.begin(), kCodes.end(), [&](const Code& each) { return each.code == code; });
  return static_cast<std::size_t>(found - kCodes.begin());
}

Coverage page(std::string_view code, std::string message, std::uint32_t packages) {
  const std::size_t at = order_of(code);
  return {std::string(code), std::move(message), packages, at < kCodes.size() && kCodes[at].incomplete};
}

std::string were(std::uint32_t n) { return n == 1 ? " was" : " were"; }

/// "linuxmint 21"; for people.
std::string title(const Os& os) {
  std::string out = os.id;
  if (!os.version.empty()) out += " " + os.version;
  if (os.version.empty() && !os.codename.empty()) out += " " + os.codename;
  return text::clean(out, 80);
}

std::string days(UnixTime seconds) { return seconds % 86400 == 0 ? std::to_string(seconds / 86400) : ago(0, seconds); }

}  // namespace coverage_detail

bool CoverageBook::has_data(std::string_view name_space, bool given_too) const {
  return std::any_of(feeds_.begin(), feeds_.end(), [&](const store::FeedState& feed) {
    if (feed.name == kGivenFeed && !given_too) return false;
    return std::find(feed.namespaces.begin(), feed.namespaces.end(), name_space) != feed.namespaces.end();
  });
}

bool CoverageBook::judged(const Occurrence& occurrence, const Os& os, std::string_view name_space) {
  const std::string& type = occurrence.package.type;
  const auto refuse = [&](std::string_view code, std::string about) {
    ++refused_[{std::string(code), std::move(about)}];
    return false;
  };
  switch (judgeable(occurrence, name_space)) {
    case Judgeable::yes:
      break;
    case Judgeable::virtual_package:
    case Judgeable::owned:
      return false;  // judged as something else: nothing is missing
    case Judgeable::no_namespace:
      if (!has_family(type)) return refuse("unsupported", text::clean(type, 40));
      return refuse("unknown_distribution", os ? coverage_detail::title(os) : std::string());
    case Judgeable::wrong_family:
      return refuse("mixed_families", text::clean(type, 40) + " packages in " + coverage_detail::title(os));
    case Judgeable::no_scheme:
      return refuse("unsupported", text::clean(type, 40));
    case Judgeable::third_party:
      return refuse("third_party", text::clean(occurrence.package.vendor, 60));
  }
  ++needed_[std::string(name_space)];
  return has_data(name_space, true);
}

void CoverageBook::unjudged(const Occurrence& occurrence, const Unjudged& what) {
  Open& open = what.installed_at_fault ? bad_versions_ : bad_rows_;
  const std::string name = text::clean(occurrence.package.name, 80);
  if (open.first.empty()) {
    open.first = what.installed_at_fault ? name + ": " + what.why : text::clean(what.vulnerability, 80) + " for " + name + ": " + what.why;
  }
  ++open.rows;
}

void CoverageBook::unknown_repository(const Occurrence& occurrence) { ++repositories_[occurrence.repositories.front()]; }

void CoverageBook::data_pages(std::vector<Coverage>& out) const {
  using namespace coverage_detail;
  for (const auto& [name_space, packages] : needed_) {
    const Family* const known = find_family(name_space);
    if (known == nullptr) continue;  // a client's own, which knows best how much it has
    if (!has_data(name_space, false)) {
      out.push_back(page("no_data", "no advisory data for " + name_space + (options_.offline ? ", and --offline is set" : ""), packages));
      continue;
    }
    const Family& family = *known;
    bool unfixed = false;
    UnixTime oldest = options_.now;
    for (const store::FeedState& feed : feeds_) {
      if (feed.name == kGivenFeed) continue;
      if (std::find(feed.namespaces.begin(), feed.namespaces.end(), name_space) == feed.namespaces.end()) continue;
      unfixed = unfixed || !lists_fixes_only(family, feed.name);
      // A file imported today may have been published long ago.
      const UnixTime fetched = feed.fetched_at_of(name_space);
      oldest = std::min(oldest, feed.published_at > 0 ? std::min(feed.published_at, fetched) : fetched);
    }
    if (options_.now - oldest > options_.max_age_seconds) {
      const std::string age = ago(oldest, options_.now);
      out.push_back(
          page("stale", "advisories for " + name_space + " are " + age + " old (limit " + days(options_.max_age_seconds) + ")", packages));
    }
    if (!unfixed) {
      out.push_back(
          page("fixes_only", "the sources for " + name_space + " list fixes only: vulnerabilities without a fix do not appear", packages));
    }
    if (!family.remark.empty()) out.push_back(page("thin_source", std::string(family.remark), packages));
  }
}

void CoverageBook::notes_pages(std::vector<Coverage>& out) const {
  using namespace coverage_detail;
  struct Seen {
    std::uint32_t notes = 0;
    const Note* first = nullptr;
  };
  std::map<std::string_view, Seen> seen;
  for (const Note& note : inventory_.notes) {
    const bool grave = note.code == "unreadable" || note.code == "bad_record" || note.code == "limit" || note.code == "incomplete";
    if (!grave) continue;
    Seen& one = seen[note.code];
    if (one.notes++ == 0) one.first = &note;
  }
  for (const auto& [code, one] : seen) {
    std::string message = one.first->path.empty() ? "" : text::clean(one.first->path, 200) + ": ";
    message += text::clean(one.first->message, 300);
    if (one.notes > 1) message += " (and " + std::to_string(one.notes - 1) + " more)";
    out.push_back(page(code, std::move(message), 0));
  }
}

void CoverageBook::inventory_pages(std::vector<Coverage>& out, const std::optional<EndOfLife>& eol) const {
  using namespace coverage_detail;
  const Os os = inventory_.systems.empty() ? Os{} : inventory_.systems.front();
  // An image without a distribution may well hold programs only; with one, a database was there and is gone.
  if (!inventory_.had_package_database && (os || inventory_.packages.empty())) {
    out.push_back(page("no_packages", os ? "no package database found in " + title(os) : "no package database found", 0));
  }
  if (is_centos_stream(os)) {
    out.push_back(page("derived",
                       title(os) + " is CentOS Stream, which Red Hat's advisories do not cover: its builds may have a fix under a version that " +
                           "looks older, or lack one",
                       0));
  }
  if (!repositories_.empty()) {
    std::uint32_t packages = 0;
    for (const auto& [repository, n] : repositories_) packages += n;
    const std::string more = repositories_.size() > 1 ? " and " + std::to_string(repositories_.size() - 1) + " others" : "";
    out.push_back(page("unknown_repository",
                       text::plural(packages, "package") + (packages == 1 ? " comes" : " come") + " from repositories that the data does not know (" +
                           text::clean(repositories_.begin()->first, 80) + more + "), and " + (packages == 1 ? "is" : "are") +
                           " judged as if from the main stream",
                       packages));
  }
  if (eol && eol->past) {
    out.push_back(page("end_of_life",
                       title(os) + " has been out of security support since " + eol->date + ": newer vulnerabilities may not be listed",
                       0));
  }
}

std::vector<Coverage> CoverageBook::pages(const std::optional<EndOfLife>& eol) const {
  using namespace coverage_detail;
  std::vector<Coverage> out;
  inventory_pages(out, eol);
  notes_pages(out);
  data_pages(out);
  for (const auto& [key, packages] : refused_) {
    const auto& [code, about] = key;
    std::string message;
    if (code == "unknown_distribution" && about.empty())
      message = "unknown distribution: " + text::plural(packages, "package") + were(packages) + " not judged";
    if (code == "unknown_distribution" && !about.empty()) {
      message =
          "no advisories are known for the distribution " + about + ": " + text::plural(packages, "package") + were(packages) + " not judged";
    }
    if (code == "mixed_families") message = about + ": " + text::plural(packages, "package") + were(packages) + " not judged";
    if (code == "unsupported")
      message = text::plural(packages, about + " package") + were(packages) + " not judged: packages of this type cannot be judged yet";
    if (code == "third_party") {
      message =
          text::plural(packages, "package") + " of " + about + were(packages) + " not judged: the distribution's advisories do not speak of them";
    }
    out.push_back(page(code, std::move(message), packages));
  }
  if (bad_versions_.rows > 0) {
    out.push_back(page("bad_version",
                       bad_versions_.first + ": " + std::to_string(bad_versions_.rows) +
                           (bad_versions_.rows == 1 ? " advisory" : " advisories") + " left open",
                       0));
  }
  if (bad_rows_.rows > 0) {
    const std::string more = bad_rows_.rows > 1 ? " (and " + std::to_string(bad_rows_.rows - 1) + " more)" : "";
    out.push_back(page("bad_advisory", "passed over " + bad_rows_.first + more, 0));
  }
  std::stable_sort(out.begin(), out.end(), [](const Coverage& a, const Coverage& b) {
    return std::make_tuple(order_of(a.code), b.packages, std::string_view(a.message)) <
           std::make_tuple(order_of(b.code), a.packages, std::string_view(b.message));
  });
  return out;
}

}  // namespace eclair::match
