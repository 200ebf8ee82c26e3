// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/service/roles.h"

namespace eclair::store::service {
namespace known_images_detail {

constexpr UnixTime kDay = 86400;

}  // namespace known_images_detail

Result<std::vector<KnownImage>> known_images(Session& session, const std::vector<Digest>& chains) {
  std::vector<KnownImage> out;
  ECLAIR_TRY(auto* const get, session.statement("SELECT name, digest, layers, first, seen FROM known_image WHERE chain=?1 ORDER BY name"));
  for (const Digest& chain : chains) {
    const std::string key = key_of(chain);
    ECLAIR_TRY(bool more, get->blob(1, key).step());
    while (more) {
      KnownImage one;
      one.chain = chain;
      one.name = get->text_at(0);
      one.digest = get->text_at(1);
      one.layers = static_cast<std::uint32_t>(std::clamp<std::int64_t>(get->number_at(2), 0, UINT32_MAX));
      one.first = get->number_at(3);
      one.seen = get->number_at(4);
      out.push_back(std::move(one));
      ECLAIR_TRY(more, get->step());
    }
    get->reset();
  }
  std::stable_sort(out.begin(), out.end(), [](const KnownImage& a, const KnownImage& b) { return a.chain < b.chain; });
  return out;
}

Result<bool> is_news(Session& session, const KnownImage& image) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT seen, digest FROM known_image WHERE chain=?1 AND name=?2"));
  const std::string key = key_of(image.chain);
  ECLAIR_TRY(const bool there, get->blob(1, key).text(2, image.name).step());
  const bool news = !there || get->number_at(0) + known_images_detail::kDay < image.seen || get->text_at(1) != image.digest;
  get->reset();
  return news;
}

Result<> learn_image(Session& session, const KnownImage& image) {
  const std::string key = key_of(image.chain);
  std::int64_t first = image.seen;
  ECLAIR_TRY(auto* const get, session.statement("SELECT first FROM known_image WHERE chain=?1 AND name=?2"));
  ECLAIR_TRY(const bool there, get->blob(1, key).text(2, image.name).step());
  if (there) first = get->number_at(0);
  get->reset();
  // A row that is seen again becomes the newest: its number says so.
  ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM known_image WHERE chain=?1 AND name=?2"));
  ECLAIR_CHECK_OK(drop->blob(1, key).text(2, image.name).run());
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO known_image(chain, name, digest, layers, first, seen) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
                                                "ON CONFLICT (chain, name) DO UPDATE SET digest=excluded.digest, seen=excluded.seen"));
  ECLAIR_CHECK_OK(put->blob(1, key).text(2, image.name).text(3, image.digest).number(4, image.layers).number(5, first).number(6, image.seen).run());
  ECLAIR_TRY(auto* const forget, session.statement("DELETE FROM known_image WHERE id < (SELECT id FROM known_image ORDER BY id DESC LIMIT 1 OFFSET ?1)"));
  return forget->number(1, static_cast<std::int64_t>(kMostKnownImages) - 1).run();
}

}  // namespace eclair::store::service
