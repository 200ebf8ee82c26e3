// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/image.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "util/bytes.h"

namespace eclair {
namespace image_form_detail {

constexpr char kVersion = 1;

/// "" or a digest.
Digest get_digest(Decoder& in) {
  const std::string_view text = in.text();
  if (text.empty()) return {};
  auto digest = Digest::parse(text);
  if (digest) return std::move(*digest);
  in.fail();
  return {};
}

/// Where images have names of registries; elsewhere they are shown by a path.
bool has_reference(std::string_view source) {
  for (const std::string_view one : {"oci-dir", "oci-archive", "docker-archive", "aci", "rootfs", "layer"}) {
    if (source == one) return false;
  }
  return true;
}

bool is_tag(std::string_view s) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (s.empty() || s.size() > 128 || !is_word(s[0])) return false;
  for (const char c : s) {
    if (!is_word(c) && c != '.' && c != '-') return false;
  }
  return true;
}

}  // namespace image_form_detail
using namespace image_form_detail;

ImageName name_parts(const Image& image) {
  ImageName out;
  std::string_view rest = image.name;
  if (const std::size_t at = rest.find("@sha256:"); at != std::string_view::npos) rest = rest.substr(0, at);
  const std::size_t slash = rest.rfind('/');
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash) && is_tag(rest.substr(colon + 1))) {
    out.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  if (image.kind != "sbom" && has_reference(image.source)) {
    // As Docker reads a name: what stands before the first slash is a host if it looks like one.
    const std::size_t first = rest.find('/');
    const std::string_view host = first == std::string_view::npos ? std::string_view{} : rest.substr(0, first);
    if (host == "localhost" || host.find_first_of(".:") != std::string_view::npos) {
      out.domain = host;
      out.path = rest.substr(first + 1);
    } else {
      out.domain = "docker.io";
      out.path = first == std::string_view::npos ? "library/" + std::string(rest) : std::string(rest);
    }
    return out;
  }
  for (std::size_t from = 0; from < rest.size();) {  // "/a", "./a", "../a"
    const std::size_t end = std::min(rest.find('/', from), rest.size());
    const std::string_view piece = rest.substr(from, end - from);
    if (!piece.empty() && piece != "." && piece != "..") out.path += (out.path.empty() ? "" : "/") + std::string(piece);
    from = end + 1;
  }
  return out;
}

std::vector<Digest> chain_ids(const Image& image) {
  std::vector<Digest> out;
  for (const LayerInfo& layer : image.history) {
    if (layer.empty) continue;
    if (layer.diff_id.empty()) break;
    out.push_back(out.empty() ? layer.diff_id : sha256(out.back().text + " " + layer.diff_id.text));
  }
  return out;
}

std::string encode(const Image& image) {
  Encoder out;
  out.raw(std::string_view(&kVersion, 1));
  for (const std::string* const one : {&image.kind, &image.name, &image.source, &image.digest.text, &image.config_digest.text, &image.platform.os,
                                       &image.platform.architecture, &image.platform.variant}) {
    out.text(*one);
  }
  out.number(image.size);
  out.number(image.history.size());
  for (const LayerInfo& layer : image.history) {
    out.number(layer.empty ? 1 : 0);
    for (const std::string* const one : {&layer.digest.text, &layer.diff_id.text, &layer.media_type, &layer.created_by, &layer.created, &layer.not_analysed}) {
      out.text(*one);
    }
    out.number(layer.size);
  }
  out.number(image.notes.size());
  for (const std::string& note : image.notes) out.text(note);
  return out.take();
}

Result<Image> decode_image(std::string_view stored) {
  Decoder in(stored);
  const std::string_view version = in.raw(1);
  if (version.empty()) return fail(Errc::invalid_input, "image: no bytes");
  if (version[0] != kVersion) return fail(Errc::unsupported, "image: form " + std::to_string(static_cast<unsigned char>(version[0])) + " is newer than this program");
  Image out;
  out.kind = in.text();
  out.name = in.text();
  out.source = in.text();
  out.digest = get_digest(in);
  out.config_digest = get_digest(in);
  out.platform.os = in.text();
  out.platform.architecture = in.text();
  out.platform.variant = in.text();
  out.size = in.number();
  std::uint32_t layers = 0;
  for (std::uint64_t n = in.count(8); n > 0 && in.ok(); --n) {
    LayerInfo layer;
    const std::uint64_t bits = in.number();
    if (bits > 1) in.fail();
    layer.empty = bits == 1;
    layer.index = layer.empty ? 0 : ++layers;
    layer.digest = get_digest(in);
    layer.diff_id = get_digest(in);
    layer.media_type = in.text();
    layer.created_by = in.text();
    layer.created = in.text();
    layer.not_analysed = in.text();
    layer.size = in.number();
    out.history.push_back(std::move(layer));
  }
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) out.notes.emplace_back(in.text());
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "image: damaged at byte " + std::to_string(in.offset()));
  return out;
}

}  // namespace eclair
