// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// AlmaLinux errata: one document a release, with every build of every notice, its architecture and its module. Fixes only.
// errata.full.json is an object with the list `data`; errata.json, of the same notices, is a dump of a database.
// source: https://errata.almalinux.org/9/errata.full.json (2025-02), aquasecurity/vuln-list-update: alma
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "feeds/rpm_notice.h"
#include "util/text.h"
#include "version/rpm_branch.h"

namespace eclair::feeds {
namespace alma_detail {

bool is_major(std::string_view s) { return !s.empty() && s.size() <= 2 && text::parse_number(s).has_value(); }

/// "9" of ".../9/errata.full.json" and "https://errata.almalinux.org/9/ALSA-2022-4587.html".
std::string_view release_of_path(std::string_view path) {
  std::string_view nearest;
  for (const std::string_view component : text::split(path, '/')) {
    if (is_major(component)) nearest = component;
  }
  return nearest;
}

std::string_view release_of_self(json::Value record) {
  std::string_view out;
  record["references"].each([&](json::Value one) {
    if (one["type"].string() == "self") out = release_of_path(one["href"].string());
    return out.empty();
  });
  return out;
}

/// Numbers and texts alike.
std::string word_of(json::Value value) {
  if (const auto number = value.integer()) return std::to_string(*number);
  return std::string(value.string());
}

/// Seconds, a text, or the dump's {"$date": milliseconds or a text}.
UnixTime time_of(json::Value value) {
  if (const json::Value date = value["$date"]; date) {
    if (const auto milliseconds = date.integer()) return *milliseconds / 1000;
    value = date;
  }
  if (const auto seconds = value.integer()) return *seconds;
  const auto parsed = parse_time(value.string());
  return parsed ? *parsed : 0;
}

class Reader {
 public:
  Reader(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : part_(part), in_(in), limits_(limits), stop_(stop), out_(out) {}

  Result<> run() {
    MemberReader reader(in_, limits_);
    ECLAIR_TRY(const char kind, reader.peek());
    if (kind == '[') {
      ECLAIR_CHECK_OK(reader.enter('['));
      ECLAIR_CHECK_OK(records(reader));
    } else {
      ECLAIR_CHECK_OK(reader.enter('{'));
      bool known = false;
      while (true) {
        ECLAIR_TRY(const bool more, reader.next());
        if (!more) break;
        if (reader.key() != "data") continue;
        ECLAIR_TRY(const char list, reader.peek());
        if (list != '[') return fail(Errc::invalid_input, "not AlmaLinux errata: data is not a list");
        known = true;
        ECLAIR_CHECK_OK(reader.enter('['));
        ECLAIR_CHECK_OK(records(reader));
      }
      if (!known) return fail(Errc::invalid_input, "not AlmaLinux errata: no list data in it");
    }
    ECLAIR_CHECK_OK(reader.finish());
    if (releases_.empty()) releases_.emplace(release_of_path(part_));
    if (releases_.size() > 1) {
      out_.bad_record("alma: notices of releases " + text::join({releases_.begin(), releases_.end()}, " and ") +
                      " in one document; absent records were not removed");
    } else if (!releases_.begin()->empty()) {
      out_.complete("almalinux:" + *releases_.begin());
    }
    return {};
  }

 private:
  Result<> records(MemberReader& reader) {
    return for_each_record(reader, "a notice", limits_, stop_, [this](json::Value one) { return notice(one); });
  }

  Result<> notice(json::Value record) {
    RpmNotice notice;
    notice.id = record["updateinfo_id"].string(record["id"].string());
    if (notice.id.empty()) {
      bad("", "a notice without an id");
      return {};
    }
    // Of bug fixes and enhancements only those that name a vulnerability are advisories.
    const std::string_view type = record["type"].string();
    const bool security = type == "security" || (type.empty() && notice.id.rfind("ALSA-", 0) == 0);
    notice.severity_word = record["severity"].string();
    notice.title = record["title"].string();
    notice.description = record["description"].string();
    notice.published = time_of(record["issued_date"]);
    notice.modified = time_of(record["updated_date"]);
    references(record, notice);
    if (notice.flaws.empty() && !security) return {};

    json::Value list = record["packages"], modules = record["modules"];
    if (const json::Value packages = record["pkglist"]; packages) {
      list = packages["packages"];
      modules = packages["module"];
    }
    if (!list.is_array()) {
      bad(notice.id, "packages is not a list");
      return {};
    }
    std::set<std::string> named;  // by the notice as a whole
    const auto name_module = [&](json::Value module) {
      if (const std::string name(module["name"].string()), stream = word_of(module["stream"]); !name.empty() && !stream.empty()) named.insert(name + ":" + stream);
      return true;
    };
    if (modules.is_object()) name_module(modules);
    modules.each(name_module);

    std::string release(release_of_self(record));
    if (release.empty()) release = release_of_path(part_);
    list.each([&](json::Value package) {
      const std::string evr = word_of(package["epoch"]) + (word_of(package["epoch"]).empty() ? "" : ":") + word_of(package["version"]) + "-" + word_of(package["release"]);
      const std::string_view name = package["name"].string();
      if (release.empty()) release = version::rpm_major(evr);
      if (!is_major(release)) {
        bad(notice.id, "nothing says of which release " + text::quoted(name) + " is");
        release.clear();
        return false;
      }
      add(notice, release, name, evr, package["arch"].string(), package["module"].string(), named);
      return true;
    });
    if (is_major(release)) releases_.insert(release);
    return notice.emit(limits_, stop_, out_);
  }

  static void references(json::Value record, RpmNotice& notice) {
    std::set<std::string> seen;
    record["references"].each([&](json::Value one) {
      const std::string_view type = one["type"].string(), id = one["id"].string(), url = one["href"].string();
      if (type == "cve" && id.rfind("CVE-", 0) == 0) {
        if (!seen.emplace(id).second) return true;
        notice.flaws.push_back({std::string(id), {}, {}, {}});
        if (!url.empty()) notice.flaws.back().urls.emplace_back(url);
      } else if (type == "rhsa" && !id.empty()) {
        notice.references.emplace_back(id);
        if (!url.empty()) notice.urls.emplace_back(url);
      } else if (type == "self" && !url.empty()) {
        notice.urls.emplace_back(url);
      }
      return true;
    });
    std::sort(notice.references.begin(), notice.references.end());
    notice.references.erase(std::unique(notice.references.begin(), notice.references.end()), notice.references.end());
  }

  void add(RpmNotice& notice, const std::string& release, std::string_view name, const std::string& evr, std::string_view arch,
           std::string_view label, const std::set<std::string>& named) {
    std::set<std::string> modules = {std::string(module_of_label(label))};
    if (modules.begin()->empty() && is_module_build(evr)) {
      // The package does not say, the notice does; where it names several, the package may be of any of them.
      modules = named;
      if (modules.empty()) {
        for (std::string& one : modules_of_title(notice.title)) modules.insert(std::move(one));
      }
      if (modules.empty()) {
        bad(notice.id, text::quoted(name) + " " + text::quoted(evr) + " is of a module that is not named");
        return;
      }
    }
    for (const std::string& module : modules) {
      if (notice.add("almalinux:" + release, name, evr, arch, module)) continue;
      bad(notice.id, "a package that is not understood: " + text::quoted(name) + " " + text::quoted(evr) + " " + text::quoted(arch));
      return;
    }
  }

  void bad(std::string_view id, const std::string& why) { out_.bad_record("alma: " + (id.empty() ? std::string() : text::quoted(id) + ": ") + why); }

  const std::string_view part_;
  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  std::set<std::string> releases_;
};

class AlmaFeed final : public Feed {
 public:
  std::string_view id() const override { return "alma"; }
  std::string_view title() const override { return "AlmaLinux errata"; }
  std::string_view url() const override { return "https://errata.almalinux.org/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> families() const override { return {"almalinux"}; }
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    std::vector<std::string> releases;
    for (const std::string& name_space : look.wanted()) {
      if (const std::string_view release = text::cut(name_space, ':').second; is_major(release)) releases.emplace_back(release);
    }
    const bool all = look.wanted().empty();
    if (all) releases = {"8", "9", "10"};
    std::vector<Portion> out;
    for (const std::string& release : releases) {
      Portion one;
      one.name = release;
      // Nothing lists which releases there are; of those that nobody asked for one may be gone, or not be there yet.
      one.documents.push_back({.url = std::string(url()) + release + "/errata.full.json", .optional = all});
      out.push_back(std::move(one));
    }
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(part, in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace alma_detail

const Feed& alma() {
  static const alma_detail::AlmaFeed one;
  return one;
}

}  // namespace eclair::feeds
