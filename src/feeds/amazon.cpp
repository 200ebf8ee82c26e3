// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Amazon Linux: updateinfo.xml, one document a repository: the core of a release, and for Amazon Linux 2 one for each topic of its extras.
// Binary packages with their whole version, by architecture. Nothing unfixed.
// source: the repositories' updateinfo.xml.gz of Amazon Linux 1, 2 and 2023 (2025-02), createrepo_c: src/updateinfo.h
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "util/json.h"
#include "util/text.h"
#include "util/xml.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace amazon_detail {

constexpr std::uint64_t kIndexBytes = 4u << 20;  // mirror list, repomd.xml, catalogue of the extras
constexpr std::size_t kMirrorsTried = 3;

bool all_digits(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), text::is_digit); }

/// "CVE-2024-1"; not "CVE-PENDING".
bool is_cve(std::string_view id) {
  const auto parts = text::split(id, '-');
  return parts.size() == 3 && parts[0] == "CVE" && parts[1].size() == 4 && all_digits(parts[1]) && all_digits(parts[2]);
}

/// Where an advisory belongs, as its id says: "ALAS-2011-1" to Amazon Linux 1, "ALAS2-2018-1002" to 2, "ALAS2KERNEL-5.10-2022-001" to
/// the topic "kernel-5.10" of 2's extras, "ALAS2023LIVEPATCH-2023-001" to a repository beside the core of 2023.
struct Place {
  std::string release, topic;
};
bool place_of(std::string_view id, Place& to) {
  if (id.substr(0, 4) != "ALAS") return false;
  std::string_view rest = id.substr(4);
  // The last two parts are year and number.
  const std::size_t number = rest.rfind('-');
  const std::size_t year = number == std::string_view::npos || number == 0 ? std::string_view::npos : rest.rfind('-', number - 1);
  if (year == std::string_view::npos) return false;
  if (!all_digits(rest.substr(number + 1)) || !all_digits(rest.substr(year + 1, number - year - 1))) return false;
  rest = rest.substr(0, year);
  std::size_t digits = 0;
  while (digits < rest.size() && text::is_digit(rest[digits])) ++digits;
  to.release = digits == 0 ? "1" : std::string(rest.substr(0, digits));
  to.topic = text::lower(rest.substr(digits));
  return to.release == "1" || to.release == "2" || (to.release.size() == 4 && to.release > "2020");
}

/// The version that a topic is named after: "5.10" of kernel-5.10, "14" of postgresql14; "" of docker.
std::string_view version_of_topic(std::string_view topic) {
  std::size_t start = topic.size();
  while (start > 0 && (text::is_digit(topic[start - 1]) || topic[start - 1] == '.')) --start;
  while (start < topic.size() && topic[start] == '.') ++start;
  return topic.substr(start);
}

/// The versions that rows of a topic speak of start here; "" = with the first one.
/// A topic with a version is another stream of packages that are in the core too, or in other topics: whoever has the core's kernel 4.14
/// must not be told that it is fixed in 5.10.205. The package's own version tells its series where it does not follow the topic's.
std::string stream_of(std::string_view topic, std::string_view version) {
  const std::string_view of_topic = version_of_topic(topic);
  if (of_topic.empty()) return {};
  const std::size_t colon = version.find(':');
  const std::string epoch(version.substr(0, colon == std::string_view::npos ? 0 : colon + 1));
  version.remove_prefix(epoch.size());
  const bool starts = version.substr(0, of_topic.size()) == of_topic;
  const bool follows = starts && (version.size() == of_topic.size() || !text::is_digit(version[of_topic.size()]));
  return epoch + std::string(follows ? of_topic : version.substr(0, version.find_first_not_of("0123456789")));
}

/// The paragraphs of a description by the vulnerability that their first line names ("CVE-2024-1:").
std::map<std::string, std::string> paragraphs(std::string_view description) {
  std::map<std::string, std::string> out;
  std::string* current = nullptr;
  for (const std::string_view line : text::split(description, '\n')) {
    const std::string_view trimmed = text::trim(line);
    if (!trimmed.empty() && trimmed.back() == ':' && is_cve(trimmed.substr(0, trimmed.size() - 1))) {
      current = &out[std::string(trimmed.substr(0, trimmed.size() - 1))];
      current->clear();
    } else if (current != nullptr) {
      if (!current->empty() || !trimmed.empty()) *current += std::string(current->empty() ? "" : "\n") + std::string(trimmed);
    }
  }
  for (auto& [id, words] : out) words = std::string(text::trim(words));
  return out;
}

/// One <update>.
struct Update {
  std::string id, type, title, severity, description, issued, updated;
  std::set<std::string> cves;
  struct Fix {
    std::string name, version;
    auto operator<=>(const Fix&) const = default;
  };
  std::map<Fix, std::set<std::string>> fixes;  ///< with the architectures; none = any
  std::uint64_t bytes = 0;                     ///< held, roughly
};

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : xml_(in, limits), limits_(limits), stop_(stop), out_(out), rpm_(version::find_scheme("rpm")) {}

  Result<> run() {
    ECLAIR_TRY(const bool root, xml_.child(0));
    if (!root || xml_.name() != "updates") {
      return fail(Errc::invalid_input, "not an updateinfo document: the root is " + text::quoted(xml_.name()));
    }
    std::uint64_t updates = 0;
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool more, xml_.child(1));
      if (!more) break;
      if (xml_.name() != "update") continue;
      ++updates;
      ECLAIR_CHECK_OK(update());
    }
    ECLAIR_TRY(const bool tail, xml_.child(0));
    static_cast<void>(tail);
    // Of another distribution, then. A repository without any update speaks for nothing.
    if (updates > 0 && places_.empty()) return fail(Errc::invalid_input, "not a document of Amazon Linux: no advisory ALAS... in it");
    for (const auto& [release, piece] : places_) out_.complete("amzn:" + release, piece);
    return {};
  }

 private:
  Result<> update() {
    Update one;
    one.type = xml_.attribute("type");
    const std::uint32_t level = xml_.depth();
    while (true) {
      ECLAIR_TRY(const bool more, xml_.child(level));
      if (!more) break;
      const std::string_view name = xml_.name();
      if (name == "id") {
        ECLAIR_CHECK_OK(take(one, one.id));
      } else if (name == "title") {
        ECLAIR_CHECK_OK(take(one, one.title));
      } else if (name == "severity") {
        ECLAIR_CHECK_OK(take(one, one.severity));
      } else if (name == "description") {
        ECLAIR_CHECK_OK(take(one, one.description));
      } else if (name == "issued") {
        one.issued = xml_.attribute("date");
      } else if (name == "updated") {
        one.updated = xml_.attribute("date");
      } else if (name == "references") {
        ECLAIR_CHECK_OK(references(one));
      } else if (name == "pkglist") {
        ECLAIR_CHECK_OK(collections(one));
      }
    }
    Place place;
    if (!place_of(one.id, place)) {
      bad(one.id, "not an advisory of Amazon Linux");
      return {};
    }
    places_.emplace(place.release, place.topic.empty() ? "core" : place.release == "2" ? "extras" : place.topic);
    // News of features, without a flaw.
    if (one.cves.empty() && !one.type.empty() && one.type != "security") return {};
    return tell(one, place);
  }

  Result<> take(Update& one, std::string& into) {
    ECLAIR_TRY(const std::string words, xml_.text());
    into = text::trim(words);
    return hold(one, into.size());
  }

  Result<> hold(Update& one, std::size_t bytes) {
    one.bytes += bytes + 64;
    if (one.bytes <= limits_.feed_member_bytes) return {};
    const std::string bound = "feed_member_bytes (" + std::to_string(limits_.feed_member_bytes) + ")";
    return fail(Errc::limit, text::quoted(one.id) + " is larger than " + bound);
  }

  Result<> references(Update& one) {
    const std::uint32_t level = xml_.depth();
    while (true) {
      ECLAIR_TRY(const bool more, xml_.child(level));
      if (!more) return {};
      if (xml_.name() != "reference" || xml_.attribute("type") != "cve") continue;
      const std::string_view id = text::trim(xml_.attribute("id"));
      if (is_cve(id) && one.cves.emplace(id).second) ECLAIR_CHECK_OK(hold(one, id.size()));
    }
  }

  Result<> collections(Update& one) {
    const std::uint32_t level = xml_.depth();
    while (true) {
      ECLAIR_TRY(const bool more, xml_.child(level));
      if (!more) return {};
      const std::uint32_t inside = xml_.depth();
      while (true) {
        ECLAIR_TRY(const bool another, xml_.child(inside));
        if (!another) break;
        if (xml_.name() == "package") ECLAIR_CHECK_OK(package(one));
      }
    }
  }

  Result<> package(Update& one) {
    const std::string_view arch = xml_.attribute("arch");
    if (arch == "src" || arch == "nosrc") return {};  // under the source's name; binary packages are matched
    Update::Fix fix;
    fix.name = xml_.attribute("name");
    const std::string_view epoch = xml_.attribute("epoch"), version = xml_.attribute("version"), release = xml_.attribute("release");
    const bool counts = epoch.empty() || all_digits(epoch);
    if (!epoch.empty() && epoch != "0") fix.version = std::string(epoch) + ":";
    fix.version += version;
    if (!release.empty()) fix.version += "-" + std::string(release);
    if (fix.name.empty() || version.empty() || !counts || !rpm_->is_valid(fix.version)) {
      bad(one.id, "package " + text::quoted(fix.name) + " has no version that is one: " + text::quoted(fix.version));
      return {};
    }
    ECLAIR_CHECK_OK(hold(one, fix.name.size() + fix.version.size() + arch.size()));
    std::set<std::string>& arches = one.fixes[std::move(fix)];
    if (!arch.empty()) arches.emplace(arch);
    return {};
  }

  Result<> tell(const Update& one, const Place& place) {
    const std::string name_space = "amzn:" + place.release;
    std::vector<std::string> ids(one.cves.begin(), one.cves.end());
    if (ids.empty()) ids.push_back(one.id);  // also where the CVE was pending
    if (one.fixes.empty()) bad(one.id, "no package in it");
    if (one.fixes.size() > limits_.feed_record_rows / ids.size()) {
      const std::string bound = "feed_record_rows (" + std::to_string(limits_.feed_record_rows) + ")";
      return fail(Errc::limit, text::quoted(one.id) + " makes more rows than " + bound);
    }
    Advisory row;
    row.record = one.id;
    row.status = Status::fixed;
    row.name_kind = NameKind::binary;
    row.severity_word = one.severity;
    static_cast<void>(parse(row.severity_word, row.severity));
    for (const auto& [fix, arches] : one.fixes) {
      row.fixed_in = fix.version;
      row.ranges = {Range{.introduced = stream_of(place.topic, fix.version), .upper = fix.version}};
      row.arches.assign(arches.begin(), arches.end());
      for (const std::string& id : ids) {
        row.vulnerability = id;
        row.references = {};
        if (id != one.id) row.references = {one.id};
        ECLAIR_CHECK_OK(out_.advisory(name_space, fix.name, row));
      }
    }
    return texts(one);
  }

  Result<> texts(const Update& one) {
    if (one.cves.empty()) {
      VulnerabilityText text;
      text.id = one.id;
      text.title = one.title;
      text.description = one.description;
      static_cast<void>(parse(one.severity, text.severity));
      if (const auto time = parse_time(one.issued)) text.published = *time;
      if (const auto time = parse_time(one.updated)) text.modified = *time;
      return out_.vulnerability(std::move(text));
    }
    for (auto& [id, words] : paragraphs(one.description)) {
      if (one.cves.count(id) == 0 || words.empty()) continue;
      VulnerabilityText text;
      text.id = id;
      text.description = words;
      ECLAIR_CHECK_OK(out_.vulnerability(std::move(text)));
    }
    return {};
  }

  void bad(std::string_view id, std::string_view why) {
    out_.bad_record("amazon: " + (id.empty() ? "an update without id" : text::quoted(id)) + ": " + text::clean(why, 300));
  }

  xml::Reader xml_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme* rpm_;
  std::set<std::pair<std::string, std::string>> places_;  ///< release and piece of every advisory
};

/// What repomd.xml says of the updateinfo; an empty location: there is none.
struct UpdateInfo {
  std::string location, digest;
  std::uint64_t bytes = 0;
};
Result<UpdateInfo> read_repomd(const ByteSource& in, const Limits& limits) {
  UpdateInfo out;
  xml::Reader reader(in, limits);
  ECLAIR_TRY(const bool root, reader.child(0));
  if (!root || reader.name() != "repomd") return fail(Errc::invalid_input, "not a repomd document");
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(1));
    if (!more) break;
    if (reader.name() != "data" || reader.attribute("type") != "updateinfo") continue;
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool another, reader.child(level));
      if (!another) break;
      if (reader.name() == "location") {
        out.location = reader.attribute("href");
      } else if (reader.name() == "checksum" && reader.attribute("type") == "sha256") {
        ECLAIR_TRY(const std::string hex, reader.text());
        out.digest = "sha256:" + std::string(text::trim(hex));
      } else if (reader.name() == "size") {
        ECLAIR_TRY(const std::string size, reader.text());
        out.bytes = text::parse_number(text::trim(size)).value_or(0);
      }
    }
  }
  ECLAIR_TRY(const bool tail, reader.child(0));
  static_cast<void>(tail);
  return out;
}

/// The first mirrors of a list; each line is a base URL.
std::vector<std::string> mirrors_of(std::string_view list) {
  std::vector<std::string> out;
  for (const std::string_view line : text::split(list, '\n')) {
    std::string base(text::trim(line));
    if (base.rfind("https://", 0) != 0 && base.rfind("http://", 0) != 0) continue;
    constexpr std::string_view kArch = "$basearch";
    if (const auto at = base.find(kArch); at != std::string::npos) base.replace(at, kArch.size(), "x86_64");
    while (base.back() == '/') base.pop_back();
    out.push_back(std::move(base));
    if (out.size() == kMirrorsTried) break;
  }
  return out;
}

struct Release {
  std::string_view name, mirrors, extras;
  bool may_be_gone;  ///< out of support, or was a preview
};
constexpr Release kReleases[] = {
    {"1", "http://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list", "", true},
    {"2", "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list", "https://cdn.amazonlinux.com/2/extras-catalog.json", false},
    {"2022", "https://cdn.amazonlinux.com/al2022/core/mirrors/latest/x86_64/mirror.list", "", true},
    {"2023", "https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list", "", false},
};

class AmazonFeed final : public Feed {
 public:
  std::string_view id() const override { return "amazon"; }
  std::string_view title() const override { return "Amazon Linux updateinfo"; }
  std::string_view url() const override { return "https://cdn.amazonlinux.com/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> pieces(std::string_view name_space) const override {
    if (name_space == "amzn:2") return {"core", "extras"};
    return {"core"};
  }
  std::vector<std::string_view> families() const override { return {"amzn"}; }
  bool is_document(std::string_view name) const override {
    constexpr std::string_view kEnd = ".xml";
    return name.find("updateinfo") != std::string_view::npos && name.size() > kEnd.size() && name.substr(name.size() - kEnd.size()) == kEnd;
  }

  /// Mirror list, repomd.xml, updateinfo.xml.gz: the x86_64 repositories name the packages of every architecture.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    std::vector<Portion> out;
    for (const Release& release : kReleases) {
      if (!look.wants("amzn:" + std::string(release.name))) continue;
      Portion one;
      one.name = release.name;
      auto core = repository(look, std::string(release.mirrors), one);
      if (!core && core.error().code == Errc::not_found && release.may_be_gone) continue;
      ECLAIR_CHECK_OK(std::move(core));
      if (!release.extras.empty()) ECLAIR_CHECK_OK(extras(look, std::string(release.extras), one));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }

 private:
  /// Where repomd.xml of the repository that a mirror list leads to may be.
  static Result<std::vector<std::string>> repositories_of(const ByteSource& list, const std::string& list_url) {
    ECLAIR_TRY(const std::string text, read_all(list, kIndexBytes));
    std::vector<std::string> mirrors = mirrors_of(text);
    if (mirrors.empty()) return fail(Errc::invalid_input, "no mirror in " + list_url);
    return mirrors;
  }

  /// Adds the updateinfo that repomd.xml names; a repository may have none.
  static Result<> add(const ByteSource& repomd, const std::string& base, Portion& into) {
    auto found = read_repomd(repomd, Limits{});
    if (!found) return fail(std::move(found).error().within(base + "/repodata/repomd.xml"));
    if (found->location.empty()) return {};
    into.documents.push_back({.url = base + "/" + found->location, .digest = found->digest, .bytes = found->bytes});
    return {};
  }

  /// Adds the updateinfo of the first of these mirrors that answers; last: why the one before them did not.
  static Result<> first_of(Lookup& look, const std::vector<std::string>& mirrors, std::size_t from, Error last, Portion& into) {
    const auto may_be_elsewhere = [&] { return from == 0 || last.code == Errc::not_found || last.code == Errc::unavailable; };
    for (; from < mirrors.size() && may_be_elsewhere(); ++from) {
      auto repomd = look.read(mirrors[from] + "/repodata/repomd.xml");
      if (repomd) return add(**repomd, mirrors[from], into);
      last = std::move(repomd).error();
    }
    return fail(std::move(last));
  }

  static Result<> repository(Lookup& look, const std::string& list_url, Portion& into) {
    ECLAIR_TRY(const auto list, look.read(list_url));
    ECLAIR_TRY(const std::vector<std::string> mirrors, repositories_of(*list, list_url));
    return first_of(look, mirrors, 0, {}, into);
  }

  static Result<> extras(Lookup& look, const std::string& catalogue, Portion& into) {
    ECLAIR_TRY(const auto bytes, look.read(catalogue));
    ECLAIR_TRY(const std::string text, read_all(*bytes, kIndexBytes));
    json::Document document;
    auto parsed = document.parse(text);
    if (!parsed) return fail(std::move(parsed).error().within(catalogue));
    const json::Value topics = (*parsed)["topics"];
    if (!topics.is_array()) return fail(Errc::invalid_input, catalogue + ": no list of topics");
    std::set<std::string> names;
    topics.each([&](json::Value topic) {
      const std::string_view name = topic["n"].string();
      const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '-' || c == '_' || c == '+';
      });
      if (plain && name != "." && name != "..") names.emplace(name);
      return true;
    });
    // Dozens of topics, each with two small documents to ask for: some at once.
    const std::string base = catalogue.substr(0, catalogue.rfind('/'));
    std::vector<std::string> lists, repomds;
    for (const std::string& name : names) lists.push_back(base + "/extras/" + name + "/latest/x86_64/mirror.list");
    std::vector<std::vector<std::string>> mirrors;
    auto answers = look.read_each(lists);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (!answers[i] && answers[i].error().code == Errc::not_found) continue;  // not every topic is for x86_64, or for now
      if (!answers[i]) return fail(std::move(answers[i]).error());
      ECLAIR_TRY(std::vector<std::string> found, repositories_of(**answers[i], lists[i]));
      repomds.push_back(found.front() + "/repodata/repomd.xml");
      mirrors.push_back(std::move(found));
    }
    answers = look.read_each(repomds);
    for (std::size_t i = 0; i < repomds.size(); ++i) {
      auto done = answers[i] ? add(**answers[i], mirrors[i].front(), into) : first_of(look, mirrors[i], 1, std::move(answers[i]).error(), into);
      if (!done && done.error().code != Errc::not_found) return done;
    }
    return {};
  }
};

}  // namespace amazon_detail

const Feed& amazon() {
  static const amazon_detail::AmazonFeed one;
  return one;
}

}  // namespace eclair::feeds
