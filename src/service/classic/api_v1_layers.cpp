// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/classic/api_v0.h"
#include "service/classic/api_v1_handlers.h"
#include "service/classic/classic_replies.h"
#include "service/classic/go_decode.h"
#include "service/classic/go_json.h"

namespace eclair::service::v1 {
namespace api_v1_layers_detail {

using classic::v1_error;

constexpr std::size_t kMaxName = 1024;
/// Lists shorter than this are copied into what lies around them: a piece of its own costs more.
constexpr std::size_t kOwnPiece = 2048;

struct Posted {
  std::string name, path, parent, format;
  std::map<std::string, std::string> headers;
};

Result<Posted> decode(json::Value layer) {
  Posted out;
  ECLAIR_TRY(out.name, go_json::string_field(layer, "Layer", "Name"));
  ECLAIR_TRY(out.path, go_json::string_field(layer, "Layer", "Path"));
  ECLAIR_TRY(out.headers, go_json::map_field(layer, "Layer", "Headers"));
  ECLAIR_TRY(out.parent, go_json::string_field(layer, "Layer", "ParentName"));
  ECLAIR_TRY(out.format, go_json::string_field(layer, "Layer", "Format"));
  if (const auto unused = go_json::list_field(layer, "Layer", "Features"); !unused) return fail(unused.error());
  return out;
}

Reply failed(const PostFailure& failure, const std::string& format) {
  switch (failure.problem) {
    case PostProblem::unknown_parent: return v1_error(400, classic::kUnknownParent);
    case PostProblem::unreachable: return v1_error(400, "could not find layer");
    case PostProblem::unsupported_format: return v1_error(400, "unsupported image format '" + format + "'");
    case PostProblem::broken_archive: return v1_error(422, "tarutil: could not extract the archive");
    case PostProblem::too_large: return v1_error(422, "tarutil: could not extract one or more files from the archive: file too big");
    case PostProblem::no_distribution: return v1_error(422, classic::kNoDistribution);
    // Quay and clairctl take 422 for "cannot be analysed, do not ask again"; others show the text.
    case PostProblem::refused: return v1_error(422, failure.text);
    case PostProblem::unavailable: return classic::v1_failure({Errc::unavailable, failure.text});
    case PostProblem::cancelled: return v1_error(503, "the analysis was cancelled");
    case PostProblem::internal: break;
  }
  return v1_error(500, failure.text);
}

/// What the client sent, and the number of the analysis.
std::string echo(const Posted& posted) {
  std::string out;
  go_json::Object outer(out);
  go_json::Object layer(outer.key("Layer"));
  layer.string("Name", posted.name).string("Path", posted.path);
  if (!posted.headers.empty()) {
    go_json::Object headers(layer.key("Headers"));
    for (const auto& [key, value] : posted.headers) headers.string(key, value);
    headers.end();
  }
  layer.string_if("ParentName", posted.parent).string("Format", posted.format).number("IndexedByVersion", classic::kEngineVersion).end();
  outer.end();
  return out;
}

/// A body of many pieces, most of them shared with other reports.
class Pieces {
 public:
  explicit Pieces(Reply& reply) : reply_(reply) {}
  std::string& text() { return text_; }
  void shared(std::shared_ptr<const std::string> piece) {
    flush();
    reply_.pieces.push_back(std::move(piece));
  }
  void flush() {
    if (text_.empty()) return;
    if (reply_.pieces.empty() && reply_.body.empty()) {
      reply_.body = std::move(text_);
    } else {
      reply_.pieces.push_back(std::make_shared<const std::string>(std::move(text_)));
    }
    text_.clear();
  }

 private:
  Reply& reply_;
  std::string text_;
};

/// Quay reads Name, NamespaceName, VersionFormat, Version and AddedBy of every feature, so they are there even when empty.
void append_features(Pieces& to, const std::vector<Feature>& features, bool with_vulnerabilities) {
  to.text() += '[';
  bool first = true;
  for (const Feature& feature : features) {
    if (!std::exchange(first, false)) to.text() += ',';
    go_json::Object object(to.text());
    object.string("Name", feature.name).string("NamespaceName", feature.name_space);
    object.string("VersionFormat", feature.version_format).string("Version", feature.version);
    if (with_vulnerabilities && feature.findings && !feature.findings->v1.empty()) {
      const std::string& list = feature.findings->v1;
      object.key("Vulnerabilities");
      if (list.size() < kOwnPiece) {
        to.text() += list;
      } else {
        to.shared(std::shared_ptr<const std::string>(feature.findings, &list));
      }
    }
    object.string("AddedBy", feature.added_by).end();
  }
  to.text() += ']';
}

}  // namespace api_v1_layers_detail

Reply post_layer(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_layers_detail;
  auto body = go_json::Body::parse(request.body);
  if (!body) return v1_error(400, body.error().text);
  const json::Value root = body->value();
  if (!go_json::has_member(root, "Layer")) {
    for (const std::string_view old : {"ID", "Path", "ParentID", "ImageFormat"}) {
      if (go_json::has_member(root, old)) return post_layer_v0(parts.layers, request, root);
    }
  }
  if (const auto shape = go_json::expect_object(root, "v1.LayerEnvelope"); !shape) return v1_error(400, shape.error().text);
  const auto layer = go_json::object_field(root, "LayerEnvelope", "Layer");
  if (!layer) return v1_error(400, layer.error().text);
  if (!*layer) return v1_error(400, "failed to provide layer");
  const auto posted = decode(*layer);
  if (!posted) return v1_error(400, posted.error().text);
  if (posted->name.empty()) return v1_error(400, "could not process a layer which does not have a name");
  if (posted->path.empty()) return v1_error(400, "could not process a layer which does not have a path");
  if (posted->format.empty()) return v1_error(400, "could not process a layer which does not have a format");
  if (posted->name.size() > kMaxName) return v1_error(400, "could not process a layer whose name is longer than 1024 bytes");
  if (!request.who.may_use(posted->name)) return v1_error(403, classic::kNotAllowed);
  if (!posted->parent.empty() && !request.who.may_use(posted->parent)) return v1_error(400, classic::kUnknownParent);
  LayerPost post{.name = posted->name, .path = posted->path, .parent = posted->parent, .format = posted->format, .headers = {}, .api = 1};
  for (const auto& [key, value] : posted->headers) {
    if (!value.empty()) post.headers.emplace_back(key, value);  // several clients send an Authorization that says nothing
  }
  static const Cancel never;
  if (const auto failure = parts.layers.post(post, request.stop == nullptr ? never : *request.stop)) return failed(*failure, posted->format);
  return classic::v1_reply(201, echo(*posted));
}

Reply get_layer(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_layers_detail;
  const std::string& name = request.params.at(0);
  if (!request.who.may_use(name)) return v1_error(404, classic::kNotFound);
  // That the key is there is enough: "features=false" asks for features.
  const bool vulnerabilities = request.has_query("vulnerabilities");
  const bool features = vulnerabilities || request.has_query("features");
  const auto found = parts.layers.find(name, vulnerabilities ? Detail::vulnerabilities : features ? Detail::features : Detail::none);
  if (!found) return classic::v1_failure(found.error());
  if (!*found) return v1_error(404, classic::kNotFound);
  const LayerView& view = **found;
  Reply reply = classic::v1_reply(200, {});
  reply.body.clear();
  Pieces pieces(reply);
  go_json::Object outer(pieces.text());
  go_json::Object layer(outer.key("Layer"));
  layer.string("Name", view.name).string_if("NamespaceName", view.name_space).string_if("ParentName", view.parent);
  layer.number("IndexedByVersion", classic::kEngineVersion);
  if (features && !view.features.empty()) {
    layer.key("Features");
    append_features(pieces, view.features, vulnerabilities);
  }
  layer.end();
  outer.end();
  pieces.text() += '\n';
  pieces.flush();
  return reply;
}

Reply delete_layer(const ClassicParts& parts, const Request& request) {
  const std::string& name = request.params.at(0);
  if (!request.who.may_use(name)) return classic::shared_not_found();
  const auto generation = parts.layers.generation(name);
  if (!generation) return classic::v1_failure(generation.error());
  if (!*generation) return classic::shared_not_found();
  const auto removed = parts.layers.remove(name);
  if (!removed) return classic::v1_failure(removed.error());
  if (!*removed) return classic::shared_not_found();
  Reply reply;
  reply.status = **generation == 0 ? 204 : 200;
  return reply;
}

}  // namespace eclair::service::v1
