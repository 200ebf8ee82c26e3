// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/image.h"
#include "service/http/http.h"
#include "util/digest.h"
#include "util/result.h"

namespace eclair::service {

/// What the service keeps of an image (StoredImage::document).
struct ImageDocument {
  std::string sender;  ///< name of the key whose word it is; "" = the server's own, or an admin's
  Image image;
};
/// Form: docs/design/encodings.md, "image document". errors: invalid_input, unsupported.
std::string encode(const ImageDocument& document);
Result<ImageDocument> decode_image_document(std::string_view stored);

/// The digests under which somebody's word is kept.
class SenderKeys {
 public:
  explicit SenderKeys(const Identity& who);
  /// An admin of everything: its word is kept as the server's own.
  bool trusted() const { return trusted_; }
  /// "" of trusted ones.
  const std::string& sender() const { return sender_; }
  /// Of a layer's record. Empty for an empty digest.
  Digest record(const Digest& layer) const;
  /// Of an image.
  Digest image(const Digest& manifest) const;
  /// Of an image with or without a manifest, whose layers have these records.
  Digest image(const Image& image, const std::vector<Digest>& layers) const;

 private:
  Digest own(std::string_view what, std::string_view digest) const;
  bool trusted_;
  std::string sender_;
};

/// The name of a stack of layers: of the one below ("" = none) and the record on top of it.
std::string chain_name(std::string_view below, const Digest& record);

/// The names that somebody may see; all, where it may see everything.
std::vector<std::string> visible_names(const std::vector<std::string>& names, const Identity& who);
/// Whether an image with these names exists for somebody.
bool is_visible(const std::vector<std::string>& names, const Identity& who);

}  // namespace eclair::service
