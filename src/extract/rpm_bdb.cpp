// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Berkeley DB as rpm wrote it. All numbers in the byte order of the machine that wrote the file; header blobs are untouched by it.
//
//   page 0   := lsn:8 pgno:4 magic:4 version:4 pagesize:4 encrypt:1 type:1 flags:1 unused:1 free:4 last_pgno:4 ...
//   page     := lsn:8 pgno:4 prev:4 next:4 entries:2 hf_offset:2 level:1 type:1 index:2{entries} ... items, growing down from the end
//   hash     := items in pairs key, value; an item ends where the one before it starts
//     item   := 1 bytes | 3 unused:3 pgno:4 length:4
//   leaf     := items in pairs key, value; type with 0x80: deleted
//     item   := length:2 1 bytes | unused:2 3 unused:1 pgno:4 length:4
//   overflow := a page whose hf_offset is the number of its data bytes, chained by `next`
//
// The hash table can be walked by bucket (bucket + spares[log2]) and chain, as rpm does, or page by page. We go page by page: each
// page of type hash belongs to exactly one chain, since pages that leave a chain are re-typed as free when they do, so the result is
// the same; and a damaged chain, spares table or bucket count costs nothing, and cannot loop. The same holds for leaves of a B-tree.
// Only overflow chains are followed, each bounded by the length it was announced with.
#include <bit>

#include "extract/rpm_database.h"
#include "util/text.h"

namespace eclair::extract {
namespace rpm_bdb_detail {

constexpr std::size_t kMetaBytes = 72, kPageHeaderBytes = 26, kOffPageBytes = 12;
constexpr std::uint32_t kHashMagic = 0x00061561, kBtreeMagic = 0x00053162;
constexpr std::uint32_t kMinVersion = 8, kMaxVersion = 10;
constexpr std::uint32_t kMinPageBytes = 512, kMaxPageBytes = 65536;
enum PageType : unsigned char { hash_unsorted = 2, btree_leaf = 5, overflow = 7, hash = 13 };
enum ItemType : unsigned char { inline_data = 1, off_page = 3 };
constexpr unsigned char kDeleted = 0x80, kFlagChecksum = 0x01;

/// Bytes of a page with a byte order.
struct Bytes {
  std::string_view raw;
  bool big = false;
  std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint32_t{static_cast<unsigned char>(raw[at + i])} << 8 * (big ? size - 1 - i : i);
    return value;
  }
  std::uint32_t u16(std::size_t at) const { return number(at, 2); }
  std::uint32_t u32(std::size_t at) const { return number(at, 4); }
  unsigned char u8(std::size_t at) const { return static_cast<unsigned char>(raw[at]); }
};

class Walk {
 public:
  Walk(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out)
      : in_(in), limits_(limits), stop_(stop), out_(out), budget_(in.size()) {}

  Result<> run() {
    ECLAIR_CHECK_OK(read_meta());
    const std::uint64_t whole_pages = in_.size() / page_bytes_;
    std::uint64_t end = std::uint64_t{last_page_} + 1;
    if (whole_pages < end) {
      ECLAIR_CHECK_OK(out_.damage("incomplete", "berkeley database: ends after " + std::to_string(whole_pages) + " of " + std::to_string(end) + " pages"));
      end = whole_pages;
    }
    for (std::uint64_t page = 1; page < end; ++page) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_CHECK_OK(read_page(page, page_));
      const unsigned char type = Bytes{page_, big_}.u8(25);
      const bool is_hash = type == hash || type == hash_unsorted;
      if (is_hash == btree_ || (!is_hash && type != btree_leaf)) continue;
      ECLAIR_CHECK_OK(read_records(page));
    }
    return {};
  }

 private:
  Result<> read_meta() {
    std::string meta(kMetaBytes, '\0');
    ECLAIR_CHECK_OK(read_exact(in_, 0, meta));
    Bytes m{meta, false};
    for (const bool big : {false, true}) {
      m.big = big;
      const std::uint32_t magic = m.u32(12);
      if (magic != kHashMagic && magic != kBtreeMagic) continue;
      big_ = big;
      btree_ = magic == kBtreeMagic;
      const std::uint32_t version = m.u32(16);
      if (version < kMinVersion || version > kMaxVersion) {
        return fail(Errc::unsupported, "berkeley database: version " + std::to_string(version) + " of its format");
      }
      if (m.u8(24) != 0) return fail(Errc::unsupported, "berkeley database: it is encrypted");
      if ((m.u8(26) & kFlagChecksum) != 0) return fail(Errc::unsupported, "berkeley database: its pages carry checksums");
      page_bytes_ = m.u32(20);
      if (page_bytes_ < kMinPageBytes || page_bytes_ > kMaxPageBytes || !std::has_single_bit(page_bytes_)) {
        return fail(Errc::invalid_input, "berkeley database: pages of " + std::to_string(page_bytes_) + " bytes");
      }
      last_page_ = m.u32(32);
      return {};
    }
    return fail(Errc::invalid_input, "berkeley database: no magic number");
  }

  Result<> read_page(std::uint64_t page, std::string& into) const {
    into.resize(page_bytes_);
    return read_exact(in_, page * page_bytes_, into);
  }

  /// What an item holds: data in the page, or the start of an overflow chain.
  struct Item {
    std::string_view data;
    bool off_page = false, deleted = false;
    std::uint32_t page = 0, length = 0;
  };

  Result<Item> item(std::size_t i, std::size_t entries) const {
    const Bytes p{page_, big_};
    const std::size_t at = p.u16(kPageHeaderBytes + 2 * i);
    const std::size_t items_begin = kPageHeaderBytes + 2 * entries;
    // Only hash items need the neighbour: a leaf's items say their length.
    const std::size_t end = btree_ || i == 0 ? page_.size() : p.u16(kPageHeaderBytes + 2 * (i - 1));
    const std::size_t type_at = at + (btree_ ? 2 : 0);
    if (at < items_begin || end > page_.size() || type_at >= end) return fail(Errc::invalid_input, "an item outside its page");
    Item out;
    unsigned char type = p.u8(type_at);
    if (btree_) {
      out.deleted = (type & kDeleted) != 0;
      type &= static_cast<unsigned char>(~kDeleted);
    }
    if (type == off_page) {
      if (end - at < kOffPageBytes) return fail(Errc::invalid_input, "an item outside its page");
      out.off_page = true;
      out.page = p.u32(at + 4);
      out.length = p.u32(at + 8);
      return out;
    }
    if (type != inline_data) return fail(Errc::invalid_input, "an item of the unknown type " + std::to_string(type));
    const std::size_t data_at = type_at + 1;
    const std::size_t size = btree_ ? p.u16(at) : end - data_at;
    if (size > end - data_at) return fail(Errc::invalid_input, "an item outside its page");
    out.data = std::string_view(page_).substr(data_at, size);
    return out;
  }

  Result<> read_records(std::uint64_t page) {
    const std::size_t entries = Bytes{page_, big_}.u16(20);
    const std::string where = "berkeley database: page " + std::to_string(page);
    if (kPageHeaderBytes + 2 * entries > page_.size() || entries % 2 != 0) {
      return out_.damage("incomplete", where + " is damaged: it claims " + std::to_string(entries) + " items");
    }
    for (std::size_t i = 0; i < entries; i += 2) {
      const auto key = item(i, entries);
      std::uint64_t number = 0;
      if (key && key->data.size() == 4) {
        if (key->data == std::string_view("\0\0\0\0", 4)) continue;  // the counter of record numbers
        number = Bytes{key->data, big_}.u32(0);
      }
      const auto value = item(i + 1, entries);
      if (!value) {
        ECLAIR_CHECK_OK(out_.damage("bad_record", where + ", record " + std::to_string(number) + ": " + value.error().text));
        continue;
      }
      if (value->deleted || (key && key->deleted)) continue;
      if (!value->off_page) {
        ECLAIR_CHECK_OK(budget_.take(value->data.size()));
        ECLAIR_CHECK_OK(out_.header(number, value->data));
        continue;
      }
      const auto whole = read_overflow(value->page, value->length);
      if (!whole && whole.error().code != Errc::invalid_input) return fail(whole.error());
      if (!whole) {
        ECLAIR_CHECK_OK(out_.damage("bad_record", where + ", record " + std::to_string(number) + ": " + whole.error().text));
        continue;
      }
      ECLAIR_CHECK_OK(out_.header(number, blob_));
    }
    return {};
  }

  /// Reads a chain into blob_. A loop is found by Brent's method: compare with a page remembered at every power of two.
  Result<> read_overflow(std::uint32_t page, std::uint32_t length) {
    blob_.clear();
    if (length > limits_.rpm_header_bytes || length > in_.size()) {
      return fail(Errc::invalid_input, "a header of " + std::to_string(length) + " bytes, more than the file or rpm_header_bytes (" +
                                           std::to_string(limits_.rpm_header_bytes) + ")");
    }
    std::uint64_t steps = 0, mark_at = 1;
    std::uint32_t mark = page;
    while (blob_.size() < length) {
      if (page == 0 || page > last_page_) return fail(Errc::invalid_input, "its chain leads to page " + std::to_string(page));
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      if (steps > 0 && page == mark) return fail(Errc::invalid_input, "its chain loops at page " + std::to_string(page));
      if (++steps == mark_at * 2) {
        mark = page;
        mark_at = steps;
      }
      ECLAIR_CHECK_OK(read_page(page, chain_));
      const Bytes p{chain_, big_};
      const std::size_t size = p.u16(22);
      if (p.u8(25) != overflow || size == 0 || size > page_bytes_ - kPageHeaderBytes || size > length - blob_.size()) {
        return fail(Errc::invalid_input, "its chain is damaged at page " + std::to_string(page));
      }
      ECLAIR_CHECK_OK(budget_.take(size));
      if (blob_.empty()) blob_.reserve(length);
      blob_.append(chain_, kPageHeaderBytes, size);
      page = p.u32(16);
    }
    return {};
  }

  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  RpmRecords& out_;
  RpmByteBudget budget_;
  bool big_ = false, btree_ = false;
  std::uint32_t page_bytes_ = 0, last_page_ = 0;
  std::string page_, chain_, blob_;
};

}  // namespace rpm_bdb_detail

Result<> walk_rpm_bdb(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out) {
  return rpm_bdb_detail::Walk(in, limits, stop, out).run();
}

}  // namespace eclair::extract
