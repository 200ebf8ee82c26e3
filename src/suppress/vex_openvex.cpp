// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// source: openvex/spec, OPENVEX-SPEC.md 0.2.0; in 0.0.x a vulnerability and a product are texts, and a subcomponent stands beside them.
#include <optional>
#include <string>
#include <utility>

#include "suppress/vex.h"
#include "util/text.h"

namespace eclair::suppress {
namespace vex_openvex_detail {

/// The package URLs of a product or subcomponent, of its @id and its identifiers. name: an @id that is none.
std::vector<PurlPattern> purls_of(json::Value component, std::string& name) {
  std::vector<PurlPattern> out;
  const auto add = [&](std::string_view word, bool is_id) {
    if (word.empty()) return;
    auto purl = match::parse_purl(word);
    if (purl) out.push_back(*std::move(purl));
    else if (is_id) name = word;
  };
  if (component.is_string()) add(component.string(), true);
  add(component["@id"].string(), true);
  const std::string_view purl = component["identifiers"]["purl"].string();
  if (purl != component["@id"].string()) add(purl, false);
  return out;
}

class Reader {
 public:
  Reader(json::Value root, const std::string& file) : root_(root), file_(file) { out_.file = file; }

  Result<Source> read() {
    const json::Value statements = root_["statements"];
    if (!statements.is_array()) return fail(Errc::invalid_input, file_ + ": no list of statements");
    document_time_ = time_of(root_, 0);
    Result<> done;
    std::size_t index = 0;
    statements.each([&](json::Value one) {
      done = statement(one, index++);
      return done.has_value();
    });
    if (!done) return fail(std::move(done).error());
    if (lost_ > 0) out_.warnings.push_back(file_ + ": " + std::to_string(lost_) + " statements name no package URL and no image, and mean nothing here");
    return std::move(out_);
  }

 private:
  static UnixTime time_of(json::Value of, UnixTime otherwise) {
    const auto time = parse_time(of["timestamp"].string());
    return time ? *time : otherwise;
  }

  /// false: it can be held against nothing.
  bool add_product(json::Value product, Statement& to) {
    std::string name;
    std::vector<PurlPattern> wholes = purls_of(product, name);
    std::vector<PurlPattern> parts;
    const json::Value subcomponents = product["subcomponents"];
    subcomponents.each([&](json::Value one) {
      std::string ignored;
      for (PurlPattern& part : purls_of(one, ignored)) parts.push_back(std::move(part));
      return ++products_ < kMaxVexProducts;
    });
    if (subcomponents.size() > 0 && parts.empty()) return false;
    for (PurlPattern& whole : wholes) to.products.push_back({std::move(whole), parts, {}, {}});
    if (!name.empty()) to.products.push_back({std::nullopt, parts, {name}, {}});
    return !wholes.empty() || !name.empty();
  }

  Result<> statement(json::Value from, std::size_t index) {
    const std::string where = file_ + ": statements[" + std::to_string(index) + "]";
    std::optional<Statement> made = vex_statement(from["status"].string(), file_);
    if (!made) return fail(Errc::invalid_input, where + ": " + text::quoted(from["status"].string(), 60) + " is no status of OpenVEX");
    Statement& out = *made;
    const json::Value vulnerability = from["vulnerability"];
    const auto add_id = [&](std::string_view id) {
      if (!id.empty()) out.ids.push_back(text::lower(id));
    };
    add_id(vulnerability.string());
    add_id(vulnerability["name"].string());
    // 0.2.0 allows a page's address instead of a name: its last part is one.
    const std::string_view id = vulnerability["@id"].string();
    add_id(id.substr(id.rfind('/') == std::string_view::npos ? 0 : id.rfind('/') + 1));
    vulnerability["aliases"].each([&](json::Value alias) {
      add_id(alias.string());
      return out.ids.size() < 1000;
    });
    if (out.ids.empty()) return fail(Errc::invalid_input, where + ": no vulnerability");
    out.by.rule = vulnerability.is_string() ? vulnerability.string() : vulnerability["name"].string(id);
    out.by.justification = from["justification"].string();
    out.by.reason = from["impact_statement"].string(from["action_statement"].string(from["status_notes"].string()));
    out.said_at = time_of(from, document_time_);

    const json::Value products = from["products"];
    bool all = products.size() > 0;
    products.each([&](json::Value product) {
      all = add_product(product, out) && all;
      return ++products_ < kMaxVexProducts;
    });
    if (products_ >= kMaxVexProducts) return fail(Errc::limit, file_ + ": more than " + std::to_string(kMaxVexProducts) + " products");
    if (!all) ++lost_;
    // An empty list would hold for everything.
    if (!out.products.empty()) out_.statements.push_back(std::move(out));
    return {};
  }

  json::Value root_;
  const std::string& file_;
  Source out_;
  UnixTime document_time_ = 0;
  std::size_t products_ = 0, lost_ = 0;
};

}  // namespace vex_openvex_detail

Result<Source> read_openvex(json::Value root, const std::string& file) { return vex_openvex_detail::Reader(root, file).read(); }

}  // namespace eclair::suppress
