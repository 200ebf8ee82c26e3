// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/classic/api_v0.h"
#include "service/classic/api_v0_handlers.h"
#include "service/classic/classic_model.h"
#include "service/classic/classic_replies.h"
#include "service/classic/classic_versions.h"
#include "service/classic/go_decode.h"
#include "service/classic/go_json.h"
#include "report/classic/v1_vulnerabilities.h"

namespace eclair::service {
namespace api_v0_layers_detail {

using classic::v0_error;

constexpr std::size_t kMaxName = 1024;

Reply failed(const PostFailure& failure, const LayerPost& post) {
  switch (failure.problem) {
    case PostProblem::unknown_parent: return v0_error(400, classic::kUnknownParent);
    case PostProblem::no_distribution: return v0_error(400, classic::kNoDistribution);
    case PostProblem::unreachable:
      return classic::is_url(post.path) ? v0_error(500, "could not download requested ressource") : v0_error(404, classic::kNotFound);
    case PostProblem::unsupported_format: return v0_error(400, "unsupported image format '" + post.format + "'");
    case PostProblem::broken_archive: return v0_error(500, "utils: could not extract the archive");
    case PostProblem::too_large: return v0_error(500, "utils: could not extract one or more files from the archive: file too big");
    case PostProblem::refused: return v0_error(400, failure.text);
    case PostProblem::unavailable: return classic::v0_failure({Errc::unavailable, failure.text});
    case PostProblem::cancelled: return v0_error(503, "the analysis was cancelled");
    case PostProblem::internal: break;
  }
  return v0_error(500, failure.text);
}

/// A layer that this key may see; else `answer`.
std::optional<LayerView> look_up(const ClassicParts& parts, const Request& request, const std::string& id, Detail detail, Reply& answer) {
  auto found = request.who.may_use(id) ? parts.layers.find(id, detail) : Result<std::optional<LayerView>>(std::nullopt);
  if (!found) {
    answer = classic::v0_failure(found.error());
    return std::nullopt;
  }
  if (!*found) answer = v0_error(404, classic::kNotFound);
  return *std::move(found);
}

std::optional<LayerChange> change_of(const ClassicParts& parts, const Request& request, Detail detail, Reply& answer) {
  const std::string& id = request.params.at(0);
  auto found = request.who.may_use(id) ? parts.layers.change(id, detail) : Result<std::optional<LayerChange>>(std::nullopt);
  if (!found) {
    answer = classic::v0_failure(found.error());
    return std::nullopt;
  }
  if (!*found) answer = v0_error(404, classic::kNotFound);
  return *std::move(found);
}

Reply one_string(std::string_view key, std::string_view value) {
  std::string out;
  go_json::Object object(out);
  object.string(key, value).end();
  return classic::v0_reply(200, std::move(out));
}

void append_packages(std::string& out, const std::vector<Feature>& features) {
  out += '[';
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (i > 0) out += ',';
    go_json::Object object(out);
    object.string("OS", features[i].name_space).string("Name", features[i].name).string("Version", classic::v0_version(features[i].version)).end();
  }
  out += ']';
}

/// A vulnerability of a layer, with a package that has it.
struct Seen {
  const FeatureVulnerability* vulnerability = nullptr;
  std::string_view package;
  int rank = 0;
};
using ById = std::map<std::string_view, Seen>;

/// One of each name, the worst; the views are into `features`.
ById by_id(const std::vector<Feature>& features, int least) {
  ById out;
  for (const Feature& feature : features) {
    if (!feature.findings) continue;
    for (const FeatureVulnerability& one : feature.findings->vulnerabilities) {
      const int rank = classic::rank(one.severity, one.severity_word);
      if (rank < least) continue;
      const auto [at, fresh] = out.try_emplace(one.name, Seen{&one, feature.name, rank});
      if (!fresh && rank > at->second.rank) at->second = {&one, feature.name, rank};
    }
  }
  return out;
}

void append_vulnerabilities(std::string& out, const ById& all, const ById* without) {
  out += '[';
  for (const auto& [id, seen] : all) {
    if (without != nullptr && without->count(id) != 0) continue;
    if (out.back() != '[') out += ',';
    const FeatureVulnerability& one = *seen.vulnerability;
    go_json::Object object(out);
    object.string("ID", one.name).string("Link", one.link).string("Priority", report::classic_severity(one.severity, one.severity_word));
    object.string_if("Description", one.description).string_if("CausedByPackage", seen.package).end();
  }
  out += ']';
}

/// The query key "minimumPriority". nullopt: not one of the seven.
std::optional<int> least_priority(const Request& request) {
  const std::string* text = request.find_query("minimumPriority");
  const auto priority = classic::parse_priority(text == nullptr || text->empty() ? "High" : std::string_view(*text), false);
  if (!priority) return std::nullopt;
  return classic::rank(priority->severity, priority->word);
}

constexpr std::string_view kBadPriority = "invalid priority";

}  // namespace api_v0_layers_detail

Reply post_layer_v0(Layers& layers, const Request& request, json::Value body) {
  using namespace api_v0_layers_detail;
  LayerPost post;
  post.api = 0;
  const auto read = [&](std::string_view name, std::string& to) {
    auto value = go_json::string_field(body, "POSTLayersRequest", name);
    if (!value) return value.error().text;
    to = *std::move(value);
    return std::string();
  };
  for (const auto& [name, to] : {std::pair("ID", &post.name), {"Path", &post.path}, {"ParentID", &post.parent}, {"ImageFormat", &post.format}}) {
    if (const std::string fault = read(name, *to); !fault.empty()) return v0_error(415, fault);
  }
  if (post.name.empty()) return v0_error(400, "could not process a layer which does not have ID");
  if (post.path.empty()) return v0_error(400, "could not process a layer which does not have a path");
  if (post.name.size() > kMaxName) return v0_error(400, "could not process a layer whose ID is longer than 1024 bytes");
  if (!request.who.may_use(post.name)) return v0_error(403, classic::kNotAllowed);
  if (!post.parent.empty() && !request.who.may_use(post.parent)) return v0_error(400, classic::kUnknownParent);
  if (post.format.empty()) post.format = "Docker";
  static const Cancel never;
  if (const auto failure = layers.post(post, request.stop == nullptr ? never : *request.stop)) return failed(*failure, post);
  std::string out;
  go_json::Object object(out);
  object.string("Version", std::to_string(classic::kEngineVersion)).end();
  return classic::v0_reply(201, std::move(out));
}

namespace v0 {

Reply get_os(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  Reply answer;
  const auto layer = look_up(parts, request, request.params.at(0), Detail::none, answer);
  return layer ? one_string("OS", layer->name_space) : std::move(answer);
}

Reply get_parent(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  Reply answer;
  const auto layer = look_up(parts, request, request.params.at(0), Detail::none, answer);
  return layer ? one_string("ID", layer->parent) : std::move(answer);
}

Reply get_packages(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  Reply answer;
  const auto layer = look_up(parts, request, request.params.at(0), Detail::features, answer);
  if (!layer) return answer;
  std::string out;
  go_json::Object object(out);
  append_packages(object.key("Packages"), layer->features);
  object.end();
  return classic::v0_reply(200, std::move(out));
}

Reply get_packages_diff(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  Reply answer;
  const auto change = change_of(parts, request, Detail::features, answer);
  if (!change) return answer;
  std::string out;
  go_json::Object object(out);
  append_packages(object.key("InstalledPackages"), change->added);
  append_packages(object.key("RemovedPackages"), change->removed);
  object.end();
  return classic::v0_reply(200, std::move(out));
}

Reply get_layer_vulnerabilities(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  const auto least = least_priority(request);  // asked before the layer: 400 wins over 404
  if (!least) return v0_error(400, kBadPriority);
  Reply answer;
  const auto layer = look_up(parts, request, request.params.at(0), Detail::vulnerabilities, answer);
  if (!layer) return answer;
  std::string out;
  go_json::Object object(out);
  append_vulnerabilities(object.key("Vulnerabilities"), by_id(layer->features, *least), nullptr);
  object.end();
  return classic::v0_reply(200, std::move(out));
}

Reply get_layer_vulnerabilities_diff(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  const auto least = least_priority(request);
  if (!least) return v0_error(400, kBadPriority);
  Reply answer;
  const auto change = change_of(parts, request, Detail::vulnerabilities, answer);
  if (!change) return answer;
  const ById added = by_id(change->added, *least), removed = by_id(change->removed, *least);
  std::string out;
  go_json::Object object(out);
  append_vulnerabilities(object.key("Adds"), added, &removed);
  append_vulnerabilities(object.key("Removes"), removed, &added);
  object.end();
  return classic::v0_reply(200, std::move(out));
}

Reply post_batch(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  const auto ids = layer_ids(request);
  if (!ids) return v0_error(415, ids.error().text);
  if (ids->empty()) return v0_error(400, "at least one LayerID query parameter must be provided");
  const auto least = least_priority(request);
  if (!least) return v0_error(400, kBadPriority);
  std::map<std::string, std::string> lists;
  for (const std::string& id : *ids) {
    if (lists.count(id) != 0) continue;
    Reply answer;
    const auto layer = look_up(parts, request, id, Detail::vulnerabilities, answer);
    if (!layer) return answer;
    append_vulnerabilities(lists[id], by_id(layer->features, *least), nullptr);
  }
  std::string out;
  go_json::Object outer(out);
  for (const auto& [id, list] : lists) {
    go_json::Object inner(outer.key(id));
    inner.raw("Vulnerabilities", list).end();
  }
  outer.end();
  return classic::v0_reply(200, std::move(out));
}

Reply post_affected_layers(const ClassicParts& parts, const Request& request) {
  using namespace api_v0_layers_detail;
  const auto ids = layer_ids(request);
  if (!ids) return v0_error(415, ids.error().text);
  if (ids->empty()) {
    return v0_error(400,
                    "getting the entire list of affected layers is not supported yet: at least one LayerID query parameter must be provided");
  }
  const std::string& name = request.params.at(0);
  const auto vulnerability = parts.vulnerabilities.everywhere(name);
  if (!vulnerability) return classic::v0_failure(vulnerability.error());
  if (vulnerability->empty()) return v0_error(404, classic::kNotFound);
  std::map<std::string, bool> hit;
  for (const std::string& id : *ids) {
    if (hit.count(id) != 0) continue;
    Reply answer;
    const auto layer = look_up(parts, request, id, Detail::vulnerabilities, answer);
    if (!layer) return answer;
    hit[id] = by_id(layer->features, 0).count(name) != 0;
  }
  std::string out;
  go_json::Object outer(out);
  for (const auto& [id, vulnerable] : hit) {
    go_json::Object inner(outer.key(id));
    inner.boolean("Vulnerable", vulnerable).end();
  }
  outer.end();
  return classic::v0_reply(200, std::move(out));
}

Result<std::vector<std::string>> layer_ids(const Request& request) {
  ECLAIR_TRY(const go_json::Body body, go_json::Body::parse(request.body));
  ECLAIR_CHECK_OK(go_json::expect_object(body.value(), "POSTLayersRequest"));
  ECLAIR_TRY(const json::Value list, go_json::list_field(body.value(), "Request", "LayersIDs"));
  std::vector<std::string> out;
  bool strings = true;
  list.each([&](json::Value one) {
    strings = one.is_string() || one.kind() == json::Kind::null;
    if (strings) out.emplace_back(one.string());
    return strings;
  });
  if (!strings) return fail(Errc::invalid_input, "json: cannot unmarshal an element into Go struct field Request.LayersIDs of type string");
  return out;
}

}  // namespace v0
}  // namespace eclair::service
