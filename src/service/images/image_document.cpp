// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/image_document.h"

#include <algorithm>

#include "util/bytes.h"

namespace eclair::service {
namespace image_document_detail {

constexpr char kVersion = 1;

}  // namespace image_document_detail
using namespace image_document_detail;

std::string encode(const ImageDocument& document) {
  Encoder out;
  out.raw(std::string_view(&kVersion, 1));
  out.text(document.sender);
  out.text(encode(document.image));
  return out.take();
}

Result<ImageDocument> decode_image_document(std::string_view stored) {
  if (stored.empty() || stored[0] != kVersion) {
    return fail(stored.empty() ? Errc::invalid_input : Errc::unsupported, "image document: not of a form that this program knows");
  }
  Decoder in(stored.substr(1));
  ImageDocument out;
  out.sender = in.text();
  ECLAIR_TRY(out.image, decode_image(in.text()));
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "image document: damaged");
  return out;
}

SenderKeys::SenderKeys(const Identity& who) : trusted_(who.role == Role::admin && who.prefixes.empty()), sender_(trusted_ ? std::string() : who.name) {}

Digest SenderKeys::own(std::string_view what, std::string_view digest) const {
  Encoder out;
  for (const std::string_view part : {std::string_view("eclair"), what, std::string_view(sender_), digest}) out.text(part);
  return sha256(out.bytes());
}

Digest SenderKeys::record(const Digest& layer) const {
  if (trusted_ || layer.empty()) return layer;
  return own("record", layer.text);
}

Digest SenderKeys::image(const Digest& manifest) const { return trusted_ ? manifest : own("image", manifest.text); }

Digest SenderKeys::image(const Image& image, const std::vector<Digest>& layers) const {
  if (!image.digest.empty()) return this->image(image.digest);
  Encoder out;
  for (const std::string* const part : {&image.source, &image.config_digest.text, &image.platform.os, &image.platform.architecture, &image.platform.variant}) {
    out.text(*part);
  }
  for (const Digest& layer : layers) out.text(layer.text);
  return own("image without a manifest", sha256(out.bytes()).text);
}

std::string chain_name(std::string_view below, const Digest& record) {
  Encoder out;
  out.text("eclair chain");
  out.text(below);
  out.text(record.text);
  return sha256(out.bytes()).text;
}

std::vector<std::string> visible_names(const std::vector<std::string>& names, const Identity& who) {
  std::vector<std::string> out;
  std::copy_if(names.begin(), names.end(), std::back_inserter(out), [&](const std::string& name) { return who.may_use(name); });
  return out;
}

bool is_visible(const std::vector<std::string>& names, const Identity& who) {
  return who.prefixes.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) { return who.may_use(name); });
}

}  // namespace eclair::service
