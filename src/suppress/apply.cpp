// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/apply.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "report/image_names.h"
#include "util/text.h"

namespace eclair::suppress {
namespace apply_detail {

using Effect = Statement::Effect;

const Os& os_of(const report::Report& report, const Occurrence& package) {
  static const Os kNone;
  return package.os < report.inventory.systems.size() ? report.inventory.systems[package.os] : kNone;
}

bool names_by_word(const std::string& pattern, const PackageVersion& package, bool binaries) {
  return text::glob(pattern, package.name) || (!binaries && text::glob(pattern, package.source()));
}

/// Whether one package is part of what another one is: they were found in the same file.
bool in_same_file(const Occurrence& a, const Occurrence& b) {
  return std::any_of(a.paths.begin(), a.paths.end(), [&](const std::string& path) { return std::find(b.paths.begin(), b.paths.end(), path) != b.paths.end(); });
}

/// "cpe:/o:redhat:enterprise_linux:9", "cpe:2.3:o:redhat:enterprise_linux:9:*": the parts that say the product, up to the version.
std::vector<std::string> cpe_parts(std::string_view cpe) {
  std::vector<std::string> out;
  if (cpe.substr(0, 8) == "cpe:2.3:") cpe.remove_prefix(8);
  else if (cpe.substr(0, 5) == "cpe:/") cpe.remove_prefix(5);
  else return out;
  for (const std::string_view part : text::split(cpe, ':')) {
    if (out.size() == 4) break;
    out.push_back(text::lower(part));
  }
  return out;
}

/// Whether a distribution is the product that a CPE names. A release names its minor ones: 9 is also 9.4.
bool is_platform(const std::string& cpe, const Os& os) {
  const std::vector<std::string> wanted = cpe_parts(cpe), own = cpe_parts(os.cpe);
  if (wanted.size() < 3 || own.size() < 3) return false;
  // Repositories of a release are called applications ("a") with the release's name, the release is an operating system ("o").
  if (wanted[1] != own[1] || wanted[2] != own[2]) return false;
  if (wanted.size() < 4 || wanted[3].empty() || wanted[3] == "*" || own.size() < 4) return true;
  return own[3] == wanted[3] || own[3].substr(0, wanted[3].size() + 1) == wanted[3] + ".";
}

bool is_product(const Product& product, const report::Report& report, const Occurrence& package) {
  const Os& os = os_of(report, package);
  const auto is_part = [&](const PurlPattern& part) { return names_package(part, package, os); };
  const bool wanted_part = product.parts.empty() || std::any_of(product.parts.begin(), product.parts.end(), is_part);
  if (!product.platform.empty() && !is_platform(product.platform, os)) return false;
  if (!product.whole && product.names.empty()) return !product.parts.empty() && wanted_part;
  const bool by_name = std::any_of(product.names.begin(), product.names.end(), [&](const std::string& name) { return name == report.image.name || report::is_named(report, name); });
  if (by_name || (product.whole && names_image(*product.whole, report))) return wanted_part;
  if (!product.whole) return false;
  if (product.parts.empty()) return names_package(*product.whole, package, os);
  if (!wanted_part) return false;
  // A part of a package: what is known of that is that both were read from one file.
  return std::any_of(report.inventory.packages.begin(), report.inventory.packages.end(), [&](const Occurrence& other) {
    return in_same_file(other, package) && names_package(*product.whole, other, os_of(report, other));
  });
}

std::string place(const report::Suppression& by) { return by.file + (by.line > 0 ? ":" + std::to_string(by.line) : ""); }

/// The statements that may speak of a vulnerability, by its names.
class ById {
 public:
  explicit ById(const std::vector<Statement>& statements) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (statements[i].ids.empty()) any_.push_back(i);
      for (const std::string& id : statements[i].ids) by_id_[id].push_back(i);
    }
  }
  /// In their order.
  std::set<std::size_t> of(const Finding& finding) const {
    std::set<std::size_t> out(any_.begin(), any_.end());
    const auto add = [&](const std::string& id) {
      if (const auto at = by_id_.find(text::lower(id)); at != by_id_.end()) out.insert(at->second.begin(), at->second.end());
    };
    add(finding.vulnerability);
    for (const std::string& alias : finding.aliases) add(alias);
    return out;
  }

 private:
  std::map<std::string, std::vector<std::size_t>> by_id_;
  std::vector<std::size_t> any_;
};

/// What is told of entries at their end, once each.
class Endings {
 public:
  explicit Endings(report::Report& report) : report_(report) {}
  bool expired(const Statement& one) { return one.expires > 0 && report_.generated_at >= one.expires; }
  void look_at(const Statement& one) {
    if (one.expires == 0 || !told_.insert(&one).second) return;
    if (expired(one)) {
      tell("ignore_expired", one.by.rule + ": ignore expired on " + one.by.expires + " (" + place(one.by) + ")");
    } else if (one.expires - report_.generated_at <= UnixTime{kNoticeDays} * 86400) {
      tell("ignore_expires", one.by.rule + ": ignore expires on " + one.by.expires + " (" + place(one.by) + ")");
    }
  }

 private:
  void tell(std::string code, std::string message) { report_.coverage.push_back({std::move(code), text::clean(message, 400), 0, false}); }
  report::Report& report_;
  std::set<const Statement*> told_;
};

struct Decision {
  const Statement* suppressed = nullptr;
  std::vector<const Statement*> remarks;
};

/// What one source says of a finding: of all that holds, what was said last.
const Statement* last_word(const Source& source, const std::set<std::size_t>& candidates, const report::Report& report, const Finding& finding,
                           Endings& endings, std::vector<bool>& used) {
  const Statement* out = nullptr;
  for (const std::size_t i : candidates) {
    const Statement& one = source.statements[i];
    if (!holds(one, report, finding)) continue;
    used[i] = true;
    endings.look_at(one);
    // Among equals in time: what a later line says of a document, the first entry of an ignore file.
    if (!endings.expired(one) && (out == nullptr || one.said_at > out->said_at || (one.said_at == out->said_at && one.said_at > 0))) out = &one;
  }
  return out;
}

}  // namespace apply_detail
using namespace apply_detail;

bool holds(const Statement& statement, const report::Report& report, const Finding& finding) {
  const Occurrence& package = report.inventory.packages[finding.package];
  const auto any = [](const auto& list, const auto& is) { return list.empty() || std::any_of(list.begin(), list.end(), is); };
  const auto is_id = [&](const std::string& id) {
    return text::iequals(id, finding.vulnerability) ||
           std::any_of(finding.aliases.begin(), finding.aliases.end(), [&](const std::string& alias) { return text::iequals(id, alias); });
  };
  if (!any(statement.ids, is_id)) return false;
  if (!any(statement.types, [&](const std::string& type) { return type == package.package.type; })) return false;
  if (!statement.packages.empty() || !statement.names.empty()) {
    const Os& os = os_of(report, package);
    const bool named = std::any_of(statement.names.begin(), statement.names.end(), [&](const std::string& name) { return names_by_word(name, package.package, statement.binaries); }) ||
                       std::any_of(statement.packages.begin(), statement.packages.end(), [&](const PurlPattern& one) { return names_package(one, package, os); });
    if (!named) return false;
  }
  if (!statement.paths.empty()) {
    const auto is_there = [&](const std::string& path) {
      return std::any_of(statement.paths.begin(), statement.paths.end(), [&](const std::string& pattern) { return text::glob(pattern, path); });
    };
    if (package.paths.empty() || !std::all_of(package.paths.begin(), package.paths.end(), is_there)) return false;
  }
  if (!statement.images.empty() || !statement.distributions.empty()) {
    const Os os = report.inventory.systems.empty() ? Os{} : report.inventory.systems[0];
    const bool named = std::any_of(statement.images.begin(), statement.images.end(), [&](const std::string& one) { return report::is_named(report, one); }) ||
                       std::find(statement.distributions.begin(), statement.distributions.end(), os.id) != statement.distributions.end();
    if (!named) return false;
  }
  if (!report::is_chosen(report, finding.layer, statement.layer)) return false;
  return any(statement.products, [&](const Product& one) { return is_product(one, report, package); });
}

void apply(const std::vector<Source>& sources, report::Report& report, Use& use) {
  use.used.resize(sources.size());
  std::vector<ById> by_id;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    use.used[i].resize(sources[i].statements.size());
    by_id.emplace_back(sources[i].statements);
  }
  Endings endings(report);
  std::vector<Decision> decisions(report.findings.size());
  for (std::size_t f = 0; f < report.findings.size(); ++f) {
    const Finding& finding = report.findings[f];
    bool decided = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const Statement* const said = last_word(sources[i], by_id[i].of(finding), report, finding, endings, use.used[i]);
      if (said == nullptr || decided) continue;
      if (said->effect == Effect::suppress) decisions[f].suppressed = said;
      else decisions[f].remarks.push_back(said);
      decided = said->effect != Effect::remark;
    }
  }
  std::vector<Finding> kept;
  kept.reserve(report.findings.size());
  std::vector<report::Remark> remarks;
  for (std::size_t f = 0; f < report.findings.size(); ++f) {
    if (decisions[f].suppressed != nullptr) {
      report.suppressed.push_back({std::move(report.findings[f]), decisions[f].suppressed->by});
      continue;
    }
    for (const Statement* const one : decisions[f].remarks) remarks.push_back({static_cast<std::uint32_t>(kept.size()), one->by});
    kept.push_back(std::move(report.findings[f]));
  }
  report.findings = std::move(kept);
  report.remarks = std::move(remarks);
}

}  // namespace eclair::suppress
