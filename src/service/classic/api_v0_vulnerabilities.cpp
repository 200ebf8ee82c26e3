// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/classic/api_v0_handlers.h"
#include "service/classic/classic_model.h"
#include "service/classic/classic_replies.h"
#include "service/classic/classic_versions.h"
#include "service/classic/go_decode.h"
#include "service/classic/go_json.h"
#include "report/classic/v1_vulnerabilities.h"
#include "util/text.h"

// A vulnerability of generation 0 is one of all distributions, with packages that name theirs. Here it is the union of those of the same
// name in all namespaces, and written into each that its packages name.

namespace eclair::service::v0 {
namespace api_v0_vulnerabilities_detail {

using classic::v0_error;

struct Sent {
  std::string id, link, priority, description;
  struct Package {
    std::string os, name, before;
    bool all_versions = false;
  };
  std::vector<Package> packages;
};

Result<Sent::Package> decode_package(json::Value one) {
  ECLAIR_CHECK_OK(go_json::expect_object(one, "AffectedPackage"));
  Sent::Package out;
  ECLAIR_TRY(out.os, go_json::string_field(one, "AffectedPackage", "OS"));
  ECLAIR_TRY(out.name, go_json::string_field(one, "AffectedPackage", "Name"));
  ECLAIR_TRY(out.all_versions, go_json::boolean_field(one, "AffectedPackage", "AllVersions"));
  ECLAIR_TRY(out.before, go_json::string_field(one, "AffectedPackage", "BeforeVersion"));
  out.before = std::string(text::trim(out.before));
  // An empty version is refused later where it is needed; the document's own example has one beside "AllVersions": true.
  const std::string_view bad = out.before.empty() ? std::string_view{} : classic::v0_version_fault(out.before);
  if (!bad.empty()) return fail(Errc::invalid_input, std::string(bad));
  return out;
}

Result<Sent> decode(const Request& request) {
  ECLAIR_TRY(const go_json::Body body, go_json::Body::parse(request.body));
  const json::Value root = body.value();
  ECLAIR_CHECK_OK(go_json::expect_object(root, "Vulnerability"));
  Sent out;
  ECLAIR_TRY(out.id, go_json::string_field(root, "Vulnerability", "ID"));
  ECLAIR_TRY(out.link, go_json::string_field(root, "Vulnerability", "Link"));
  ECLAIR_TRY(out.priority, go_json::string_field(root, "Vulnerability", "Priority"));
  ECLAIR_TRY(out.description, go_json::string_field(root, "Vulnerability", "Description"));
  ECLAIR_TRY(const json::Value list, go_json::list_field(root, "Vulnerability", "AffectedPackages"));
  std::optional<Error> fault;
  list.each([&](json::Value one) {
    auto package = decode_package(one);
    if (package) {
      out.packages.push_back(*std::move(package));
    } else {
      fault = package.error();
    }
    return !fault;
  });
  if (fault) return fail(*fault);
  return out;
}

bool is_complete(const Sent::Package& package) {
  return !package.os.empty() && !package.name.empty() && (package.all_versions || !package.before.empty());
}

/// The fixes by distribution; of two entries for a package the last. A version below all ("#MINV#") affects nothing.
using ByOs = std::map<std::string, std::vector<Fix>>;
ByOs by_os(const std::vector<Sent::Package>& packages) {
  ByOs out;
  for (const Sent::Package& package : packages) {
    std::vector<Fix>& fixes = out[package.os];
    Fix fix{package.name, package.all_versions || package.before == classic::kMaxVersion ? std::string() : package.before};
    const auto same = std::find_if(fixes.begin(), fixes.end(), [&](const Fix& each) { return each.feature == fix.feature; });
    if (same != fixes.end()) {
      *same = std::move(fix);
    } else {
      fixes.push_back(std::move(fix));
    }
  }
  for (auto& [os, fixes] : out) {
    std::sort(fixes.begin(), fixes.end(), [](const Fix& a, const Fix& b) { return a.feature < b.feature; });
  }
  return out;
}

/// The union of what namespaces say.
struct Whole {
  std::string link, description;
  classic::Priority priority;
};
Whole whole(const std::vector<Vulnerability>& all) {
  Whole out;
  for (const Vulnerability& one : all) {
    if (out.link.empty()) out.link = one.link;
    if (out.description.empty()) out.description = one.description;
    if (classic::rank(one.severity, one.severity_word) > classic::rank(out.priority.severity, out.priority.word)) {
      out.priority = {one.severity, one.severity_word == "Defcon1" ? std::string_view("Defcon1") : std::string_view{}};
    }
  }
  return out;
}

bool may_change(const Request& request) { return request.who.prefixes.empty(); }

}  // namespace api_v0_vulnerabilities_detail

std::string encode_vulnerability(const std::vector<Vulnerability>& all) {
  using namespace api_v0_vulnerabilities_detail;
  const Whole sum = whole(all);
  std::string out;
  go_json::Object object(out);
  object.string("ID", all.empty() ? std::string_view{} : std::string_view(all.front().name)).string("Link", sum.link);
  object.string("Priority", report::classic_severity(sum.priority.severity, sum.priority.word)).string("Description", sum.description);
  object.key("AffectedPackages") += '[';
  for (const Vulnerability& one : all) {
    for (const Fix& fix : one.fixes) {
      if (out.back() != '[') out += ',';
      go_json::Object package(out);
      package.string("OS", one.name_space).string("Name", fix.feature).boolean("AllVersions", fix.version.empty());
      package.string("BeforeVersion", classic::v0_version(fix.version)).end();
    }
  }
  out += ']';
  object.end();
  return out;
}

Reply post_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_vulnerabilities_detail;
  if (!may_change(request)) return v0_error(403, classic::kNotAllowed);
  const auto sent = decode(request);
  if (!sent) return v0_error(415, sent.error().text);
  if (!sent->id.empty()) {
    const auto known = parts.vulnerabilities.everywhere(sent->id);
    if (!known) return classic::v0_failure(known.error());
    if (!known->empty()) return v0_error(400, "vulnerability already exists");
  }
  if (!std::all_of(sent->packages.begin(), sent->packages.end(), is_complete)) return v0_error(400, "could not insert an incomplete package");
  if (sent->id.empty() || sent->link.empty() || sent->priority.empty()) {
    return v0_error(400, "Could not insert an incomplete vulnerability");
  }
  const auto priority = classic::parse_priority(sent->priority, false);
  if (!priority) return v0_error(400, "Could not insert a vulnerability which has an invalid priority");
  if (sent->packages.empty()) return v0_error(400, "could not insert a vulnerability which doesn't affect any package");
  for (auto& [os, fixes] : by_os(sent->packages)) {
    Vulnerability value;
    value.name = sent->id;
    value.name_space = os;
    value.description = sent->description;
    value.link = sent->link;
    value.severity = priority->severity;
    value.severity_word = priority->word;
    value.fixes = fixes;
    std::erase_if(value.fixes, [](const Fix& fix) { return fix.version == classic::kMinVersion; });
    if (const auto stored = parts.vulnerabilities.put(value); !stored) return classic::v0_failure(stored.error());
  }
  Reply reply;
  reply.status = 201;
  return reply;
}

Reply put_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_vulnerabilities_detail;
  if (!may_change(request)) return v0_error(403, classic::kNotAllowed);
  const auto sent = decode(request);
  if (!sent) return v0_error(415, sent.error().text);
  const std::string& name = request.params.at(0);
  const auto known = parts.vulnerabilities.everywhere(name);
  if (!known) return classic::v0_failure(known.error());
  if (known->empty()) return v0_error(404, classic::kNotFound);
  auto priority = sent->priority.empty() ? std::optional<classic::Priority>(classic::Priority{}) : classic::parse_priority(sent->priority, false);
  if (!priority) return v0_error(400, "Could not update a vulnerability which has an invalid priority");
  if (!std::all_of(sent->packages.begin(), sent->packages.end(), is_complete)) return v0_error(400, "could not insert an incomplete package");
  Whole sum = whole(*known);
  const bool new_priority = classic::rank(priority->severity, priority->word) > 0;
  if (!sent->link.empty()) sum.link = sent->link;
  if (!sent->description.empty()) sum.description = sent->description;
  if (new_priority) sum.priority = *priority;
  ByOs fixes = by_os(sent->packages);
  std::vector<Vulnerability> values;
  for (const Vulnerability& one : *known) {
    Vulnerability value = one;
    if (!sent->link.empty()) value.link = sent->link;
    if (!sent->description.empty()) value.description = sent->description;
    if (new_priority) {
      value.severity = priority->severity;
      value.severity_word = priority->word;
    }
    const auto of_it = fixes.find(one.name_space);
    const std::vector<Fix> given = of_it == fixes.end() ? std::vector<Fix>{} : of_it->second;
    const bool new_fixes = std::any_of(given.begin(), given.end(), [&](const Fix& fix) {
      return std::find(one.fixes.begin(), one.fixes.end(), fix) == one.fixes.end();
    });
    if (of_it != fixes.end()) fixes.erase(of_it);
    const bool changed = value.link != one.link || value.description != one.description || value.severity != one.severity ||
                         value.severity_word != one.severity_word || new_fixes;
    value.fixes = given;
    if (changed) values.push_back(std::move(value));
  }
  for (auto& [os, of_os] : fixes) {
    Vulnerability value;
    value.name = name;
    value.name_space = os;
    value.description = sum.description;
    value.link = sum.link;
    value.severity = sum.priority.severity;
    value.severity_word = sum.priority.word;
    value.fixes = std::move(of_os);
    values.push_back(std::move(value));
  }
  for (Vulnerability& value : values) {
    std::vector<std::string> not_affected;
    for (const Fix& fix : value.fixes) {
      if (fix.version == classic::kMinVersion) not_affected.push_back(fix.feature);
    }
    std::erase_if(value.fixes, [](const Fix& fix) { return fix.version == classic::kMinVersion; });
    if (const auto stored = parts.vulnerabilities.put(value); !stored) return classic::v0_failure(stored.error());
    for (const std::string& feature : not_affected) {
      const auto removed = parts.vulnerabilities.remove_fix(value.name_space, name, feature);
      if (!removed) return classic::v0_failure(removed.error());
    }
  }
  Reply reply;
  reply.status = 201;
  return reply;
}

Reply get_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_vulnerabilities_detail;
  const auto all = parts.vulnerabilities.everywhere(request.params.at(0));
  if (!all) return classic::v0_failure(all.error());
  if (all->empty()) return v0_error(404, classic::kNotFound);
  return classic::v0_reply(200, encode_vulnerability(*all));
}

Reply delete_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_vulnerabilities_detail;
  if (!may_change(request)) return v0_error(403, classic::kNotAllowed);
  const std::string& name = request.params.at(0);
  const auto all = parts.vulnerabilities.everywhere(name);
  if (!all) return classic::v0_failure(all.error());
  if (all->empty()) return v0_error(404, classic::kNotFound);
  for (const Vulnerability& one : *all) {
    const auto removed = parts.vulnerabilities.remove(one.name_space, name);
    if (!removed) return classic::v0_failure(removed.error());
  }
  Reply reply;
  reply.status = 204;
  return reply;
}

Reply get_introducing_layers(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_vulnerabilities_detail;
  constexpr std::size_t kAtOnce = 10'000;
  const std::string& name = request.params.at(0);
  const auto all = parts.vulnerabilities.everywhere(name);
  if (!all) return classic::v0_failure(all.error());
  if (all->empty()) return v0_error(404, classic::kNotFound);
  std::map<std::int64_t, std::string> layers;  // by index: a layer may be hit in several namespaces
  for (const Vulnerability& one : *all) {
    for (std::int64_t after = 0;;) {
      if (request.stop != nullptr && request.stop->requested()) return v0_error(503, "http: Handler timeout");
      auto page = parts.layers.introducing(one.name_space, name, after, kAtOnce);
      if (!page) return classic::v0_failure(page.error());
      if (!page->empty()) after = page->back().index;
      const bool last = page->size() < kAtOnce;
      for (Layers::Introduced& layer : *page) {
        if (request.who.may_use(layer.name)) layers.emplace(layer.index, std::move(layer.name));
      }
      if (last) break;
    }
  }
  std::string list = "[";
  for (const auto& [index, layer] : layers) {
    if (list.size() > 1) list += ',';
    go_json::append_string(list, layer);
  }
  list += ']';
  std::string out;
  go_json::Object object(out);
  // The code of the time has the one key, its document the other.
  object.raw("IntroducingLayers", list).raw("IntroducingLayersIDs", list).end();
  return classic::v0_reply(200, std::move(out));
}

}  // namespace eclair::service::v0
