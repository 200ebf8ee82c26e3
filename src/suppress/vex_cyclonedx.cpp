// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// source: CycloneDX/specification, bom-1.6: vulnerabilities[].analysis and affects
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "suppress/vex.h"
#include "util/text.h"

namespace eclair::suppress {
namespace vex_cyclonedx_detail {

/// OpenVEX's word for a state; "" = no word on it.
std::string_view status_of(std::string_view state) {
  constexpr std::pair<std::string_view, std::string_view> kStates[] = {{"resolved", "fixed"},         {"resolved_with_pedigree", "fixed"},
                                                                       {"exploitable", "affected"},   {"in_triage", "under_investigation"},
                                                                       {"false_positive", "not_affected"}, {"not_affected", "not_affected"}};
  for (const auto& [from, to] : kStates) {
    if (from == state) return to;
  }
  return {};
}

/// The nearest of OpenVEX's words.
std::string_view justification_of(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"code_not_present", "vulnerable_code_not_present"},
      {"code_not_reachable", "vulnerable_code_not_in_execute_path"},
      {"requires_configuration", "vulnerable_code_cannot_be_controlled_by_adversary"},
      {"requires_dependency", "component_not_present"},
      {"requires_environment", "vulnerable_code_cannot_be_controlled_by_adversary"},
      {"protected_by_compiler", "inline_mitigations_already_exist"},
      {"protected_at_runtime", "inline_mitigations_already_exist"},
      {"protected_at_perimeter", "inline_mitigations_already_exist"},
      {"protected_by_mitigating_control", "inline_mitigations_already_exist"}};
  for (const auto& [from, to] : kWords) {
    if (from == word) return to;
  }
  return {};
}

class Reader {
 public:
  Reader(json::Value root, const std::string& file) : root_(root), file_(file) { out_.file = file; }

  Result<Source> read() {
    component(root_["metadata"]["component"]);
    const json::Value subject = root_["metadata"]["component"];
    subject_ref_ = subject["bom-ref"].string();
    if (auto purl = match::parse_purl(subject["purl"].string())) subject_ = *std::move(purl);
    components(root_["components"]);
    root_["vulnerabilities"].each([&](json::Value one) {
      vulnerability(one);
      return products_ <= kMaxVexProducts;
    });
    if (products_ > kMaxVexProducts) return fail(Errc::limit, file_ + ": more than " + std::to_string(kMaxVexProducts) + " products");
    if (lost_ > 0) out_.warnings.push_back(file_ + ": " + std::to_string(lost_) + " components without a package URL are spoken of, which means nothing here");
    return std::move(out_);
  }

 private:
  // The parser of JSON bounds how deep they nest.
  void components(json::Value list) {
    list.each([&](json::Value one) {
      component(one);
      components(one["components"]);
      return ++products_ <= kMaxVexProducts;
    });
  }
  void component(json::Value one) {
    const std::string_view ref = one["bom-ref"].string();
    auto purl = match::parse_purl(one["purl"].string());
    if (!ref.empty() && purl) by_ref_.emplace(ref, *std::move(purl));
  }

  /// "ref", "urn:cdx:SERIAL/VERSION#ref", or a package URL.
  std::optional<PurlPattern> purl_of(std::string_view ref) const {
    if (const auto at = by_ref_.find(std::string(ref)); at != by_ref_.end()) return at->second;
    if (ref.substr(0, 8) == "urn:cdx:") {
      const std::size_t hash = ref.find('#');
      if (hash == std::string_view::npos) return std::nullopt;
      ref.remove_prefix(hash + 1);  // a fragment, which is encoded or not
      for (const std::string& one : {std::string(ref), decoded(ref)}) {
        if (const auto at = by_ref_.find(one); at != by_ref_.end()) return at->second;
      }
    }
    auto purl = match::parse_purl(ref);
    return purl ? std::optional<PurlPattern>(*std::move(purl)) : std::nullopt;
  }

  static std::string decoded(std::string_view s) {
    const auto digit = [](char c) { return text::is_digit(c) ? c - '0' : text::lower(c) >= 'a' && text::lower(c) <= 'f' ? text::lower(c) - 'a' + 10 : -1; };
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const bool escape = s[i] == '%' && i + 2 < s.size() && digit(s[i + 1]) >= 0 && digit(s[i + 2]) >= 0;
      out += escape ? static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2])) : s[i];
      if (escape) i += 2;
    }
    return out;
  }

  void vulnerability(json::Value from) {
    const json::Value analysis = from["analysis"];
    const std::string_view status = status_of(analysis["state"].string());
    const std::string_view id = from["id"].string();
    if (status.empty() || id.empty()) return;
    Statement out = *vex_statement(status, file_);
    out.ids.push_back(text::lower(id));
    from["references"].each([&](json::Value one) {
      if (!one["id"].string().empty()) out.ids.push_back(text::lower(one["id"].string()));
      return out.ids.size() < 1000;
    });
    out.by.rule = id;
    out.by.justification = justification_of(analysis["justification"].string());
    out.by.reason = analysis["detail"].string(analysis["state"].string() == "false_positive" ? "false positive" : "");
    const auto time = parse_time(analysis["lastUpdated"].string());
    out.said_at = time ? *time : 0;
    from["affects"].each([&](json::Value one) {
      add(one["ref"].string(), out);
      return ++products_ <= kMaxVexProducts;
    });
    // Without a list it is about what the BOM is of.
    if (from["affects"].size() == 0 && subject_) out.products.push_back({*subject_, {}, {}, {}});
    if (!out.products.empty()) out_.statements.push_back(std::move(out));
  }

  void add(std::string_view ref, Statement& to) {
    const std::optional<PurlPattern> purl = purl_of(ref);
    if (!purl) {
      ++lost_;
      return;
    }
    // What is said of a part of one image says nothing of another's.
    const bool part = subject_ && (subject_->type == "oci" || subject_->type == "docker") && ref != subject_ref_;
    if (part) to.products.push_back({*subject_, {*purl}, {}, {}});
    else to.products.push_back({*purl, {}, {}, {}});
  }

  json::Value root_;
  const std::string& file_;
  Source out_;
  std::map<std::string, PurlPattern> by_ref_;
  std::optional<PurlPattern> subject_;
  std::string subject_ref_;
  std::size_t products_ = 0, lost_ = 0;
};

}  // namespace vex_cyclonedx_detail

Result<Source> read_cyclonedx_vex(json::Value root, const std::string& file) { return vex_cyclonedx_detail::Reader(root, file).read(); }

}  // namespace eclair::suppress
