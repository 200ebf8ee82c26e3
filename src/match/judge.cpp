// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/judge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "match/families.h"
#include "match/ruling.h"
#include "util/text.h"
#include "version/rpm_branch.h"
#include "version/rpm_flavour.h"
#include "version/scheme.h"

// The one place that decides whether a package is affected. In this order:
//
// 1. Which rows speak of the package: the namespace (or a channel of it that the image has), the name of the row's kind (a source row meets the package's source name and
//    *source version*, a binary row its own name and version), architecture, module (equal, also when empty), repositories (CPE; an image
//    that names none is built from the main stream); of Oracle's packages also the flavour of the build that has the fix.
// 2. What each says: affected, not affected, this version is not affected ("clear"), nothing (under investigation, unknown), or
//    something that could not be compared.
// 3. Rows are put together by vulnerability: by the CVE they name, or are aliases of; two CVEs are never one, whatever they share. An id
//    that no row here joins to a CVE may be known as one elsewhere (known_names).
// 4. The distribution's own feed decides where it has an opinion, also against others: it knows what it patched, others know upstream
//    versions. Only where it is silent, any other feed does. "Nothing" and "incomparable" are not opinions. Before both goes what clients
//    of an API wrote (kGivenFeed): the word of who runs this service. It knows nothing of modules and products, and holds for all of them.
// 5. Among the rows that decide, one that says affected is enough, unless a not-affected row of the same or a narrower width stands
//    against it. Widths: what clients wrote, own feed, then others; binary rows, then source rows; rows for an architecture, module or repository, then
//    those for all. A flaw that Enterprise Linux fixes in several minor releases is fixed in each by a build of its own: a build that has
//    the fix for its minor release ("el9_3") is not held against the same feed's fixes for others.
// 6. The fix to show is the smallest version offered that none of the deciding rows calls affected any more. A version equal to the fix
//    in the scheme's order has the fix, however it is written.
// 7. Severity: the first of the evidence, in that order, that gives one. Never the largest of several feeds.

namespace eclair::match {
namespace judge_detail {

enum class Opinion : unsigned char { none, clear, affected, not_affected, incomparable };

/// The version of the source package. rpm's database names that without an epoch, which is the package's own as far as one knows.
std::string source_version(const PackageVersion& package) {
  std::string version(package.source_ver());
  const std::size_t epoch = package.version.find(':');
  if (package.type == "rpm" && epoch != std::string::npos && version.find(':') == std::string::npos) version.insert(0, package.version, 0, epoch + 1);
  return version;
}

/// A row that speaks of the package, and what it says.
struct Statement {
  const store::AdvisoryRow* row = nullptr;
  std::string_view name, version;   ///< of the package, that the row meets
  std::tuple<int, int, int> width;  ///< smaller is narrower; the first is the feed's rank
  Opinion opinion = Opinion::none;
  Ruling ruling;

  const Advisory& advisory() const { return row->advisory; }
  int rank() const { return std::get<0>(width); }
};

/// Debian signs its kernel in a source package of its own, whose advisories stand under the unsigned one, with that one's version.
constexpr std::string_view kSigned = "linux-signed-";
bool is_signed_kernel(const PackageVersion& package) {
  return package.type == "deb" && package.source().substr(0, kSigned.size()) == kSigned;
}

/// The name and version under which a row meets the package; an empty name: it does not.
std::pair<std::string_view, std::string_view> meet(const PackageVersion& package, std::string_view source_version, const store::AdvisoryRow& row) {
  const NameKind kind = row.advisory.name_kind;
  if (kind != NameKind::source && row.package == package.name) return {package.name, package.version};
  if (kind != NameKind::binary && row.package == package.source()) return {package.source(), source_version};
  if (kind != NameKind::binary && row.package == "linux" && is_signed_kernel(package)) return {"linux", package.version};
  return {};
}

std::string_view common_arch(std::string_view arch) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSame = {{{"amd64", "x86_64"},
                                                                                   {"arm64", "aarch64"},
                                                                                   {"i386", "x86"},
                                                                                   {"i486", "x86"},
                                                                                   {"i586", "x86"},
                                                                                   {"i686", "x86"},
                                                                                   {"ppc64el", "ppc64le"}}};
  for (const auto& pair : kSame) {
    if (pair.first == arch) return pair.second;
  }
  return arch;
}

bool arch_applies(const std::vector<std::string>& wanted, std::string_view arch) {
  if (wanted.empty() || arch.empty() || arch == "all" || arch == "noarch" || arch == "any") return true;
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& each) { return common_arch(each) == common_arch(arch) || each == "noarch" || each == "all"; });
}

/// Whether two releases are the same, or one contains the other: "10" and "10.1", but not "9" and "90".
bool release_holds(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return text::iequals(a, b.substr(0, a.size())) && (a.size() == b.size() || b[a.size()] == '.');
}

constexpr std::size_t kPart = 1, kProduct = 3, kRelease = 4, kEdition = 6;  // "cpe:/a:redhat:enterprise_linux:9::appstream", split by ':'

/// Whether the row's CPE holds for a repository's: equal part by part, where an empty or missing part of the row's means any.
/// A row for a whole product (without an edition) holds for its repositories, of which some are called applications.
bool cpe_holds(std::string_view of_row, std::string_view of_repository) {
  const auto wanted = text::split(of_row, ':'), given = text::split(of_repository, ':');
  const bool whole_product = wanted.size() > kProduct && (wanted.size() <= kEdition || wanted[kEdition].empty() || wanted[kEdition] == "*");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].empty() || wanted[i] == "*" || (i == kPart && whole_product)) continue;
    if (i >= given.size()) return false;
    if (i == kRelease ? !release_holds(wanted[i], given[i]) : !text::iequals(wanted[i], given[i])) return false;
  }
  return true;
}

/// What an image of the Red Hat family that names no repositories is taken to be built from: all of the main stream, and nothing else,
/// so that fixes of extended support never count for it.
bool is_main_stream(std::string_view cpe, std::string_view name_space) {
  const auto [id, major] = text::cut(name_space, ':');
  const auto parts = text::split(cpe, ':');
  return id == "rhel" && parts.size() > kRelease && parts[2] == "redhat" && parts[kProduct] == "enterprise_linux" &&
         release_holds(major, parts[kRelease]);
}

bool cpes_apply(const std::vector<std::string>& wanted, const std::vector<std::string>& given, std::string_view name_space) {
  if (wanted.empty()) return true;
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& row) {
    if (given.empty()) return is_main_stream(row, name_space);
    return std::any_of(given.begin(), given.end(), [&](const std::string& repository) { return cpe_holds(row, repository); });
  });
}

Opinion opinion_of(const Advisory& advisory, const Ruling& ruling) {
  if (advisory.status == Status::under_investigation || advisory.status == Status::unknown) return Opinion::none;
  if (ruling.hit == Hit::incomparable) return Opinion::incomparable;
  if (ruling.hit == Hit::no) return says_not_affected(advisory) ? Opinion::none : Opinion::clear;
  return says_not_affected(advisory) ? Opinion::not_affected : Opinion::affected;
}

/// Whether the fixes of a row, if it has any, are builds of the flavour that is installed.
bool flavour_applies(const Advisory& advisory, std::string_view version) {
  const auto fixes = offered_fixes(advisory);
  const std::string_view flavour = version::rpm_flavour(version);
  if (fixes.empty()) return true;
  return std::any_of(fixes.begin(), fixes.end(), [&](std::string_view fix) { return version::rpm_flavour(fix) == flavour; });
}

/// Smaller goes first; kNobody is behind all.
constexpr int kNobody = 3;
int rank_of(const Family& family, std::string_view feed) { return feed == kGivenFeed ? 0 : is_own_feed(family, feed) ? 1 : 2; }

std::vector<Statement> statements(const Occurrence& occurrence, std::string_view name_space, const Family& family,
                                  const version::Scheme& scheme, std::string_view source_version,
                                  const std::vector<const store::AdvisoryRow*>& rows) {
  const PackageVersion& package = occurrence.package;
  const std::vector<std::string> channels = channels_of(occurrence, name_space);
  std::vector<Statement> out;
  for (const store::AdvisoryRow* row : rows) {
    const Advisory& advisory = row->advisory;
    const bool here = row->name_space == name_space || std::find(channels.begin(), channels.end(), row->name_space) != channels.end();
    if (!here || advisory.vulnerability.empty()) continue;
    const auto met = meet(package, source_version, *row);
    if (met.first.empty()) continue;
    if (row->feed != kGivenFeed) {
      if (advisory.module != package.module || !arch_applies(advisory.arches, package.arch)) continue;
      if (!cpes_apply(advisory.cpes, occurrence.cpes, name_space)) continue;
      if (family.id == "ol" && !flavour_applies(advisory, met.second)) continue;
    }
    Statement one;
    one.row = row;
    one.name = met.first;
    one.version = met.second;
    const bool constrained = !advisory.arches.empty() || !advisory.cpes.empty() || !advisory.module.empty();
    one.width = {rank_of(family, row->feed), advisory.name_kind == NameKind::binary ? 0 : 1, constrained ? 0 : 1};
    one.ruling = rule(advisory, one.version, scheme);
    one.opinion = opinion_of(advisory, one.ruling);
    out.push_back(std::move(one));
  }
  // Neither naming nor deciding may depend on the order in which a caller looked names up.
  std::stable_sort(out.begin(), out.end(), [](const Statement& a, const Statement& b) {
    return std::tie(a.width, a.row->feed, a.row->package, a.advisory().vulnerability, a.advisory().record) <
           std::tie(b.width, b.row->feed, b.row->package, b.advisory().vulnerability, b.advisory().record);
  });
  return out;
}

bool is_cve(std::string_view id) { return id.substr(0, 4) == "CVE-"; }

/// Its id where that is a CVE, else the smallest of its aliases that are one; "" = there is none.
std::string_view cve_of(const Advisory& advisory) {
  if (is_cve(advisory.vulnerability)) return advisory.vulnerability;
  std::string_view smallest;
  for (const std::string& alias : advisory.aliases) {
    if (is_cve(alias) && (smallest.empty() || alias < smallest)) smallest = alias;
  }
  return smallest;
}

/// Names the vulnerability that each statement is about. Rows with a CVE, or an alias that is one, keep it (the smallest). Others join
/// the CVE that lists them as an alias, else whatever they share an id with, under the smallest id.
std::vector<std::string> names_of(const std::vector<Statement>& all) {
  std::map<std::string, std::string, std::less<>> leads_to;  // id → the next smaller one that means the same; or to a CVE
  const auto root = [&](std::string id) {
    for (auto next = leads_to.find(id); next != leads_to.end(); next = leads_to.find(id)) id = next->second;
    return id;
  };
  std::vector<std::string> names(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Advisory& advisory = all[i].advisory();
    names[i] = cve_of(advisory);
    if (names[i].empty()) continue;
    const auto point = [&](const std::string& id) {
      if (is_cve(id)) return;
      const auto [at, fresh] = leads_to.try_emplace(id, names[i]);
      if (!fresh && names[i] < at->second) at->second = names[i];
    };
    point(advisory.vulnerability);
    for (const std::string& alias : advisory.aliases) point(alias);
  }
  const auto smaller = [](const std::string& a, const std::string& b) {
    return std::make_tuple(!is_cve(a), a) < std::make_tuple(!is_cve(b), b);
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!names[i].empty()) continue;
    const Advisory& advisory = all[i].advisory();
    for (const std::string& alias : advisory.aliases) {
      const std::string a = root(advisory.vulnerability), b = root(alias);
      if (a == b || (is_cve(a) && is_cve(b))) continue;
      if (smaller(a, b)) {
        leads_to[b] = a;
      } else {
        leads_to[a] = b;
      }
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (names[i].empty()) names[i] = root(all[i].advisory().vulnerability);
  }
  return names;
}

using Group = std::vector<const Statement*>;

bool is_opinion(const Statement& one) { return one.opinion != Opinion::none && one.opinion != Opinion::incomparable; }

bool fixes_branch(const Statement& one, std::string_view branch) {
  const auto fixes = offered_fixes(one.advisory());
  return std::any_of(fixes.begin(), fixes.end(), [&](std::string_view fix) { return version::rpm_branch(fix) == branch; });
}

/// Rule 5, last sentence: rows whose fixes are for other minor releases than that of the installed build, which has the fix for its own.
bool fixed_in_branch(const Statement& affected, const Group& group) {
  const std::string_view branch = version::rpm_branch(affected.version);
  if (branch.empty() || offered_fixes(affected.advisory()).empty() || fixes_branch(affected, branch)) return false;
  return std::any_of(group.begin(), group.end(), [&](const Statement* one) {
    return one->opinion == Opinion::clear && one->row->feed == affected.row->feed && one->name == affected.name && fixes_branch(*one, branch);
  });
}

/// Rows that say affected and that nothing stands against.
Group standing(const Group& group, const version::Scheme& scheme) {
  const Statement* narrowest = nullptr;  // of those that say not affected: it stands against whatever any of them stands against
  for (const Statement* one : group) {
    if (one->opinion == Opinion::not_affected && (narrowest == nullptr || one->width < narrowest->width)) narrowest = one;
  }
  Group out;
  std::copy_if(group.begin(), group.end(), std::back_inserter(out), [&](const Statement* one) {
    if (one->opinion != Opinion::affected || (scheme.id == "rpm" && fixed_in_branch(*one, group))) return false;
    return narrowest == nullptr || one->width < narrowest->width;
  });
  return out;
}

/// A fix on offer, and who offers it.
struct Fix {
  std::string_view version;
  const Statement* from = nullptr;
};

/// Rule 6. from == nullptr: none.
Fix best_fix(const Group& deciding, const version::Scheme& scheme) {
  std::vector<Fix> offers;
  for (const Statement* one : deciding) {
    for (const std::string_view fix : offered_fixes(one->advisory())) {
      if (scheme.is_valid(fix) && scheme.compare_to_bound(one->version, fix) < 0) offers.push_back({fix, one});
    }
  }
  std::stable_sort(offers.begin(), offers.end(), [&](const Fix& a, const Fix& b) { return scheme.compare(a.version, b.version) < 0; });
  // Each offer is held against every row. Beyond a number that no sane source reaches, only the largest ones are.
  constexpr std::size_t kMaxOffers = 200;
  if (offers.size() > kMaxOffers) offers.erase(offers.begin(), offers.end() - kMaxOffers);
  for (const Fix& offer : offers) {
    const bool enough = std::none_of(deciding.begin(), deciding.end(),
                                     [&](const Statement* one) { return rule(one->advisory(), offer.version, scheme).hit != Hit::no; });
    if (enough) return offer;
  }
  return {};
}

Judgement judgement(const Statement& one, std::string_view scheme) {
  Judgement out;
  out.feed = one.row->feed;
  out.name_space = one.row->name_space;
  out.record = one.advisory().record.empty() ? one.advisory().vulnerability : one.advisory().record;
  out.package_name = one.name;
  out.installed_version = one.version;
  out.scheme = scheme;
  out.rule = one.ruling.text;
  return out;
}

Finding finding(const std::string& name, const Group& group, Group affected, const Group& deciding, const version::Scheme& scheme) {
  Finding out;
  out.vulnerability = name;
  const Fix fix = best_fix(deciding, scheme);
  const Statement* decider = fix.from;
  if (decider == nullptr) {
    // Somebody offers no way out: show the row that says so, rather than one whose fix does not help.
    // Of several such rows, one that says why there is no fix says more than one that says only "affected".
    const auto first_that = [&](auto&& holds) {
      return std::find_if(deciding.begin(), deciding.end(), [&](const Statement* one) { return offered_fixes(one->advisory()).empty() && holds(one->advisory()); });
    };
    auto without = first_that([](const Advisory& row) { return row.status != Status::affected && row.status != Status::fixed; });
    if (without == deciding.end()) without = first_that([](const Advisory&) { return true; });
    decider = without == deciding.end() ? deciding.front() : *without;
  }
  out.fixed_in = fix.version;
  out.status = decider->advisory().status;
  if (out.status == Status::affected && !out.fixed_in.empty()) out.status = Status::fixed;
  if (out.status == Status::fixed && out.fixed_in.empty()) out.status = Status::affected;
  std::stable_sort(affected.begin(), affected.end(), [&](const Statement* a, const Statement* b) {
    return std::make_tuple(a != decider, a->rank()) < std::make_tuple(b != decider, b->rank());
  });
  std::set<std::string> aliases, references;
  for (const Statement* one : group) {
    aliases.insert(one->advisory().vulnerability);
    aliases.insert(one->advisory().aliases.begin(), one->advisory().aliases.end());
  }
  aliases.erase(name);
  for (const Statement* one : affected) {
    references.insert(one->advisory().references.begin(), one->advisory().references.end());
    if (out.severity == Severity::unknown && one->advisory().severity != Severity::unknown) {
      out.severity = one->advisory().severity;
      out.severity_source = one->row->feed;
    }
    out.evidence.push_back(judgement(*one, scheme.id));
  }
  out.aliases.assign(aliases.begin(), aliases.end());
  out.references.assign(references.begin(), references.end());
  return out;
}

/// Rules 4 to 7 for one vulnerability.
void decide(const std::string& name, const Group& group, const version::Scheme& scheme, Verdict& out) {
  int rank = kNobody;
  for (const Statement* one : group) {
    if (is_opinion(*one)) rank = std::min(rank, one->rank());
  }
  if (rank == kNobody) {
    for (const Statement* one : group) {
      if (one->opinion == Opinion::incomparable)
        out.unjudged.push_back({name, one->row->feed, one->ruling.text, one->ruling.installed_at_fault});
    }
    return;
  }
  const Group affected = standing(group, scheme);
  Group deciding;
  std::copy_if(affected.begin(), affected.end(), std::back_inserter(deciding), [&](const Statement* one) { return one->rank() == rank; });
  if (!deciding.empty()) out.findings.push_back(finding(name, group, affected, deciding, scheme));
}

/// What is known of a namespace; none of "". One that is in no table was made by a client, for packages in the order of their own type.
std::optional<Family> family_of(std::string_view name_space, std::string_view type) {
  if (const Family* known = find_family(name_space); known != nullptr) return *known;
  if (name_space.empty() || !is_system_type(type)) return std::nullopt;
  return Family{name_space, type, scheme_of(type), {}, {}, true, true};
}

}  // namespace judge_detail

Judgeable judgeable(const Occurrence& occurrence, std::string_view name_space) {
  const PackageVersion& package = occurrence.package;
  const bool system = is_system_type(package.type);
  if (package.type == "apk" && package.name.substr(0, 1) == ".") return Judgeable::virtual_package;
  if (!system && !occurrence.owned_by.empty()) return Judgeable::owned;
  const auto family = judge_detail::family_of(name_space, package.type);
  if (!family) return Judgeable::no_namespace;
  if (family->type != package.type) return Judgeable::wrong_family;
  if (version::find_scheme(family->scheme) == nullptr) return Judgeable::no_scheme;
  return is_own_vendor(*family, package.vendor) ? Judgeable::yes : Judgeable::third_party;
}

std::vector<std::string> lookup_names(const PackageVersion& package) {
  std::vector<std::string> names = {std::string(package.source())};
  if (names.front() != package.name) names.push_back(package.name);
  if (judge_detail::is_signed_kernel(package)) names.emplace_back("linux");
  return names;
}

bool is_of_main_stream(const Advisory& advisory, std::string_view name_space) {
  return judge_detail::cpes_apply(advisory.cpes, {}, name_space);
}

std::string_view main_name(const Advisory& advisory) {
  const std::string_view cve = judge_detail::cve_of(advisory);
  return cve.empty() ? std::string_view(advisory.vulnerability) : cve;
}

Verdict judge_all(const Occurrence& occurrence, std::string_view name_space, const std::vector<const store::AdvisoryRow*>& rows) {
  using namespace judge_detail;
  Verdict out;
  if (judgeable(occurrence, name_space) != Judgeable::yes) return out;
  const Family family = *family_of(name_space, occurrence.package.type);
  const version::Scheme& scheme = *version::find_scheme(family.scheme);
  const std::string source_is = source_version(occurrence.package);  // statements point into it
  const std::vector<Statement> all = statements(occurrence, name_space, family, scheme, source_is, rows);
  const std::vector<std::string> names = names_of(all);
  std::map<std::string, Group> groups;
  for (std::size_t i = 0; i < all.size(); ++i) groups[names[i]].push_back(&all[i]);
  for (const auto& [name, group] : groups) decide(name, group, scheme, out);
  std::sort(out.unjudged.begin(), out.unjudged.end(), [](const Unjudged& a, const Unjudged& b) {
    return std::tie(a.vulnerability, a.feed, a.why) < std::tie(b.vulnerability, b.feed, b.why);
  });
  return out;
}

Result<Verdict> judge_all(const Occurrence& occurrence, std::string_view name_space, const std::vector<const store::AdvisoryRow*>& rows,
                          const NamesOf& names) {
  using judge_detail::is_cve;
  Verdict verdict = judge_all(occurrence, name_space, rows);
  std::map<std::string, std::vector<std::string>> known;
  for (const Finding& finding : verdict.findings) {
    if (is_cve(finding.vulnerability)) continue;
    ECLAIR_TRY(std::vector<std::string> also, names(finding.vulnerability));
    if (std::any_of(also.begin(), also.end(), is_cve)) known.emplace(finding.vulnerability, std::move(also));
  }
  if (known.empty()) return verdict;
  std::vector<store::AdvisoryRow> told;  // copies of the rows that gain names
  told.reserve(rows.size());
  std::vector<const store::AdvisoryRow*> all;
  for (const store::AdvisoryRow* row : rows) {
    all.push_back(row);
    const auto found = known.find(row->advisory.vulnerability);
    if (found == known.end()) continue;
    all.back() = &told.emplace_back(*row);
    std::vector<std::string>& aliases = told.back().advisory.aliases;
    aliases.insert(aliases.end(), found->second.begin(), found->second.end());
  }
  return judge_all(occurrence, name_space, all);
}

namespace judge_detail {

std::vector<const store::AdvisoryRow*> pointers(const std::vector<store::AdvisoryRow>& rows) {
  std::vector<const store::AdvisoryRow*> out;
  out.reserve(rows.size());
  for (const store::AdvisoryRow& row : rows) out.push_back(&row);
  return out;
}

}  // namespace judge_detail

std::vector<Finding> judge(const Occurrence& occurrence, std::string_view name_space, const std::vector<store::AdvisoryRow>& rows) {
  return judge_all(occurrence, name_space, judge_detail::pointers(rows)).findings;
}

Result<std::vector<Finding>> judge(const Occurrence& occurrence, std::string_view name_space, const std::vector<store::AdvisoryRow>& rows,
                                   const NamesOf& names) {
  ECLAIR_TRY(Verdict verdict, judge_all(occurrence, name_space, judge_detail::pointers(rows), names));
  return std::move(verdict.findings);
}

Result<std::vector<std::string>> known_names(store::AdvisoryStore& advisories, const std::string& id) {
  ECLAIR_TRY(const std::vector<store::AdvisoryRow> rows, advisories.search({.id = std::string(id)}));
  std::set<std::string> names;
  for (const store::AdvisoryRow& row : rows) {
    const Advisory& a = row.advisory;
    // Not where it is the notice or the record, which may be about several flaws.
    if (a.vulnerability != id && std::find(a.aliases.begin(), a.aliases.end(), id) == a.aliases.end()) continue;
    names.insert(a.vulnerability);
    names.insert(a.aliases.begin(), a.aliases.end());
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace eclair::match
