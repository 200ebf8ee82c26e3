// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// source: OASIS, Common Security Advisory Framework 2.0, sections 3.2.2 (product tree), 3.2.3 (vulnerabilities), 4.5 (VEX profile)
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "suppress/vex.h"
#include "util/text.h"

namespace eclair::suppress {
namespace vex_csaf_detail {

constexpr unsigned kMostSteps = 8;  // from a product to the one that it is part of

struct Known {
  std::optional<PurlPattern> purl;
  std::string cpe;
  std::string part, whole;  ///< of a relationship: ids of products
};

class Reader {
 public:
  Reader(json::Value root, const std::string& file) : root_(root), file_(file) { out_.file = file; }

  Result<Source> read() {
    const std::string_view version = root_["document"]["csaf_version"].string();
    if (version != "2.0" && version != "2.1") return fail(Errc::unsupported, file_ + ": CSAF " + text::clean(version, 20) + "; this program knows 2.0");
    ECLAIR_CHECK_OK(tree());
    const auto time = parse_time(root_["document"]["tracking"]["current_release_date"].string());
    time_ = time ? *time : 0;
    root_["vulnerabilities"].each([&](json::Value one) {
      vulnerability(one);
      return products_ <= kMaxVexProducts;
    });
    if (products_ > kMaxVexProducts) return fail(Errc::limit, file_ + ": more than " + std::to_string(kMaxVexProducts) + " products");
    if (lost_ > 0) out_.warnings.push_back(file_ + ": " + std::to_string(lost_) + " products have no package URL, and mean nothing here");
    return std::move(out_);
  }

 private:
  Result<> tree() {
    const json::Value tree = root_["product_tree"];
    branches(tree["branches"]);
    tree["full_product_names"].each([&](json::Value one) { return product(one); });
    tree["relationships"].each([&](json::Value one) {
      const json::Value name = one["full_product_name"];
      if (!product(name)) return false;
      Known& known = known_[std::string(name["product_id"].string())];
      known.part = one["product_reference"].string();
      known.whole = one["relates_to_product_reference"].string();
      return true;
    });
    tree["product_groups"].each([&](json::Value group) {
      std::set<std::string>& ids = groups_[std::string(group["group_id"].string())];
      group["product_ids"].each([&](json::Value id) {
        ids.emplace(id.string());
        return ++products_ <= kMaxVexProducts;
      });
      return products_ <= kMaxVexProducts;
    });
    if (products_ > kMaxVexProducts) return fail(Errc::limit, file_ + ": more than " + std::to_string(kMaxVexProducts) + " products");
    return {};
  }

  // The parser of JSON bounds how deep they nest.
  void branches(json::Value list) {
    list.each([&](json::Value one) {
      if (!product(one["product"])) return false;
      branches(one["branches"]);
      return true;
    });
  }

  bool product(json::Value from) {
    const std::string_view id = from["product_id"].string();
    if (id.empty()) return true;
    Known& known = known_[std::string(id)];
    const json::Value helper = from["product_identification_helper"];
    if (auto purl = match::parse_purl(helper["purl"].string())) known.purl = *std::move(purl);
    known.cpe = helper["cpe"].string();
    return ++products_ <= kMaxVexProducts;
  }

  /// The package URL of a product, or of what it is made of.
  const PurlPattern* purl_of(const std::string& id) const {
    const std::string* at = &id;
    for (unsigned i = 0; i < kMostSteps; ++i) {
      const auto known = known_.find(*at);
      if (known == known_.end()) return nullptr;
      if (known->second.purl) return &*known->second.purl;
      at = &known->second.part;
    }
    return nullptr;
  }

  /// nullopt: it can be held against nothing here.
  std::optional<Product> resolve(const std::string& id) const {
    const auto at = known_.find(id);
    const PurlPattern* const purl = purl_of(id);
    if (at == known_.end() || purl == nullptr) return std::nullopt;
    Product out;
    if (at->second.whole.empty()) {
      out.whole = *purl;
      return out;
    }
    // A part of something: a package of an image or a release. Where nothing says what that is, the statement could be another's.
    const auto whole = known_.find(at->second.whole);
    if (whole == known_.end()) return std::nullopt;
    out.parts = {*purl};
    if (whole->second.purl) out.whole = *whole->second.purl;
    else if (!whole->second.cpe.empty()) out.platform = whole->second.cpe;
    else return std::nullopt;
    return out;
  }

  bool is_among(json::Value of, const std::string& id) const {
    bool found = false;
    of["product_ids"].each([&](json::Value one) {
      found = one.string() == id;
      return !found;
    });
    of["group_ids"].each([&](json::Value one) {
      const auto group = groups_.find(std::string(one.string()));
      found = found || (group != groups_.end() && group->second.count(id) > 0);
      return !found;
    });
    return found;
  }

  void vulnerability(json::Value from) {
    std::vector<std::string> ids;
    const auto add_id = [&](std::string_view id) {
      if (!id.empty() && ids.size() < 1000) ids.push_back(text::lower(id));
    };
    add_id(from["cve"].string());
    from["ids"].each([&](json::Value one) {
      add_id(one["text"].string());
      return true;
    });
    if (ids.empty()) return;
    const std::string rule(from["cve"].string(from["title"].string()));
    constexpr std::pair<std::string_view, std::string_view> kStatuses[] = {
        {"known_not_affected", "not_affected"}, {"fixed", "fixed"},           {"first_fixed", "fixed"},
        {"known_affected", "affected"},         {"last_affected", "affected"}, {"first_affected", "affected"}, {"under_investigation", "under_investigation"}};
    for (const auto& [group, status] : kStatuses) add_status(from, group, status, ids, rule.empty() ? ids[0] : rule);
  }

  /// A statement for each justification and reason, with the products that they are given for.
  void add_status(json::Value vulnerability, std::string_view group, std::string_view status, const std::vector<std::string>& ids, const std::string& rule) {
    std::map<std::pair<std::string, std::string>, Statement> by_reason;
    vulnerability["product_status"][group].each([&](json::Value product) {
      const std::string id(product.string());
      std::optional<Product> found = resolve(id);
      ++products_;
      if (!found) {
        ++lost_;
        return products_ <= kMaxVexProducts;
      }
      const auto said = reason_of(vulnerability, id, status);
      auto at = by_reason.find(said);
      if (at == by_reason.end()) at = by_reason.emplace(said, *vex_statement(status, file_)).first;
      at->second.products.push_back(*std::move(found));
      return products_ <= kMaxVexProducts;
    });
    for (auto& [said, statement] : by_reason) {
      statement.ids = ids;
      statement.by.rule = rule;
      statement.by.justification = said.first;
      statement.by.reason = said.second;
      statement.said_at = time_;
      out_.statements.push_back(std::move(statement));
    }
  }

  std::pair<std::string, std::string> reason_of(json::Value vulnerability, const std::string& id, std::string_view status) const {
    std::pair<std::string, std::string> out;
    if (status == "not_affected") {
      vulnerability["flags"].each([&](json::Value flag) {
        if (is_among(flag, id)) out.first = flag["label"].string();
        return out.first.empty();
      });
      vulnerability["threats"].each([&](json::Value threat) {
        if (threat["category"].string() == "impact" && is_among(threat, id)) out.second = threat["details"].string();
        return out.second.empty();
      });
    } else if (status == "affected") {
      vulnerability["remediations"].each([&](json::Value remedy) {
        if (is_among(remedy, id)) out.second = remedy["details"].string();
        return out.second.empty();
      });
    }
    return out;
  }

  json::Value root_;
  const std::string& file_;
  Source out_;
  std::map<std::string, Known> known_;
  std::map<std::string, std::set<std::string>> groups_;
  UnixTime time_ = 0;
  std::size_t products_ = 0, lost_ = 0;
};

}  // namespace vex_csaf_detail

Result<Source> read_csaf(json::Value root, const std::string& file) { return vex_csaf_detail::Reader(root, file).read(); }

}  // namespace eclair::suppress
