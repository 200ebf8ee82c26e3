// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/image.h"
#include "model/layer_record.h"
#include "util/digest.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::service {

/// An image that a client has analysed, as it tells the server: what it is made of, and the records that the server does not have.
struct SentImage {
  Image image;
  std::vector<std::string> names;    ///< to find it by; references of registries in full, whatever else as the client likes
  std::vector<Digest> layers;        ///< digest of the record of each layer that has a blob, base first; empty: one that was not analysed
  std::vector<LayerRecord> records;  ///< some of those, with their lists of paths
};

inline constexpr std::size_t kMaxSentBytes = 64u << 20;             ///< of a whole message
inline constexpr std::size_t kMaxSentRecordBytes = 32u << 20;       ///< of one record, unpacked
inline constexpr std::uint64_t kMaxSentPathBytes = 256u << 20;      ///< of all lists of paths together, unpacked
inline constexpr std::size_t kMaxNames = 32, kMaxNameBytes = 1024;  ///< names of an image
inline constexpr std::string_view kSentImageType = "application/vnd.eclair.image.v1";

/// Form: docs/design/encodings.md, "sent image". decode(encode(s)) == s.
std::string encode(const SentImage& sent);
/// Bytes of a stranger: every part is checked, also that lists of paths can be walked; nothing says that they are true.
/// errors: invalid_input, limit, unsupported (made by a newer version, named).
Result<SentImage> decode_sent_image(std::string_view bytes, const Limits& limits);

}  // namespace eclair::service
