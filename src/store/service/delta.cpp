// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service_store.h"
#include "util/bytes.h"

// docs/design/encodings.md, "delta".
namespace eclair::store {
namespace delta_detail {

constexpr char kVersion = 1;
constexpr std::uint64_t kOwned = 1, kHasOs = 2, kHasRepositories = 4;

/// Sorted numbers lie close together: their differences are small.
void put_numbers(const std::vector<std::uint64_t>& sorted, Encoder& out) {
  out.number(sorted.size());
  std::uint64_t before = 0;
  for (const std::uint64_t number : sorted) {
    out.number(number - before);
    before = number;
  }
}

std::vector<std::uint64_t> get_numbers(Decoder& in) {
  std::vector<std::uint64_t> out(in.count());
  std::uint64_t before = 0;
  for (std::uint64_t& number : out) number = before += in.number();
  return out;
}

}  // namespace delta_detail

void encode(const Os& os, Encoder& out) {
  for (const std::string* field : {&os.id, &os.version, &os.codename, &os.id_like, &os.cpe, &os.pretty}) out.text(*field);
}

Os decode_os(Decoder& in) {
  Os os;
  for (std::string* field : {&os.id, &os.version, &os.codename, &os.id_like, &os.cpe, &os.pretty}) *field = in.text();
  return os;
}

std::string encode(const Delta& delta) {
  using namespace delta_detail;
  Encoder out;
  out.raw({&kVersion, 1});
  out.number(delta.added.size());
  for (const PackageGroup& group : delta.added) {
    out.number((group.owned ? kOwned : 0) | (group.os ? kHasOs : 0) | (group.repositories.empty() ? 0 : kHasRepositories));
    out.text(group.name_space);
    if (group.os) encode(group.os, out);
    if (!group.repositories.empty()) {
      out.number(group.repositories.size());
      for (const std::string& one : group.repositories) out.text(one);
    }
    put_numbers(group.packages, out);
  }
  put_numbers(delta.removed, out);
  return out.take();
}

Result<Delta> decode_delta(std::string_view stored) {
  using namespace delta_detail;
  Decoder in(stored);
  const std::string_view version = in.raw(1);
  if (version.empty()) return fail(Errc::invalid_input, "a delta without a byte");
  if (version[0] != kVersion) return fail(Errc::unsupported, "a delta of version " + std::to_string(static_cast<int>(version[0])) + ", this program knows 1");
  Delta out;
  const std::uint64_t groups = in.count();
  for (std::uint64_t i = 0; i < groups && in.ok(); ++i) {
    PackageGroup group;
    const std::uint64_t bits = in.number();
    group.owned = (bits & kOwned) != 0;
    group.name_space = in.text();
    if ((bits & kHasOs) != 0) group.os = decode_os(in);
    if ((bits & kHasRepositories) != 0) {
      group.repositories.resize(in.count());
      for (std::string& one : group.repositories) one = in.text();
    }
    group.packages = get_numbers(in);
    out.added.push_back(std::move(group));
  }
  out.removed = get_numbers(in);
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "a delta is damaged at byte " + std::to_string(in.offset()));
  return out;
}

}  // namespace eclair::store
