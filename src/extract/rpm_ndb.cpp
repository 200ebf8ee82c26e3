// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// rpm's own database format. All numbers little-endian, offsets and lengths of blobs in units of 16 bytes.
//
//   file   := header slot* ... blob*       the slot area is slot_pages * 4096 bytes, its first 32 are the header
//   header := "RpmP" version:4=0 generation:4 slot_pages:4 next_pkgidx:4 unused:12
//   slot   := "Slot" pkgidx:4 blkoff:4 blkcnt:4                          blkoff 0: free; slots are reused in any order
//   blob   := "BlbS" pkgidx:4 generation:4 length:4 data{length} zero* adler32:4 length:4 "BlbE"
//
// The checksum covers everything before it. A blob whose checksum alone is wrong is handed on all the same, with a note: the header
// parser judges what can be read of it.
#include <array>
#include <cstring>

#include "extract/rpm_database.h"

namespace eclair::extract {
namespace rpm_ndb_detail {

constexpr std::size_t kUnit = 16, kSlotPageBytes = 4096, kFileHeaderBytes = 32, kSlotBytes = 16;
constexpr std::size_t kBlobHeadBytes = 16, kBlobTailBytes = 12;

std::uint32_t le32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint32_t adler32(std::uint32_t sum, std::string_view bytes) {
  constexpr std::uint32_t kModulus = 65521;
  constexpr std::size_t kNoOverflowBytes = 5552;  // the most additions that fit 32 bits before the remainder must be taken
  std::uint32_t a = sum & 0xffff, b = sum >> 16;
  while (!bytes.empty()) {
    for (const char c : bytes.substr(0, kNoOverflowBytes)) b += a += static_cast<unsigned char>(c);
    a %= kModulus;
    b %= kModulus;
    bytes.remove_prefix(std::min(bytes.size(), kNoOverflowBytes));
  }
  return b << 16 | a;
}

class Walk {
 public:
  Walk(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out)
      : in_(in), limits_(limits), stop_(stop), out_(out), budget_(in.size()) {}

  Result<> run() {
    std::array<char, kFileHeaderBytes> intro{};
    ECLAIR_CHECK_OK(read_exact(in_, 0, intro));
    const std::string_view header(intro.data(), intro.size());
    if (header.substr(0, 4) != "RpmP") return fail(Errc::invalid_input, "ndb database: no magic number");
    if (const std::uint32_t version = le32(header, 4); version != 0) {
      return fail(Errc::unsupported, "ndb database: version " + std::to_string(version) + " of its format");
    }
    const std::uint64_t slot_bytes = std::uint64_t{le32(header, 12)} * kSlotPageBytes;
    if (slot_bytes == 0) return fail(Errc::invalid_input, "ndb database: it has no slots");
    slots_end_ = std::min(slot_bytes, in_.size());
    if (slot_bytes > in_.size()) {
      ECLAIR_CHECK_OK(out_.damage("incomplete", "ndb database: " + std::to_string(slot_bytes) + " bytes of slots, of which the file has " +
                                                    std::to_string(in_.size())));
    }
    std::string page(kSlotPageBytes, '\0');
    std::uint64_t bad_slots = 0;
    for (std::uint64_t at = 0; at < slots_end_; at += kSlotPageBytes) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const std::size_t got, in_.read_at(at, std::span<char>(page).first(std::min<std::uint64_t>(kSlotPageBytes, slots_end_ - at))));
      for (std::size_t i = at == 0 ? kFileHeaderBytes : 0; i + kSlotBytes <= got; i += kSlotBytes) {
        const std::string_view slot = std::string_view(page).substr(i, kSlotBytes);
        const std::uint32_t offset = le32(slot, 8);
        if (slot.substr(0, 4) != "Slot") {
          ++bad_slots;  // told once: damage here comes by the page
        } else if (offset != 0) {
          ECLAIR_CHECK_OK(read_blob(le32(slot, 4), std::uint64_t{offset} * kUnit, std::uint64_t{le32(slot, 12)} * kUnit));
        }
      }
    }
    if (bad_slots > 0) return out_.damage("incomplete", "ndb database: " + std::to_string(bad_slots) + " damaged slots");
    return {};
  }

 private:
  Result<> bad(std::uint32_t number, std::string_view why) {
    return out_.damage("bad_record", "ndb database: record " + std::to_string(number) + ": " + std::string(why));
  }

  Result<> read_blob(std::uint32_t number, std::uint64_t offset, std::uint64_t size) {
    if (offset < slots_end_ || size > in_.size() || offset > in_.size() - size) return bad(number, "lies outside the file");
    if (size < kBlobHeadBytes + kBlobTailBytes || size > limits_.rpm_header_bytes) {
      return bad(number, "is " + std::to_string(size) + " bytes large; rpm_header_bytes is " + std::to_string(limits_.rpm_header_bytes));
    }
    ECLAIR_CHECK_OK(budget_.take(size));
    area_.resize(size);
    ECLAIR_CHECK_OK(read_exact(in_, offset, area_));
    const std::string_view area = area_;
    const std::uint64_t length = le32(area, 12);
    const std::uint64_t needed = (kBlobHeadBytes + length + kBlobTailBytes + kUnit - 1) / kUnit * kUnit;
    if (area.substr(0, 4) != "BlbS" || le32(area, 4) != number || needed != size) return bad(number, "does not start as its slot says");
    const std::string_view tail = area.substr(size - kBlobTailBytes);
    if (le32(tail, 0) != adler32(1, area.substr(0, size - kBlobTailBytes)) || le32(tail, 4) != length || tail.substr(8) != "BlbE") {
      ECLAIR_CHECK_OK(bad(number, "its checksum or its end is wrong; read all the same"));
    }
    return out_.header(number, area.substr(kBlobHeadBytes, length));
  }

  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  RpmRecords& out_;
  RpmByteBudget budget_;
  std::uint64_t slots_end_ = 0;
  std::string area_;
};

}  // namespace rpm_ndb_detail

Result<> walk_rpm_ndb(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out) {
  return rpm_ndb_detail::Walk(in, limits, stop, out).run();
}

}  // namespace eclair::extract
