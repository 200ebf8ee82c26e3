// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/sent_image.h"

#include <set>
#include <utility>

#include "util/bytes.h"

namespace eclair::service {
namespace sent_image_detail {

constexpr char kVersion = 1;

Error damaged(std::string_view what) { return Error{Errc::invalid_input, "sent image: " + std::string(what)}; }

Result<Digest> get_digest(std::string_view text) {
  if (text.empty()) return Digest{};
  auto digest = Digest::parse(text);
  if (!digest) return fail(std::move(digest).error().within("sent image"));
  return digest;
}

/// What a record claims of itself must at least be of the right form; its packages and paths were looked at by the decoder.
Result<LayerRecord> get_record(std::string_view record, std::string_view paths, std::uint64_t& path_bytes) {
  ECLAIR_TRY(LayerRecord out, decode_layer_record(record, {}, kMaxSentRecordBytes));
  ECLAIR_TRY([[maybe_unused]] const Digest digest, get_digest(out.digest.text));
  ECLAIR_TRY([[maybe_unused]] const Digest diff_id, get_digest(out.diff_id.text));
  if (!out.facts_digest.empty()) return fail(damaged("records made with file patterns of the client's own are not taken"));
  out.paths = PathList(std::string(paths));
  ECLAIR_TRY(const std::uint64_t bytes, out.paths.unpacked_bytes());
  path_bytes += bytes;
  if (path_bytes > kMaxSentPathBytes) return fail(Errc::limit, "sent image: more than " + std::to_string(kMaxSentPathBytes) + " bytes of paths");
  ECLAIR_CHECK_OK(out.paths.each([](PathKind, std::string_view, std::string_view) {}));
  return out;
}

}  // namespace sent_image_detail
using namespace sent_image_detail;

std::string encode(const SentImage& sent) {
  Encoder out;
  out.raw(std::string_view(&kVersion, 1));
  out.text(encode(sent.image));
  out.number(sent.names.size());
  for (const std::string& name : sent.names) out.text(name);
  out.number(sent.layers.size());
  for (const Digest& layer : sent.layers) out.text(layer.text);
  out.number(sent.records.size());
  for (const LayerRecord& record : sent.records) {
    out.text(encode(record));
    out.text(record.paths.stored());
  }
  return out.take();
}

Result<SentImage> decode_sent_image(std::string_view bytes, const Limits& limits) {
  if (bytes.empty()) return fail(damaged("no bytes"));
  if (bytes[0] != kVersion) {
    return fail(Errc::unsupported, "sent image: form " + std::to_string(static_cast<unsigned char>(bytes[0])) + ", this program knows 1");
  }
  SentImage out;
  Decoder in(bytes.substr(1));
  ECLAIR_TRY(out.image, decode_image(in.text()));
  std::size_t blobs = 0;
  for (const LayerInfo& layer : out.image.history) blobs += layer.empty ? 0 : 1;
  const std::uint64_t names = in.count();
  if (names > kMaxNames) return fail(Errc::limit, "sent image: more than " + std::to_string(kMaxNames) + " names");
  for (std::uint64_t n = names; n > 0 && in.ok(); --n) {
    out.names.emplace_back(in.text());
    if (out.names.back().empty() || out.names.back().size() > kMaxNameBytes) return fail(damaged("a name that is empty or too long"));
  }
  const std::uint64_t layers = in.count();
  if (!in.ok() || layers != blobs) return fail(damaged("not one record for each layer"));
  if (layers > limits.layers) return fail(Errc::limit, std::to_string(layers) + " layers, more than the limit layers of " + std::to_string(limits.layers));
  std::set<std::string> known;
  for (std::uint64_t n = layers; n > 0; --n) {
    ECLAIR_TRY(Digest digest, get_digest(in.text()));
    known.insert(digest.text);
    out.layers.push_back(std::move(digest));
  }
  std::uint64_t path_bytes = 0;
  std::set<std::string> sent;
  for (std::uint64_t n = in.count(2); n > 0 && in.ok(); --n) {
    const std::string_view record = in.text(), paths = in.text();
    if (!in.ok()) break;
    ECLAIR_TRY(LayerRecord one, get_record(record, paths, path_bytes));
    if (known.count(one.digest.text) == 0) return fail(damaged("the record of a layer that the image does not have"));
    if (!sent.insert(one.digest.text).second) return fail(damaged("two records of one layer"));
    out.records.push_back(std::move(one));
  }
  if (!in.ok() || !in.done()) return fail(damaged("cut short, or more than it should be"));
  return out;
}

}  // namespace eclair::service
