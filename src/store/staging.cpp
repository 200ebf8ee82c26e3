// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/staging.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace eclair::store {
namespace staging_detail {

constexpr std::size_t kHeldBytes = 1u << 20;

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
  const auto found = ids_.find(name);
  if (found != ids_.end()) return found->second;
  names_.emplace_back(name);
  const auto id = static_cast<std::uint32_t>(names_.size() - 1);
  ids_.emplace(names_.back(), id);
  return id;
}

std::vector<std::uint32_t> Names::ranks() const {
  std::vector<std::uint32_t> order(names_.size()), ranks(names_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) { return names_[a] < names_[b]; });
  for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i]] = i;
  return ranks;
}

Staging::Staging() : spill_(staging_detail::kHeldBytes) {}

Result<> Staging::row(std::string_view name_space, std::string_view package, std::string_view encoded) {
  const std::uint64_t key = static_cast<std::uint64_t>(namespaces_.id(name_space)) << 32 | packages_.id(package);
  Encoder one;
  one.text(encoded);
  std::string& rows = open_[key];
  if (rows.size() + one.bytes().size() > UINT32_MAX) return fail(Errc::limit, "rows of one package take more than 4 GiB");
  rows += one.bytes();
  open_bytes_ += one.bytes().size();
  return open_bytes_ < staging_detail::kHeldBytes ? Result<>{} : flush();
}

Result<> Staging::text(const VulnerabilityText& text) {
  const std::string bytes = staging_detail::encoded(text);
  const std::uint32_t id = vulnerabilities_.id(text.id);
  const std::size_t content = std::hash<std::string_view>{}(bytes) | 1;
  if (id >= last_text_.size()) last_text_.resize(id + 1);
  // Debian's tracker repeats a text for every package that it concerns.
  if (std::exchange(last_text_[id], content) == content) return {};
  text_pieces_.push_back({spill_.size() + texts_.size(), static_cast<std::uint32_t>(bytes.size()), id});
  texts_ += bytes;
  return texts_.size() < staging_detail::kHeldBytes ? Result<>{} : flush();
}

void Staging::count_vulnerability(std::string_view name) {
  const std::uint32_t id = vulnerabilities_.id(name);
  if (id >= is_counted_.size()) is_counted_.resize(id + 1);
  if (!is_counted_[id]) ++counted_;
  is_counted_[id] = true;
}

Result<> Staging::flush() {
  ECLAIR_CHECK_OK(spill_.append(texts_));  // first: their offsets were given out
  texts_.clear();
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
  ECLAIR_CHECK_OK(flush());
  bytes_ = spill_.take();
  {
    const auto of_namespace = namespaces_.ranks(), of_package = packages_.ranks();
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
  const auto of_text = vulnerabilities_.ranks();
  std::sort(text_pieces_.begin(), text_pieces_.end(), [&](const TextPiece& a, const TextPiece& b) {
    return a.id != b.id ? of_text[a.id] < of_text[b.id] : a.offset < b.offset;
  });
  for (std::uint32_t i = 0; i < text_pieces_.size(); ++i) {
    if (i > 0 && text_pieces_[i].id == text_pieces_[i - 1].id) continue;
    text_ids_.push_back(vulnerabilities_.name(text_pieces_[i].id));
    text_first_.push_back(i);
  }
  return {};
}

Result<> Staging::rows(const Group& group, std::string& held, std::vector<std::string_view>& to) const {
  std::uint64_t size = 0;
  for (std::uint32_t i = 0; i < group.pieces; ++i) size += pieces_[group.first + i].size;
  held.resize(size);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < group.pieces; ++i) {
    const Piece& piece = pieces_[group.first + i];
    ECLAIR_CHECK_OK(read_exact(*bytes_, piece.offset, std::span<char>(held).subspan(at, piece.size)));
    at += piece.size;
  }
  to.clear();
  Decoder in(held);
  while (!in.done() && in.ok()) to.push_back(in.text());
  if (!in.ok()) return fail(Errc::internal, "staged rows do not read back");
  if (!std::is_sorted(to.begin(), to.end(), row_before)) std::sort(to.begin(), to.end(), row_before);
  to.erase(std::unique(to.begin(), to.end()), to.end());
  return {};
}

Result<std::string> Staging::joined_text(std::size_t i) const {
  const std::size_t end = i + 1 < text_first_.size() ? text_first_[i + 1] : text_pieces_.size();
  std::vector<VulnerabilityText> texts;
  for (std::size_t k = text_first_[i]; k < end; ++k) {
    std::string bytes(text_pieces_[k].size, '\0');
    ECLAIR_CHECK_OK(read_exact(*bytes_, text_pieces_[k].offset, bytes));
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
  }
  staging_detail::sort_unique(out.urls);
  staging_detail::sort_unique(out.cwes);
  return out;
}

}  // namespace eclair::store
