// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/staging.h"

#include <algorithm>
#include <functional>
#include <future>
#include <utility>

namespace eclair::store {
namespace staging_detail {

constexpr std::size_t kHeldBytes = 1u << 20;
constexpr std::size_t kTextBlockBytes = 1u << 20;
constexpr std::size_t kTextBlocks = 16;

void sort_unique(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

std::string encoded(const VulnerabilityText& text) {
  Encoder out;
  encode(text, out);
  return out.take();
}

}  // namespace staging_detail

std::uint32_t Names::id(std::string_view name) {
  if (last_ < names_.size() && names_[last_] == name) return last_;
  if (names_.size() <= kFew) {
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return last_ = i;
    }
  }
  if ((names_.size() + 1) * 2 > slots_.size()) grow();
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].next_id != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash == hash && names_[slots_[at].next_id - 1] == name) return last_ = slots_[at].next_id - 1;
  }
  names_.emplace_back(name);
  last_ = static_cast<std::uint32_t>(names_.size() - 1);
  slots_[at] = {hash, last_ + 1};
  return last_;
}

void Names::grow() {
  std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));  // a power of two
  old.swap(slots_);
  for (const Slot& one : old) {
    if (one.next_id == 0) continue;
    std::size_t at = one.hash & (slots_.size() - 1);
    while (slots_[at].next_id != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = one;
  }
}

std::vector<std::uint32_t> Names::ranks() const {
  std::vector<std::pair<std::string_view, std::uint32_t>> order;
  order.reserve(names_.size());
  for (const std::string& name : names_) order.emplace_back(name, static_cast<std::uint32_t>(order.size()));
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> ranks(names_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i].second] = i;
  return ranks;
}

Staging::Staging() : spill_(staging_detail::kHeldBytes), text_spill_(staging_detail::kHeldBytes) {}

Result<> Staging::row(std::string_view name_space, std::string_view package, const Advisory& row, std::string_view encoded) {
  const std::uint32_t vulnerability = ids.id(row.vulnerability);
  if (vulnerability >= is_vulnerability_.size()) is_vulnerability_.resize(vulnerability + 1);
  if (!is_vulnerability_[vulnerability]) ++vulnerabilities_;
  is_vulnerability_[vulnerability] = true;

  const std::uint64_t key = static_cast<std::uint64_t>(namespaces.id(name_space)) << 32 | packages.id(package);
  head_.clear();
  head_.number(vulnerability);
  head_.number((row.record.empty() ? 0u : 1u) + row.aliases.size() + row.references.size());
  if (!row.record.empty()) head_.number(ids.id(row.record));
  for (const auto* list : {&row.aliases, &row.references}) {
    for (const std::string& one : *list) head_.number(ids.id(one));
  }
  head_.number(encoded.size());
  std::string& rows = open_[key];
  const std::size_t size = head_.bytes().size() + encoded.size();
  if (rows.size() + size > UINT32_MAX) return fail(Errc::limit, "rows of one package take more than 4 GiB");
  rows.append(head_.bytes()).append(encoded);
  open_bytes_ += size;
  return open_bytes_ < staging_detail::kHeldBytes ? Result<>{} : flush();
}

Result<> Staging::text(const VulnerabilityText& text) {
  const std::string bytes = staging_detail::encoded(text);
  const std::uint32_t id = ids.id(text.id);
  const std::size_t content = std::hash<std::string_view>{}(bytes) | 1;
  if (id >= last_text_.size()) last_text_.resize(id + 1);
  // Debian's tracker repeats a text for every package that it concerns.
  if (std::exchange(last_text_[id], content) == content) return {};
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (text_blocks_.empty() || text_blocks_.back().size() + size > staging_detail::kTextBlockBytes) {
    if (text_blocks_.size() == staging_detail::kTextBlocks || size > staging_detail::kTextBlockBytes) {
      text_pieces_.push_back({text_spill_.size(), size, id, kSpilled});
      return text_spill_.append(bytes);
    }
    text_blocks_.emplace_back().reserve(staging_detail::kTextBlockBytes);
  }
  text_pieces_.push_back({text_blocks_.back().size(), size, id, static_cast<std::uint32_t>(text_blocks_.size() - 1)});
  text_blocks_.back() += bytes;
  return {};
}

Result<> Staging::flush() {
  std::vector<std::uint64_t> keys;
  keys.reserve(open_.size());
  for (const auto& [key, rows] : open_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  std::string all;
  all.reserve(open_bytes_);
  for (const std::uint64_t key : keys) {
    const std::string& rows = open_[key];
    pieces_.push_back({spill_.size() + all.size(), static_cast<std::uint32_t>(rows.size()), static_cast<std::uint32_t>(key >> 32),
                       static_cast<std::uint32_t>(key)});
    all += rows;
  }
  open_.clear();
  open_bytes_ = 0;
  return spill_.append(all);
}

Result<> Staging::finish() {
  // Tens of thousands of ids are sorted beside everything else that is to be done here.
  auto ranked = std::async(std::launch::async | std::launch::deferred, [this] { return ids.ranks(); });
  ECLAIR_CHECK_OK(flush());
  bytes_ = spill_.take();
  text_source_ = text_spill_.take();
  {
    const auto of_namespace = namespaces.ranks(), of_package = packages.ranks();
    std::sort(pieces_.begin(), pieces_.end(), [&](const Piece& a, const Piece& b) {
      if (a.name_space != b.name_space) return of_namespace[a.name_space] < of_namespace[b.name_space];
      if (a.package != b.package) return of_package[a.package] < of_package[b.package];
      return a.offset < b.offset;
    });
  }
  for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
    if (groups_.empty() || groups_.back().name_space != pieces_[i].name_space || groups_.back().package != pieces_[i].package) {
      groups_.push_back({pieces_[i].name_space, pieces_[i].package, i, 0});
    }
    ++groups_.back().pieces;
  }
  ranks_ = ranked.get();
  std::sort(text_pieces_.begin(), text_pieces_.end(), [&](const TextPiece& a, const TextPiece& b) {
    return a.id != b.id ? ranks_[a.id] < ranks_[b.id] : std::pair(a.block, a.offset) < std::pair(b.block, b.offset);
  });
  for (std::uint32_t i = 0; i < text_pieces_.size(); ++i) {
    if (i > 0 && text_pieces_[i].id == text_pieces_[i - 1].id) continue;
    texts_.push_back(text_pieces_[i].id);
    text_first_.push_back(i);
  }
  return {};
}

std::uint64_t Staging::bytes(const Group& group) const {
  std::uint64_t size = 0;
  for (std::uint32_t i = 0; i < group.pieces; ++i) size += pieces_[group.first + i].size;
  return size;
}

Result<> Staging::rows(const Group& group, Rows& to) const {
  to.clear();
  to.held.resize(bytes(group));
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < group.pieces; ++i) {
    const Piece& piece = pieces_[group.first + i];
    ECLAIR_CHECK_OK(read_exact(*bytes_, piece.offset, std::span<char>(to.held).subspan(at, piece.size)));
    at += piece.size;
  }
  Decoder in(to.held);
  while (!in.done() && in.ok()) {
    Rows::Row row;
    row.vulnerability = static_cast<std::uint32_t>(in.number());
    row.first_other = static_cast<std::uint32_t>(to.other_ids.size());
    row.others = static_cast<std::uint32_t>(in.count());
    for (std::uint32_t i = 0; i < row.others; ++i) to.other_ids.push_back(static_cast<std::uint32_t>(in.number()));
    row.bytes = in.text();
    to.rows.push_back(row);
  }
  if (!in.ok()) return fail(Errc::internal, "staged rows do not read back");
  const auto before = [this](const Rows::Row& a, const Rows::Row& b) {
    return a.vulnerability != b.vulnerability ? ranks_[a.vulnerability] < ranks_[b.vulnerability] : row_before(a.bytes, b.bytes);
  };
  if (!std::is_sorted(to.rows.begin(), to.rows.end(), before)) std::sort(to.rows.begin(), to.rows.end(), before);
  const auto same = [](const Rows::Row& a, const Rows::Row& b) { return a.bytes == b.bytes; };
  to.rows.erase(std::unique(to.rows.begin(), to.rows.end(), same), to.rows.end());
  return {};
}

Result<std::string> Staging::text_bytes(const TextPiece& piece) const {
  if (piece.block != kSpilled) return text_blocks_[piece.block].substr(piece.offset, piece.size);
  std::string bytes(piece.size, '\0');
  ECLAIR_CHECK_OK(read_exact(*text_source_, piece.offset, bytes));
  return bytes;
}

Result<std::string> Staging::joined_text(std::size_t i) const {
  const std::size_t end = i + 1 < text_first_.size() ? text_first_[i + 1] : text_pieces_.size();
  std::vector<VulnerabilityText> texts;
  for (std::size_t k = text_first_[i]; k < end; ++k) {
    ECLAIR_TRY(std::string bytes, text_bytes(text_pieces_[k]));
    if (end == text_first_[i] + 1) return bytes;
    Decoder in(bytes);
    texts.push_back(decode_vulnerability(in));
    if (!in.ok()) return fail(Errc::internal, "a staged text does not read back");
  }
  return staging_detail::encoded(joined(std::move(texts)));
}

VulnerabilityText joined(std::vector<VulnerabilityText> texts) {
  if (texts.empty()) return {};
  std::sort(texts.begin(), texts.end(), [](const VulnerabilityText& a, const VulnerabilityText& b) {
    if (a.description.size() != b.description.size()) return a.description.size() > b.description.size();
    return staging_detail::encoded(a) > staging_detail::encoded(b);
  });
  VulnerabilityText out = texts.front();
  for (const VulnerabilityText& other : texts) {
    if (out.title.empty()) out.title = other.title;
    if (out.severity == Severity::unknown) out.severity = other.severity;
    if (out.cvss.empty()) out.cvss = other.cvss;
    out.urls.insert(out.urls.end(), other.urls.begin(), other.urls.end());
    out.cwes.insert(out.cwes.end(), other.cwes.begin(), other.cwes.end());
    if (out.published == 0 || (other.published != 0 && other.published < out.published)) out.published = other.published;
    out.modified = std::max(out.modified, other.modified);
    if (!out.exploited) out.exploited = other.exploited;
    if (!out.epss) out.epss = other.epss;
  }
  staging_detail::sort_unique(out.urls);
  staging_detail::sort_unique(out.cwes);
  return out;
}

}  // namespace eclair::store
