// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "feeds/clair_joiner.h"
#include "model/clair_names.h"
#include "feeds/clair_updates.h"
#include "feeds/clair_words.h"
#include "feeds/cvss.h"
#include "feeds/enrichment.h"
#include "feeds/feed.h"
#include "feeds/osv_ecosystems.h"
#include "feeds/redhat_products.h"
#include "util/bytes.h"
#include "util/json.h"
#include "util/plural.h"
#include "util/text.h"
#include "util/time.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace clair_updates_read_detail {

using store::AdvisoryStore;

constexpr std::size_t kShown = 20;         // of faults outside an import
constexpr std::size_t kMostNames = 5'000;  // flaws, architectures or products of one record
constexpr std::size_t kMostUpdaters = 10'000;
constexpr std::size_t kTextsKnown = 1u << 16;
constexpr std::uint64_t kStopEvery = 256;  // lines between looks at the interrupt
constexpr std::string_view kOurs = "eclair-";
constexpr std::string_view kContainers = "rhcc-container-repository";

/// Lines of a stream, of which only one is held.
class Lines {
 public:
  Lines(std::unique_ptr<ByteStream> in, const Limits& limits)
      : in_(std::move(in)), most_(limits.feed_member_bytes), limit_(limits.spool_bytes), left_(limits.spool_bytes) {}

  /// false: the end. The view is good until the next call.
  Result<bool> next(std::string_view& line) {
    line_.clear();
    cut_ = false;
    while (true) {
      if (at_ == piece_.size()) {
        ECLAIR_TRY(piece_, in_->next());
        at_ = 0;
        if (piece_.size() > left_)
          return fail(Errc::limit, "Clair's updates take more than spool_bytes (" + std::to_string(limit_) + "), unpacked");
        left_ -= piece_.size();
        if (piece_.empty()) {
          ended_ = false;
          line = line_;
          number_ += line_.empty() && !cut_ ? 0 : 1;
          return !line_.empty() || cut_;
        }
      }
      const std::string_view rest = piece_.substr(at_);
      const std::size_t end = rest.find('\n');
      const std::string_view part = rest.substr(0, end);
      at_ += end == std::string_view::npos ? rest.size() : end + 1;
      if (line_.size() + part.size() > most_) {
        cut_ = true;
        line_.clear();
      } else if (!cut_) {
        line_ += part;
      }
      if (end == std::string_view::npos) continue;
      ++number_;
      ended_ = true;
      line = line_;
      return true;
    }
  }
  bool cut() const { return cut_; }      ///< the line was too long and is not given
  bool ended() const { return ended_; }  ///< by an end of line, rather than by that of the file
  std::uint64_t number() const { return number_; }

 private:
  std::unique_ptr<ByteStream> in_;
  const std::uint64_t most_, limit_;
  std::uint64_t left_;
  std::string_view piece_;
  std::size_t at_ = 0;
  std::string line_;
  std::uint64_t number_ = 0;
  bool cut_ = false, ended_ = true;
};

/// One of our feeds while operations of its updaters are read.
struct FeedInto {
  const store::FeedState* here = nullptr;
  std::unique_ptr<AdvisoryStore::Import> import;
  std::uint64_t rows = 0;
  bool refused = false;
  UnixTime date = 0;                                ///< of its oldest operation
  std::map<std::string, UnixTime> spaces;           ///< that operations speak for, with the oldest one's date
  std::set<std::string> part_main, part_community;  ///< of Alpine's releases, told by one of two updaters each
  std::set<std::string> whole;
};

/// What feeds write to, as an import takes it.
class ImportSink final : public AdvisorySink {
 public:
  explicit ImportSink(AdvisoryStore::Import& to) : to_(to) {}
  Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
    return to_.advisory(name_space, package, std::move(row));
  }
  Result<> vulnerability(VulnerabilityText text) override { return to_.vulnerability(std::move(text)); }
  void complete(std::string_view name_space, std::string_view) override { to_.complete(name_space); }
  Result<> remove(std::string_view record) override { return to_.remove(record); }
  void bad_record(std::string message) override { to_.bad_record(std::move(message)); }

 private:
  AdvisoryStore::Import& to_;
};

class Reader {
 public:
  Reader(AdvisoryStore& store, const store::DataSetOptions& options, const Limits& limits, const Cancel& stop,
         const store::DataSetProgress& progress)
      : store_(store), options_(options), limits_(limits), stop_(stop), progress_(progress), joiner_([this](ClairRow row) {
          return give(std::move(row));
        }) {}

  Result<ClairImport> run(std::unique_ptr<ByteStream> in) {
    ECLAIR_TRY(states_, store_.feeds());
    ECLAIR_TRY(batch_, store_.begin_batch());
    Lines lines(decompress(std::move(in), limits_), limits_);
    while (true) {
      std::string_view line;
      ECLAIR_TRY(const bool more, lines.next(line));
      if (!more) break;
      number_ = lines.number();
      if (number_ % kStopEvery == 0 && stop_.requested()) return fail(Errc::cancelled, "stopped");
      if (lines.cut()) {
        bad("longer than feed_member_bytes (" + std::to_string(limits_.feed_member_bytes) + ")");
        continue;
      }
      if (text::trim(line).empty()) continue;
      const auto value = document_.parse(line, limits_.json_depth);
      if (!value && !lines.ended()) return fail(Errc::invalid_input, "Clair's updates end within line " + std::to_string(number_));
      if (!value || !value->is_object()) {
        bad(value ? "not an object" : value.error().text);
        continue;
      }
      ECLAIR_CHECK_OK(record(*value));
    }
    ECLAIR_CHECK_OK(joiner_.finish());
    return finish();
  }

 private:
  Result<> record(json::Value line) {
    const std::string_view updater = line["Updater"].string(), kind = line["Kind"].string(), ref = line["Ref"].string();
    if (updater.empty() || kind.empty()) {
      bad("no Updater or no Kind");
      return {};
    }
    ++records_;
    if (updater != updater_ || ref != ref_ || kind != kind_) ECLAIR_CHECK_OK(operation(line, updater, kind, ref));
    if (feed_.empty()) {
      ++unknown_[unknown_.size() < kMostUpdaters ? updater_ : "other updaters"];
      return {};
    }
    FeedInto& into = feeds_[feed_];
    if (into.refused) return {};
    if (kind_ == "enrichment") return enrichment(line["Enrichment"], into);
    if (kind_ == "vulnerability") return vulnerability(line["Vuln"], into);
    bad("Kind is " + text::quoted(kind_));
    return {};
  }

  Result<> operation(json::Value line, std::string_view updater, std::string_view kind, std::string_view ref) {
    ECLAIR_CHECK_OK(joiner_.finish());
    updater_ = updater;
    kind_ = kind;
    ref_ = ref;
    if (updater_.size() > 1024 || ref_.size() > 1024)
      return fail(Errc::invalid_input, "Clair's updates: line " + std::to_string(number_) + ": the name of an updater is too long");
    feed_ = feed_of_clair_updater(updater_);
    if ((kind_ == "enrichment") != (feed_ == "nvd" || feed_ == "epss" || feed_ == "kev")) feed_ = {};
    if (feed_.empty()) return {};
    if (operations_.size() >= kMostUpdaters)
      return fail(Errc::limit, "Clair's updates have more than " + std::to_string(kMostUpdaters) + " operations");
    const auto [known, is_new] = operations_.emplace(updater_, ref_);
    if (!is_new && known->second != ref_) {
      return fail(Errc::invalid_input, "Clair's updates: " + text::quoted(updater_) +
                                           " has two operations, and which of them is the newer cannot be told from their rows");
    }
    ours_ = line["Fingerprint"].string().substr(0, kOurs.size()) == kOurs;
    const auto date = parse_time(line["Date"].string());
    // Of the far future nothing could be newer; without a date it is as old as can be.
    date_ = date && *date > 0 ? std::min(*date, options_.at) : 1;
    last_source_.clear();
    FeedInto& into = feeds_[feed_];
    if (into.import == nullptr && !into.refused) {
      const auto here = std::find_if(states_.begin(), states_.end(), [&](const store::FeedState& one) { return one.name == feed_; });
      into.here = here == states_.end() ? nullptr : &*here;
      into.import = batch_->begin_import(feed_, options_.origin, options_.at);
    }
    into.date = into.date == 0 ? date_ : std::min(into.date, date_);
    return {};
  }

  /// Notes that the operation speaks of a namespace. false: what is here is newer, and the feed is passed over.
  bool enter(FeedInto& into, const std::string& name_space) {
    const auto [at, is_new] = into.spaces.emplace(name_space, date_);
    if (is_new || date_ < at->second) {
      at->second = date_;
      const bool here = into.here != nullptr &&
                        std::find(into.here->namespaces.begin(), into.here->namespaces.end(), name_space) != into.here->namespaces.end();
      const UnixTime known = here ? into.here->fetched_at_of(name_space) : 0;
      if (known > date_ && !options_.allow_older) {
        into.refused = true;
        into.import.reset();
        refused_.emplace(feed_, std::string(feed_) + ": what is here is of " + rfc3339(known) + ", and the file's of " + rfc3339(date_));
        return false;
      }
    }
    if (feed_ != "alpine" || ours_) {
      into.whole.insert(name_space);
    } else if (updater_.find("-main-") != std::string::npos) {
      into.part_main.insert(name_space);
    } else if (updater_.find("-community-") != std::string::npos) {
      into.part_community.insert(name_space);
    }
    return true;
  }

  // ---- vulnerabilities

  Result<> vulnerability(json::Value v, FeedInto& into) {
    const std::string name(text::trim(v["name"].string())), package(v["package"]["name"].string());
    if (name.empty() || package.empty()) {
      bad("no name of a vulnerability or a package");
      return {};
    }
    const bool language = feed_ == "osv";
    std::vector<std::string> spaces;
    std::string cpe;
    if (!places(v, language, spaces, cpe)) return {};
    ClairRow row;
    row.package = package;
    if (language) row.package = osv_package_name(osv_ecosystem(spaces.front()), package);
    Advisory& a = row.advisory;
    if (!cpe.empty()) a.cpes = {cpe};
    a.module = v["package"]["module"].string();
    if (!arches(v, a)) return {};
    const std::string_view kind = v["package"]["kind"].string();
    const bool by_source = feed_ == "debian" || feed_ == "ubuntu" || feed_ == "alpine" || feed_ == "redhat-vex";
    a.name_kind = language           ? NameKind::both
                  : kind == "source" ? NameKind::source
                  : kind == "binary" ? NameKind::binary
                  : by_source        ? NameKind::source
                                     : NameKind::binary;
    const version::Scheme* const scheme = scheme_of();
    if (!(language ? versions_of_language(v, a) : versions(v, scheme, a))) return {};
    if (is_repeated(name, spaces.front(), a)) return {};
    a.severity_word = v["severity"].string();
    if (!parse(v["normalized_severity"].string(), a.severity)) a.severity = Severity::unknown;
    VulnerabilityText text = text_of(v);
    if (a.severity_word.substr(0, 5) == "CVSS:") {
      text.cvss.push_back({std::string(cvss_version(a.severity_word)), a.severity_word, cvss_base_score(a.severity_word).value_or(-1)});
      a.severity_word.clear();
    }
    const std::vector<std::string> flaws = names(v, name, a);
    for (const std::string& space : spaces) {
      if (!enter(into, space)) return {};
      for (const std::string& flaw : flaws) {
        row.name_space = space;
        a.vulnerability = flaw;
        ECLAIR_CHECK_OK(joiner_.add(row, language, scheme));
      }
    }
    return texts(flaws, std::move(text), into);
  }

  /// false: told and dropped, or passed over.
  bool places(json::Value v, bool language, std::vector<std::string>& spaces, std::string& cpe) {
    const json::Value repository = v["repository"];
    if (language) {
      const std::string_view name = namespace_of_clair_repository(repository["name"].string());
      if (name.empty()) {
        bad("a repository that is not known: " + text::quoted(repository["name"].string()));
        return false;
      }
      spaces.emplace_back(name);
      return true;
    }
    const json::Value d = v["distribution"];
    const auto member = [&](std::string_view key) { return std::string(d[key].string()); };
    const ClairDistribution distribution{
        member("did"), member("name"), member("version"), member("version_code_name"), member("version_id"), "", member("pretty_name")};
    if (repository["key"].string() == kContainers) {
      ++passed_["are of Red Hat's container images, rather than of packages"];
      return false;
    }
    if (const std::string_view said = repository["cpe"].string(repository["name"].string()); feed_ == "redhat-vex") {
      cpe = cpe_uri(said.empty() ? repository["name"].string() : said);
      if (cpe.empty()) {
        bad("a product that is no CPE: " + text::quoted(said));
        return false;
      }
    }
    if (std::string name_space = namespace_of_clair(distribution); !name_space.empty()) {
      spaces.push_back(std::move(name_space));
    } else if (!cpe.empty()) {
      for (const std::string_view release : redhat_releases(cpe, v["fixed_in_version"].string()))
        spaces.push_back("rhel:" + std::string(release));
    } else if (distribution.did == "sles") {
      ++passed_["are of all service packs of SUSE Linux Enterprise together"];
      return false;
    }
    // An updater speaks of its own distribution alone.
    static constexpr std::pair<std::string_view, std::string_view> kFamilies[] = {
        {"debian", "debian"}, {"ubuntu", "ubuntu"},   {"alpine", "alpine"}, {"amazon", "amzn"},       {"oracle", "ol"},
        {"photon", "photon"}, {"redhat-vex", "rhel"}, {"suse", "sles"},     {"suse", "opensuse-leap"}};
    const auto fits = [&](const std::string& name) {
      return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                         [&](const auto& one) { return one.first == feed_ && text::cut(name, ':').first == one.second; });
    };
    if (spaces.empty() || !std::all_of(spaces.begin(), spaces.end(), fits)) {
      bad("a distribution that is not known: " +
          text::quoted(distribution.did + " " + distribution.version_id + " " + distribution.version));
      return false;
    }
    return true;
  }

  bool arches(json::Value v, Advisory& a) {
    const std::string_view arch = v["package"]["arch"].string(), how = v["arch_op"].string();
    if (arch.empty() || how.empty()) return true;
    if (how != "equals" && how != "pattern match") {
      ++passed_["hold for all architectures but some"];
      return false;
    }
    for (const std::string_view one : text::split(arch, '|')) {
      const bool plain = !one.empty() && one.size() < 32 && std::all_of(one.begin(), one.end(), [](char c) {
        return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-';
      });
      if (!plain || a.arches.size() >= kMostNames) {
        bad("a pattern of architectures that is no list: " + text::quoted(arch));
        return false;
      }
      a.arches.emplace_back(one);
    }
    std::sort(a.arches.begin(), a.arches.end());
    a.arches.erase(std::unique(a.arches.begin(), a.arches.end()), a.arches.end());
    return true;
  }

  const version::Scheme* scheme_of() const {
    if (feed_ == "osv") return nullptr;
    return version::find_scheme(feed_ == "debian" || feed_ == "ubuntu" ? "dpkg" : feed_ == "alpine" ? "apk" : "rpm");
  }

  bool versions(json::Value v, const version::Scheme* scheme, Advisory& a) {
    std::string fixed(text::trim(v["fixed_in_version"].string()));
    if (feed_ == "redhat-vex" && fixed.substr(0, 2) == "0:") fixed.erase(0, 2);  // as our own reader of the same source has it
    if (fixed.empty()) {
      a.status = Status::affected;
      return true;
    }
    if (fixed == "0") {  // "fixed from the beginning" is how Debian and Alpine say never
      a.status = Status::not_affected;
      return true;
    }
    if (scheme == nullptr || !scheme->is_valid(fixed)) {
      bad("fixed in what is no version: " + text::quoted(fixed));
      return false;
    }
    a.ranges = {Range{.upper = fixed}};
    // A build of the paid maintenance is no fix that everybody can have: as our own reader of Ubuntu's data says it.
    if (feed_ == "ubuntu" && fixed.find("esm") != std::string::npos) {
      a.status = Status::will_not_fix;
      a.reason = "fixed for Ubuntu Pro in " + fixed;
      return true;
    }
    a.status = Status::fixed;
    a.fixed_in = std::move(fixed);
    return true;
  }

  bool versions_of_language(json::Value v, Advisory& a) {
    const std::string_view fixed = text::trim(v["fixed_in_version"].string());
    Range range;
    if (const json::Value bounds = v["range"]; bounds.is_object() && bounds.size() > 0) {
      const auto from = clair_semver(bounds["["].string()), until = clair_semver(bounds[")"].string());
      if (!from || !until) {
        bad("a range that is not of semantic versions");
        return false;
      }
      range.semver = true;
      if (from->parts != ClairSemver{}.parts) range.introduced = from->text();
      if (!fixed.empty()) {
        range.upper = fixed;
      } else if (!until->end) {
        // The patch after the last one that is affected.
        ClairSemver last = *until;
        range.upper_inclusive = last.parts[2] > 0;
        if (range.upper_inclusive) --last.parts[2];
        range.upper = last.text();
      }
    } else if (fixed.find('=') != std::string_view::npos) {
      for (const std::string_view pair : text::split(fixed, '&')) {
        const auto [key, encoded] = text::cut(pair, '=');
        std::string value = query_decoded(encoded);
        if (key == "introduced") {
          range.introduced = value == "0" ? std::string() : std::move(value);
        } else if (key == "fixed" || (key == "lastAffected" && range.upper.empty())) {
          range.upper = std::move(value);
          range.upper_inclusive = key == "lastAffected";
        }
      }
    } else {
      range.upper = fixed;
    }
    if (!range.upper_inclusive) a.fixed_in = range.upper;
    a.status = a.fixed_in.empty() ? Status::affected : Status::fixed;
    a.ranges = {std::move(range)};
    return true;
  }

  /// Clair tells Debian's source packages again under the names of what is built from them, whose versions may be others.
  bool is_repeated(const std::string& name, const std::string& space, const Advisory& a) {
    if (feed_ != "debian") return false;
    const std::string key = name + ' ' + space + ' ' + a.fixed_in;
    if (a.name_kind != NameKind::binary) {
      last_source_ = key;
      return false;
    }
    if (key != last_source_ || ours_) return false;
    ++passed_["repeat what is said of a source package of Debian's"];
    return true;
  }

  /// The flaws that a record is about. Notices are named as such, with their CVEs in the links.
  std::vector<std::string> names(json::Value v, const std::string& name, Advisory& a) {
    if (ours_) {
      a.record = v["id"].string();
      if (a.record == name) a.record.clear();
      if (!a.record.empty()) (feed_ == "osv" ? a.aliases : a.references) = {a.record};
      return {name};
    }
    if (is_cve_id(name)) return {name};
    const std::string id = id_of_title(name);
    std::vector<std::string> aliases = clair_aliases(v["Aliases"]), flaws;
    std::copy_if(aliases.begin(), aliases.end(), std::back_inserter(flaws), is_cve_id);
    if (flaws.empty()) flaws = cves_of_links(v["links"].string());
    // Links of a language's record may lead to flaws that are merely like it.
    if (flaws.empty() || (feed_ == "osv" && flaws.size() > 1)) {
      std::sort(aliases.begin(), aliases.end());
      a.aliases = std::move(aliases);
      return {id};
    }
    a.record = id;
    if (feed_ == "osv") {
      aliases.push_back(id);
      aliases.erase(std::remove(aliases.begin(), aliases.end(), flaws.front()), aliases.end());
      std::sort(aliases.begin(), aliases.end());
      aliases.erase(std::unique(aliases.begin(), aliases.end()), aliases.end());
      a.aliases = std::move(aliases);
    } else {
      a.references = {id};
    }
    return flaws;
  }

  static VulnerabilityText text_of(json::Value v) {
    VulnerabilityText out;
    out.description = v["description"].string();
    for (const std::string_view url : text::words(v["links"].string())) {
      if (out.urls.size() == kMostNames) break;
      out.urls.emplace_back(url);
    }
    if (const auto issued = parse_time(v["issued"].string()); issued && *issued > 0) out.published = *issued;
    return out;
  }

  /// Texts come with every record; those of the last flaw are not told again.
  Result<> texts(const std::vector<std::string>& flaws, VulnerabilityText text, FeedInto& into) {
    if (text.description.empty() && text.urls.empty() && text.published == 0 && text.cvss.empty()) return {};
    // The words of a notice say little of each of its flaws.
    if (flaws.size() > 1) text.description.clear();
    for (const std::string& flaw : flaws) {
      text.id = flaw;
      encoder_.clear();
      encoder_.text(feed_);
      encode(text, encoder_);
      const std::size_t hash = std::hash<std::string_view>()(encoder_.bytes());
      std::size_t& last = last_texts_[hash % last_texts_.size()];
      if (last == hash) continue;
      last = hash;
      ECLAIR_CHECK_OK(into.import->vulnerability(text));
    }
    return {};
  }

  Result<> give(ClairRow row) {
    FeedInto& into = feeds_[feed_];
    if (into.import == nullptr) return {};
    ++into.rows;
    if (progress_ && into.rows % 4096 == 0) progress_(feed_, into.rows);
    return into.import->advisory(row.name_space, row.package, std::move(row.advisory));
  }

  // ---- enrichments

  Result<> enrichment(json::Value one, FeedInto& into) {
    const json::Value e = one["Enrichment"];
    std::string id;
    one["Tags"].each([&](json::Value tag) {
      if (is_cve_id(tag.string())) id = tag.string();
      return id.empty();
    });
    if (id.empty() || !e.is_object()) {
      bad("an enrichment without a CVE among its tags, or without content");
      return {};
    }
    if (!enter(into, std::string(kVulnerabilitySpace))) return {};
    VulnerabilityText text;
    text.id = id;
    const auto number = [&](std::string_view key) { return e[key].number(); };
    const auto time = [&](std::string_view key, std::string_view other) {
      const auto parsed = parse_time(e[key].string(e[other].string()));
      return parsed && *parsed > 0 ? *parsed : 0;
    };
    if (feed_ == "nvd") {
      const std::string_view vector = e["vectorString"].string();
      const double score = number("baseScore").value_or(-1);
      if (vector.empty()) {
        bad(id + ": a score without a vector");
        return {};
      }
      VulnerabilityText::Cvss cvss{std::string(e["version"].string(cvss_version(vector))), std::string(vector),
                                   score >= 0 && score <= 10 ? score : -1};
      // The rest of what NVD said of it stays.
      if (into.here != nullptr) {
        ECLAIR_TRY(std::optional<VulnerabilityText> known, store_.text("nvd", id));
        if (known) text = *std::move(known);
      }
      const bool there = std::any_of(text.cvss.begin(), text.cvss.end(),
                                     [&](const auto& other) { return other.version == cvss.version && other.vector == cvss.vector; });
      if (!there) {
        text.cvss.erase(
            std::remove_if(text.cvss.begin(), text.cvss.end(), [&](const auto& other) { return other.version == cvss.version; }),
            text.cvss.end());
        if (cvss.score >= 0) text.severity = severity_of_score(cvss.score, cvss.version);
        text.cvss.insert(text.cvss.begin(), std::move(cvss));
      }
    } else if (feed_ == "epss") {
      const auto score = number("epss");
      if (!score || *score < 0 || *score > 1) {
        bad(id + ": epss is no probability");
        return {};
      }
      const double percentile = number("percentile").value_or(-1);
      text.epss = Epss{*score, percentile >= 0 && percentile <= 1 ? percentile : -1, time("date", "date")};
    } else {
      text.title = e["vulnerability_name"].string(e["vulnerabilityName"].string());
      text.description = e["short_description"].string(e["shortDescription"].string());
      const std::string_view ransom = e["known_ransomware_campaign_use"].string(e["knownRansomwareCampaignUse"].string());
      text.exploited = Exploited{time("date_added", "dateAdded"), time("due_date", "dueDate"), text::iequals(ransom, "Known")};
    }
    ++into.rows;
    if (progress_ && into.rows % 4096 == 0) progress_(feed_, into.rows);
    ImportSink sink(*into.import);
    return enrich(sink, std::move(text));
  }

  // ---- the end

  Result<ClairImport> finish() {
    ClairImport out;
    if (records_ == 0) return fail(Errc::invalid_input, "not Clair's updates: no line of them names an updater");
    bool any = false;
    for (auto& [feed, into] : feeds_) {
      if (into.import == nullptr || into.spaces.empty()) continue;
      any = true;
      AdvisoryStore::Import& import = *into.import;
      import.fetched("", into.here != nullptr && !options_.allow_older ? std::max(into.date, into.here->fetched_at) : into.date);
      for (const auto& [name_space, date] : into.spaces) {
        // Of NVD it has scores alone, and not of all CVEs.
        const bool both = into.part_main.count(name_space) > 0 && into.part_community.count(name_space) > 0;
        if (feed != "nvd" && (both || into.whole.count(name_space) > 0)) {
          import.complete(name_space);
        } else if (feed == "alpine") {
          out.notes.push_back(name_space + ": main and community are not both in the file; what is here was only added to");
        }
        import.fetched(name_space, date);
      }
      ECLAIR_TRY(store::ImportSummary done, import.commit(options_.allow_shrink));
      out.feeds.emplace_back(feed, std::move(done));
    }
    if (!any && !refused_.empty()) return fail(Errc::conflict, refused_.begin()->second);
    ECLAIR_CHECK_OK(batch_->commit());
    for (const auto& [feed, why] : refused_) out.notes.push_back("passed over " + why + " (--allow-older takes it)");
    for (const auto& [updater, count] : unknown_) {
      if (out.notes.size() < kShown)
        out.notes.push_back("passed over " + text::plural(count, "record") + " of " + text::quoted(updater) +
                            ", an updater that is not known");
    }
    for (const auto& [why, count] : passed_)
      out.notes.push_back("passed over " + text::plural(count, "record") + " that " + std::string(why));
    out.notes.insert(out.notes.end(), faults_.begin(), faults_.end());
    if (faults_more_ > 0) out.notes.push_back(std::to_string(faults_more_) + (faults_more_ == 1 ? " more line was dropped" : " more lines were dropped"));
    return out;
  }

  void bad(const std::string& why) {
    std::string message = "line " + std::to_string(number_) + ": " + text::clean(why, 300);
    const auto into = feeds_.find(feed_);
    if (!feed_.empty() && into != feeds_.end() && into->second.import != nullptr) {
      into->second.import->bad_record(std::move(message));
    } else if (faults_.size() < kShown) {
      faults_.push_back("dropped " + message);
    } else {
      ++faults_more_;
    }
  }

  AdvisoryStore& store_;
  const store::DataSetOptions& options_;
  const Limits& limits_;
  const Cancel& stop_;
  const store::DataSetProgress& progress_;
  json::Document document_;
  std::vector<store::FeedState> states_;
  std::unique_ptr<AdvisoryStore::Batch> batch_;
  std::map<std::string, FeedInto, std::less<>> feeds_;
  ClairJoiner joiner_;
  std::map<std::string, std::string> operations_;  ///< the reference by updater
  std::map<std::string, std::uint64_t> unknown_;
  std::map<std::string_view, std::uint64_t> passed_;
  std::map<std::string, std::string, std::less<>> refused_;
  std::vector<std::string> faults_;
  std::uint64_t faults_more_ = 0, records_ = 0, number_ = 0;
  // of the operation that is being read
  std::string updater_, kind_, ref_, feed_;
  bool ours_ = false;
  UnixTime date_ = 0;
  std::string last_source_;
  std::vector<std::size_t> last_texts_ = std::vector<std::size_t>(kTextsKnown);  ///< hashes, each in its place
  Encoder encoder_;
};

}  // namespace clair_updates_read_detail

bool is_clair_updates(std::string_view first_bytes) {
  const std::string_view line = first_bytes.substr(0, first_bytes.find('\n'));
  const std::string_view start = text::trim(line);
  return !start.empty() && start.front() == '{' && line.find("\"Updater\"") != std::string_view::npos &&
         (line.find("\"Kind\"") != std::string_view::npos || line.find("\"Ref\"") != std::string_view::npos);
}

Result<ClairImport> import_clair(store::AdvisoryStore& store, std::unique_ptr<ByteStream> in, const store::DataSetOptions& options,
                                 const Limits& limits, const Cancel& stop, const store::DataSetProgress& progress) {
  return std::make_unique<clair_updates_read_detail::Reader>(store, options, limits, stop, progress)->run(std::move(in));
}

}  // namespace eclair::feeds
