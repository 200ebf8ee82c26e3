// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// SUSE and openSUSE: OVAL documents by product. Those called "-affected" say all that is known of each CVE: fixed, unfixed, not affected.
// Binary packages, by architecture; each branch of a definition is for some products, which their names and service packs tell apart.
// source: https://ftp.suse.com/pub/projects/security/oval/ (2022-05 to 2026-01)
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/oval.h"
#include "util/text.h"
#include "util/time.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace suse_detail {

bool starts(std::string_view s, std::string_view with) { return s.substr(0, with.size()) == with; }

/// "15.5", "15", "6.0": digits and one dot at the start of what follows a product's name.
std::string_view number_at(std::string_view s) {
  std::size_t end = 0;
  const auto dot_within = [&](std::size_t at) { return s[at] == '.' && at > 0 && at + 1 < s.size() && text::is_digit(s[at + 1]); };
  while (end < s.size() && (text::is_digit(s[end]) || dot_within(end))) ++end;
  return s.substr(0, end);
}

/// "15.5" of "15 SP5", "15 SP5-LTSS" and "15 SP5 Business Critical Linux"; "15" of "15", "15-LTSS"; "16.0" of "16.0"; else "".
std::string service_pack(std::string_view rest) {
  const std::string_view major = number_at(rest);
  if (major.empty()) return {};
  rest.remove_prefix(major.size());
  constexpr std::string_view kPack = " SP";
  if (rest.empty() || rest.front() == '-') return std::string(major);
  if (!starts(rest, kPack)) return {};
  const std::string_view pack = number_at(rest.substr(kPack.size()));
  if (pack.empty()) return {};
  const std::size_t end = kPack.size() + pack.size();
  if (end < rest.size() && rest[end] != ' ' && rest[end] != '-') return {};
  return std::string(major) + "." + std::string(pack);
}

/// The namespace whose packages a product has, "" for products that no image of a distribution is of. Modules and extensions bring
/// packages to the server of the same service pack, long-term support goes on where that of the server ends.
std::string name_space(std::string_view product) {
  constexpr std::string_view kEnterprise = "SUSE Linux Enterprise ", kMicro = "SUSE Linux Micro ", kOpen = "openSUSE ";
  if (starts(product, kEnterprise)) {
    std::string_view rest = product.substr(kEnterprise.size());
    if (starts(rest, "Micro ")) {
      const std::string_view number = number_at(rest.substr(6));
      return number.empty() ? std::string() : "sle-micro:" + std::string(number);
    }
    for (const std::string_view name : {"Server for SAP Applications ", "Server LTSS Extended Security ", "Server LTSS ", "Server ",
                                        "Software Development Kit ", "High Availability Extension ", "Workstation Extension "}) {
      if (!starts(rest, name)) continue;
      const std::string release = service_pack(rest.substr(name.size()));
      return release.empty() ? std::string() : "sles:" + release;
    }
    if (starts(rest, "Module for ")) {
      // "Module for Basesystem 15 SP5", "Module for Python 3 15 SP5": the name may be of many words, and numbers.
      for (std::size_t at = rest.find(' ', 11); at != std::string_view::npos; at = rest.find(' ', at + 1)) {
        if (at + 1 >= rest.size() || !text::is_digit(rest[at + 1])) continue;
        if (const std::string release = service_pack(rest.substr(at + 1)); !release.empty()) return "sles:" + release;
      }
    }
    return {};
  }
  if (starts(product, kMicro)) {
    const std::string_view number = number_at(product.substr(kMicro.size()));
    return number.empty() ? std::string() : "sle-micro:" + std::string(number);
  }
  if (starts(product, kOpen)) {
    const std::string_view rest = product.substr(kOpen.size());
    if (rest == "Tumbleweed") return "opensuse-tumbleweed";
    if (starts(rest, "Leap ") && !number_at(rest.substr(5)).empty() && number_at(rest.substr(5)).size() == rest.size() - 5) {
      return "opensuse-leap:" + std::string(rest.substr(5));
    }
  }
  return {};
}

/// The document of a namespace, without folder and ending: "suse.linux.enterprise.15-sp5-affected"; "" for others.
std::string document_of(std::string_view name_space) {
  const auto [family, release] = text::cut(name_space, ':');
  if (name_space == "opensuse-tumbleweed") return "opensuse.tumbleweed-affected";
  if (release.empty()) return {};
  const auto [major, minor] = text::cut(release, '.');
  if (family == "opensuse-leap") return "opensuse.leap." + std::string(release) + "-affected";
  if (family == "sle-micro") {
    const bool enterprise = text::parse_number(major).value_or(0) < 6;
    return std::string(enterprise ? "suse.linux.enterprise.micro." : "suse.linux.micro.") + std::string(release) + "-affected";
  }
  if (family != "sles") return {};
  const bool packs = text::parse_number(major).value_or(0) < 16;
  if (!packs) return "suse.linux.enterprise." + std::string(release) + "-affected";
  return "suse.linux.enterprise." + std::string(major) + (minor.empty() ? "" : "-sp" + std::string(minor)) + "-affected";
}

Severity severity_of(std::string_view word) {
  Severity out = Severity::unknown;
  static_cast<void>(parse(word, out));
  return out;
}

class Reader {
 public:
  Reader(std::string_view part, const Limits& limits, AdvisorySink& out)
      : file_(part.substr(part.rfind('/') + 1)), limits_(limits), out_(out), rpm_(version::find_scheme("rpm")) {}

  Result<> definition(const oval::Definition& one) {
    const bool by_cve = one.kind == "vulnerability";
    ours_ = ours_ || starts(one.id, "oval:org.opensuse.security:");
    const std::string_view word = std::string_view(one.title).substr(0, one.title.find_first_of(" \n"));
    std::set<std::string> ids, notices;
    if (by_cve && oval::is_cve(word)) ids.emplace(word);
    for (const auto& reference : one.references) {
      if (!by_cve && oval::is_cve(reference.id)) ids.insert(reference.id);
      if (starts(reference.id, "SUSE-") || starts(reference.id, "openSUSE-")) notices.insert(reference.id);
    }
    if (ids.empty()) {
      // A notice without a CVE is no flaw that we could name.
      if (by_cve) bad(one.id, "no CVE in its title");
      return {};
    }
    if (!one.faults.empty()) bad(word, one.faults.front() + ": not understood");
    by_cve_ = by_cve_ || by_cve;
    const auto claims = claims_of(one, word);
    if (claims.size() > limits_.feed_record_rows / ids.size()) {
      const std::string bound = "feed_record_rows (" + std::to_string(limits_.feed_record_rows) + ")";
      return fail(Errc::limit, text::quoted(word) + " makes more rows than " + bound);
    }
    Advisory row;
    if (!by_cve) row.record = one.id;
    row.name_kind = NameKind::binary;
    row.severity_word = one.severity;
    row.severity = severity_of(one.severity);
    row.references.assign(notices.begin(), notices.end());
    for (const auto& [claim, arches] : claims) {
      row.status = claim.status;
      row.fixed_in = claim.status == Status::fixed ? claim.version : std::string();
      row.ranges = {};
      if (claim.status == Status::fixed) row.ranges = {Range{.upper = claim.version}};
      row.arches.assign(arches.begin(), arches.end());
      if (arches.count("") > 0) row.arches.clear();
      for (const std::string& id : ids) {
        row.vulnerability = id;
        ECLAIR_CHECK_OK(out_.advisory(claim.name_space, claim.package, row));
      }
    }
    return texts(one, ids, by_cve);
  }

  Result<> finish() {
    // One of SUSE's about products that no image is of speaks for nothing.
    if (!ours_) return fail(Errc::invalid_input, "not a document of SUSE: no definition of its own in it");
    // Notices tell of fixes alone; the CVEs' documents tell everything.
    if (by_cve_) {
      // A service pack's own document may name others beside it, and does not say all of them.
      const bool of_a_pack = file_.find("-sp") != std::string_view::npos;
      for (const std::string& name_space : spaces_) {
        const std::string name = document_of(name_space);
        const bool own = starts(file_, name + ".") || starts(file_, name.substr(0, name.rfind('-')) + ".");
        if (!of_a_pack || own) out_.complete(name_space);
      }
    }
    return {};
  }

 private:
  struct Told {
    std::string name_space, package;
    Status status = Status::unknown;
    std::string version;
    bool operator<(const Told& other) const {
      return std::tie(name_space, package, status, version) < std::tie(other.name_space, other.package, other.status, other.version);
    }
  };
  using Claims = std::map<Told, std::set<std::string>>;  ///< with the architectures; "" = any

  Claims claims_of(const oval::Definition& one, std::string_view id) {
    Claims out;
    std::vector<std::set<std::string>> spaces;  // of each context
    for (const oval::Context& context : one.contexts) {
      std::set<std::string>& into = spaces.emplace_back();
      for (const std::string& product : context.products) {
        if (std::string name = name_space(product); !name.empty()) into.insert(std::move(name));
      }
    }
    std::set<std::pair<std::string, std::string>> hit;  // packages of a namespace that have the flaw in some product
    for (const oval::Claim& claim : one.claims) {
      Told told;
      told.package = claim.package;
      if (claim.never) {
        told.status = Status::not_affected;
      } else if (!claim.below.empty() && !claim.below_inclusive && rpm_->is_valid(claim.below)) {
        told.status = Status::fixed;
        told.version = claim.below;
      } else if (claim.below.empty() && claim.above.empty()) {
        told.status = Status::affected;  // newer than 0, so every version
      } else {
        bad(id, text::quoted(claim.package) + ": neither a fix, nor all versions, nor none");
        continue;
      }
      for (const std::string& where : spaces[claim.context]) {
        told.name_space = where;
        spaces_.insert(where);
        if (told.status != Status::not_affected) hit.emplace(where, told.package);
        std::set<std::string>& arches = out[told];
        if (claim.arches.empty()) arches.emplace();
        arches.insert(claim.arches.begin(), claim.arches.end());
      }
    }
    // One product of the service pack does not have the flaw, another has: who has the package cannot tell which it came from.
    for (auto at = out.begin(); at != out.end();) {
      const bool contradicted = at->first.status == Status::not_affected && hit.count({at->first.name_space, at->first.package}) > 0;
      at = contradicted ? out.erase(at) : std::next(at);
    }
    return out;
  }

  Result<> texts(const oval::Definition& one, const std::set<std::string>& ids, bool by_cve) {
    std::map<std::string, VulnerabilityText> texts;
    for (const std::string& id : ids) texts[id].id = id;
    if (by_cve) {
      VulnerabilityText& text = texts.begin()->second;
      text.description = one.description;
      text.severity = severity_of(one.severity);
      if (const auto time = parse_time(one.updated)) text.modified = *time;
    }
    for (const auto& cve : one.cves) {
      const auto at = texts.find(cve.text.substr(0, cve.text.find(' ')));
      VulnerabilityText::Cvss score;
      if (at == texts.end() || !oval::split_cvss(cve.cvss3, score.score, score.vector)) continue;
      // Each is there twice, as SUSE and as NVD rate it; SUSE's word on its own builds counts.
      const bool of_nvd = cve.text.find(" at NVD") != std::string::npos;
      if (of_nvd && !at->second.cvss.empty()) continue;
      score.version = starts(score.vector, "CVSS:3.0") ? "3.0" : "3.1";
      at->second.cvss = {score};
    }
    for (auto& [id, text] : texts) {
      if (by_cve || !text.cvss.empty()) ECLAIR_CHECK_OK(out_.vulnerability(std::move(text)));
    }
    return {};
  }

  void bad(std::string_view record, std::string_view why) {
    out_.bad_record("suse: " + text::quoted(record) + ": " + text::clean(why, 300));
  }

  const std::string_view file_;
  const Limits& limits_;
  AdvisorySink& out_;
  const version::Scheme* rpm_;
  std::set<std::string> spaces_;
  bool by_cve_ = false, ours_ = false;
};

class SuseFeed final : public Feed {
 public:
  std::string_view id() const override { return "suse"; }
  std::string_view title() const override { return "SUSE OVAL"; }
  std::string_view url() const override { return "https://ftp.suse.com/pub/projects/security/oval/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  std::vector<std::string_view> families() const override { return {"sles", "sle-micro", "opensuse-leap", "opensuse-tumbleweed"}; }
  bool is_document(std::string_view name) const override {
    return (starts(name, "suse.") || starts(name, "opensuse.")) && name.size() > 4 && name.substr(name.size() - 4) == ".xml";
  }

  /// One document a namespace; without wishes, those of the listing.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    ECLAIR_TRY(const auto page, look.read(std::string(url())));
    ECLAIR_TRY(const std::string listing, read_all(*page, kListingBytes));
    std::set<std::string> files;
    constexpr std::string_view kLink = "href=\"";
    for (std::size_t at = listing.find(kLink); at != std::string::npos; at = listing.find(kLink, at + 1)) {
      const std::string target = listing.substr(at + kLink.size(), listing.find('"', at + kLink.size()) - at - kLink.size());
      if (target.find('/') == std::string::npos && target.size() < 200) files.insert(target);
    }
    std::vector<std::string> spaces = look.wanted();
    if (spaces.empty()) spaces = spaces_of(files);
    if (spaces.empty()) return fail(Errc::invalid_input, "no document in the listing of " + std::string(url()));
    std::vector<Portion> out;
    for (const std::string& name_space : spaces) {
      const std::string affected = document_of(name_space);
      if (affected.empty()) continue;
      // Old releases have documents without what is unfixed only; a service pack may be in the document of all packs alone.
      std::vector<std::string> names = {affected, affected.substr(0, affected.rfind('-'))};
      if (const std::size_t pack = affected.find("-sp"); pack != std::string::npos) {
        names.push_back(affected.substr(0, pack) + "-affected");
        names.push_back(affected.substr(0, pack));
      }
      for (const std::string& name : names) {
        const std::string file = packed(files, name + ".xml");
        if (file.empty()) continue;
        Portion one;
        one.name = name_space;
        one.documents.push_back({.url = std::string(url()) + file});
        out.push_back(std::move(one));
        break;
      }
    }
    return out;
  }

  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    Reader reader(part, limits, out);
    auto done = oval::read(in, limits, stop, [&](oval::Definition& one) { return reader.definition(one); });
    if (done) done = reader.finish();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }

 private:
  static constexpr std::uint64_t kListingBytes = 4u << 20;

  static std::string packed(const std::set<std::string>& files, const std::string& name) {
    for (const std::string_view end : {".gz", ".bz2", ""}) {
      if (files.count(name + std::string(end)) > 0) return name + std::string(end);
    }
    return {};
  }

  /// The namespaces that have a document of their own, told by trying the numbers that files have.
  static std::vector<std::string> spaces_of(const std::set<std::string>& files) {
    std::set<std::string> candidates = {"opensuse-tumbleweed"}, out;
    for (const std::string& file : files) {
      for (const auto& [prefix, family] : {std::pair<std::string_view, std::string_view>{"opensuse.leap.", "opensuse-leap:"},
                                           {"suse.linux.enterprise.micro.", "sle-micro:"},
                                           {"suse.linux.micro.", "sle-micro:"},
                                           {"suse.linux.enterprise.", "sles:"}}) {
        if (!starts(file, prefix)) continue;
        const std::string_view rest = std::string_view(file).substr(prefix.size());
        const std::string_view number = number_at(rest);
        if (number.empty()) continue;
        std::string_view after = rest.substr(number.size());
        std::string release(number);
        if (family == "sles:" && starts(after, "-sp")) release += "." + std::string(number_at(after.substr(3)));
        candidates.insert(std::string(family) + release);
      }
    }
    for (const std::string& candidate : candidates) {
      const std::string affected = document_of(candidate);
      const std::string plain = affected.substr(0, affected.rfind('-'));
      // "sle-micro:5" is all of 5.0 to 5.5, each of which has a document too.
      const bool dotted = candidate.find('.') != std::string::npos || candidate.find(':') == std::string::npos;
      const bool release = dotted || starts(candidate, "sles:12") || starts(candidate, "sles:15");
      if (release && (!packed(files, affected + ".xml").empty() || !packed(files, plain + ".xml").empty())) out.insert(candidate);
    }
    return {out.begin(), out.end()};
  }
};

}  // namespace suse_detail

const Feed& suse() {
  static const suse_detail::SuseFeed one;
  return one;
}

}  // namespace eclair::feeds
