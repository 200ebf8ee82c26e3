// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// A layer may have ten million paths, and a merge looks for a few hundred of them: so they are kept sorted in runs of at most
// kRunBytes, front-coded and packed, and are looked through a run at a time. Sorting everything together would cost memory that
// grows with the layer; the price of runs is that a reader sees several sorted sequences instead of one, which a look-up by hash
// does not mind.
//
//   list := "" | version(1 byte = 1) count run*
//   run  := items raw_bytes packed_bytes frame          (numbers LEB128; frame: one zstd frame)
//   item := kind(1 byte) shared suffix [target]         (shared: bytes in common with the path before; suffix, target: length, bytes;
//                                                        target only for kinds 'l' and 'h')
#include <algorithm>

#include "model/layer_record.h"

namespace eclair {
namespace path_list_detail {

constexpr char kVersion = 1;
constexpr std::size_t kRunBytes = 1u << 20;
constexpr std::size_t kMaxRunBytes = 64u << 20;  // a run of one path and one target, with all their room, is far below

bool has_target(char kind) { return kind == static_cast<char>(PathKind::symlink) || kind == static_cast<char>(PathKind::hardlink); }

bool is_kind(char kind) { return std::string_view("fdlhowq").find(kind) != std::string_view::npos; }

}  // namespace path_list_detail

using namespace path_list_detail;

void PathListBuilder::add(PathKind kind, std::string_view path, std::string_view target) {
  if (!has_target(static_cast<char>(kind))) target = {};
  items_.push_back({static_cast<std::uint32_t>(arena_.size()), static_cast<std::uint32_t>(path.size()), static_cast<std::uint32_t>(target.size()),
                    static_cast<std::uint32_t>(items_.size()), static_cast<char>(kind)});
  arena_.append(path).append(target);
  ++count_;
  if (arena_.size() + items_.size() * sizeof(Item) > kRunBytes) flush();
}

void PathListBuilder::flush() {
  if (items_.empty()) return;
  const auto path_of = [&](const Item& i) { return std::string_view(arena_).substr(i.offset, i.path_bytes); };
  std::sort(items_.begin(), items_.end(), [&](const Item& a, const Item& b) {
    const int order = path_of(a).compare(path_of(b));
    return order != 0 ? order < 0 : a.order < b.order;
  });
  Encoder raw;
  std::string_view before;
  for (const Item& item : items_) {
    const std::string_view path = path_of(item);
    const std::size_t shared = static_cast<std::size_t>(std::mismatch(path.begin(), path.end(), before.begin(), before.end()).first - path.begin());
    raw.raw(std::string_view(&item.kind, 1));
    raw.number(shared);
    raw.text(path.substr(shared));
    if (has_target(item.kind)) raw.text(std::string_view(arena_).substr(item.offset + item.path_bytes, item.target_bytes));
    before = path;
  }
  const std::string frame = zstd_pack(raw.bytes());
  Encoder run;
  run.number(items_.size());
  run.number(raw.bytes().size());
  run.text(frame);
  runs_ += run.bytes();
  items_.clear();
  arena_.clear();
}

PathList PathListBuilder::finish() {
  flush();
  if (count_ == 0) return {};
  Encoder out;
  out.raw(std::string_view(&kVersion, 1));
  out.number(count_);
  out.raw(runs_);
  *this = {};
  return PathList(out.take());
}

std::uint64_t PathList::count() const {
  Decoder in(stored_);
  return in.raw(1).empty() ? 0 : in.number();
}

Result<std::uint64_t> PathList::unpacked_bytes() const {
  std::uint64_t sum = 0;
  if (stored_.empty()) return sum;
  Decoder in(stored_);
  if (in.raw(1) != std::string_view(&kVersion, 1)) return fail(Errc::unsupported, "path list of an unknown version");
  in.number();
  while (in.ok() && !in.done()) {
    in.number();
    const std::uint64_t raw_bytes = in.number();
    in.text();
    if (raw_bytes > kMaxRunBytes) return fail(Errc::invalid_input, "damaged path list");
    sum += raw_bytes;
  }
  if (!in.ok()) return fail(Errc::invalid_input, "damaged path list");
  return sum;
}

Result<> PathList::each_entry(void* context, void (*fn)(void*, PathKind, std::string_view, std::string_view)) const {
  if (stored_.empty()) return {};
  const auto damaged = [] { return fail(Errc::invalid_input, "damaged path list"); };
  Decoder in(stored_);
  if (in.raw(1) != std::string_view(&kVersion, 1)) return fail(Errc::unsupported, "path list of an unknown version");
  in.number();
  std::string path;
  while (in.ok() && !in.done()) {
    const std::uint64_t items = in.number(), raw_bytes = in.number();
    const std::string_view frame = in.text();
    if (!in.ok() || raw_bytes > kMaxRunBytes) return damaged();
    const auto raw = zstd_unpack(frame, raw_bytes);
    if (!raw) return damaged();
    Decoder run(*raw);
    path.clear();
    for (std::uint64_t i = 0; i < items; ++i) {
      const std::string_view kind = run.raw(1);
      const std::uint64_t shared = run.number();
      const std::string_view suffix = run.text();
      if (!run.ok() || !is_kind(kind[0]) || shared > path.size()) return damaged();
      path.resize(shared);
      path += suffix;
      const std::string_view target = has_target(kind[0]) ? run.text() : std::string_view{};
      if (!run.ok()) return damaged();
      fn(context, static_cast<PathKind>(kind[0]), path, target);
    }
    if (!run.done()) return damaged();
  }
  if (!in.ok()) return damaged();
  return {};
}

}  // namespace eclair
