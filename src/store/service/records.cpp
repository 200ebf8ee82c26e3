// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

namespace eclair::store::service {

/// Half the size of the text; the letter keeps algorithms apart.
std::string key_of(const Digest& digest) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string key(1, digest.algorithm() == "sha512" ? 'S' : 's');
  const std::string_view hex = digest.hex();
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) key += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return key;
}

Digest digest_of(std::string_view key) {
  if (key.empty()) return {};
  std::string text = key[0] == 'S' ? "sha512:" : "sha256:";
  for (const char c : key.substr(1)) {
    const auto byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return Digest::parse(text).value_or(Digest{});
}

namespace records_detail {

PackagesOf packages_of(Session& session) {
  return [&session](const std::vector<std::uint64_t>& numbers) { return packages(session, numbers); };
}

}  // namespace records_detail

Result<std::optional<LayerRecord>> layer_record(Session& session, const Digest& digest) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT l.record, p.paths FROM layer l LEFT JOIN layer_paths p ON p.layer=l.id WHERE l.digest=?1"));
  const std::string key = key_of(digest);
  ECLAIR_TRY(const bool there, get->blob(1, key).step());
  if (!there) return std::nullopt;
  std::string record(get->text_at(0)), paths(get->text_at(1));
  const bool whole = !get->null_at(1);
  get->reset();
  auto decoded = decode_layer_record(record, records_detail::packages_of(session));
  // A row that does not read back is as good as none: the layer's bytes can be had again.
  if (!decoded || !whole || decoded->digest != digest) return std::nullopt;
  decoded->paths = PathList(std::move(paths));
  if (!decoded->paths.each([](PathKind, std::string_view, std::string_view) {})) return std::nullopt;
  return std::optional<LayerRecord>(std::move(*decoded));
}

Result<std::int64_t> put_record(Session& session, const EncodedRecord& encoded) {
  const LayerRecord& record = encoded.record;
  if (record.digest.empty()) return fail(Errc::internal, "a layer record without a digest");
  const std::string key = key_of(record.digest);
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO layer(digest, record) VALUES(?1, ?2) ON CONFLICT (digest) DO UPDATE SET record=excluded.record RETURNING id"));
  ECLAIR_TRY(const bool there, put->blob(1, key).blob(2, encoded.bytes).step());
  if (!there) return fail(Errc::internal, "a record was not kept");
  const std::int64_t id = put->number_at(0);
  put->reset();
  ECLAIR_TRY(auto* const paths, session.statement("INSERT INTO layer_paths(layer, paths) VALUES(?1, ?2) ON CONFLICT (layer) DO UPDATE SET paths=excluded.paths"));
  ECLAIR_CHECK_OK(paths->number(1, id).blob(2, record.paths.stored()).run());
  return id;
}

Result<> drop_unused_records(Session& session, const std::vector<std::int64_t>& layers) {
  ECLAIR_TRY(auto* const used, session.statement("SELECT 1 FROM node WHERE layer=?1 LIMIT 1"));
  ECLAIR_TRY(auto* const drop_paths, session.statement("DELETE FROM layer_paths WHERE layer=?1"));
  ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM layer WHERE id=?1"));
  for (const std::int64_t layer : layers) {
    ECLAIR_TRY(const bool there, used->number(1, layer).step());
    used->reset();
    if (there) continue;
    ECLAIR_CHECK_OK(drop_paths->number(1, layer).run());
    ECLAIR_CHECK_OK(drop->number(1, layer).run());
  }
  return {};
}

}  // namespace eclair::store::service
