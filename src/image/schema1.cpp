// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/schema1.h"

#include <algorithm>

#include "image/history.h"
#include "net/base64.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace schema1_detail {

/// A gzipped tar of nothing, which every step without a layer has.
constexpr std::string_view kEmptyBlob = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

}  // namespace schema1_detail

bool is_schema1(std::string_view bytes, const Limits& limits) {
  json::Document document;
  const auto root = document.parse(bytes, limits.json_depth);
  return root && (*root)["schemaVersion"].integer() == 1 && (*root)["fsLayers"].is_array();
}

Result<> describe_schema1(std::string_view bytes, const Limits& limits, Image& into) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  std::vector<LayerInfo> steps;  // top first, as there
  Result<> bad;
  root["fsLayers"].each([&](json::Value layer) {
    if (steps.size() >= limits.layers) {
      bad = fail(Errc::limit, "more than the limit of " + std::to_string(limits.layers) + " layers (layers)");
      return false;
    }
    auto digest = Digest::parse(layer["blobSum"].string());
    if (!digest) {
      bad = fail(std::move(digest).error().within("fsLayers[" + std::to_string(steps.size()) + "]"));
      return false;
    }
    LayerInfo info;
    info.empty = digest->text == schema1_detail::kEmptyBlob;
    info.digest = *std::move(digest);
    info.media_type = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    steps.push_back(std::move(info));
    return true;
  });
  ECLAIR_CHECK_OK(bad);
  if (steps.empty()) return fail(Errc::invalid_input, "no layers");
  const json::Value history = root["history"];
  if (history.size() != steps.size()) {
    return fail(Errc::invalid_input, std::to_string(history.size()) + " steps of history for " + std::to_string(steps.size()) + " layers");
  }
  std::size_t i = 0;
  history.each([&](json::Value step) {
    const std::string_view compatibility = step["v1Compatibility"].string();
    json::Document inner;
    const auto v1 = parse_v1_layer(compatibility, limits);
    const auto v1_root = inner.parse(compatibility, limits.json_depth);
    if (!v1 || !v1_root) {
      bad = fail(Errc::invalid_input, "history[" + std::to_string(i) + "]: " + (v1 ? v1_root.error().text : v1.error().text));
      return false;
    }
    LayerInfo& info = steps[i];
    info.empty = info.empty || (*v1_root)["throwaway"].boolean();
    info.created = v1->created;
    info.created_by = dockerfile_command(v1->created_by);
    if (i == 0) into.platform = v1->platform;
    ++i;
    return true;
  });
  ECLAIR_CHECK_OK(bad);
  std::reverse(steps.begin(), steps.end());
  std::uint32_t index = 0;
  for (LayerInfo& info : steps) {
    if (info.empty) {
      info.digest = {};
    } else {
      info.index = ++index;
    }
  }
  into.history = std::move(steps);
  return {};
}

Result<std::string> schema1_payload(std::string_view bytes, const Limits& limits) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  std::string out(bytes);
  bool first = true;
  Result<> bad;
  root["signatures"].each([&](json::Value signature) {
    json::Document inner;
    const auto text = net::base64_decode(signature["protected"].string());
    const auto covered = text ? inner.parse(*text, limits.json_depth) : Result<json::Value>(fail(Errc::invalid_input, ""));
    const auto length = covered ? (*covered)["formatLength"].integer() : std::nullopt;
    const auto tail = covered ? net::base64_decode((*covered)["formatTail"].string()) : std::nullopt;
    if (!length || !tail || *length < 0 || static_cast<std::uint64_t>(*length) > bytes.size()) {
      bad = fail(Errc::invalid_input, "a signature does not say what it covers");
      return false;
    }
    std::string payload = std::string(bytes.substr(0, static_cast<std::size_t>(*length))) + *tail;
    if (!first && payload != out) {
      bad = fail(Errc::invalid_input, "signatures cover different documents");
      return false;
    }
    out = std::move(payload);
    first = false;
    return true;
  });
  ECLAIR_CHECK_OK(bad);
  return out;
}

}  // namespace eclair::image
