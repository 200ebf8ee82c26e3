// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eclair::test {

inline std::string number(std::uint32_t value, bool big, int bytes = 4) {
  std::string out(static_cast<std::size_t>(bytes), '\0');
  for (int i = 0; i < bytes; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(value >> 8 * (big ? bytes - 1 - i : i));
  return out;
}
inline void put(std::string& into, std::size_t at, std::string_view bytes) { into.replace(at, bytes.size(), bytes); }

/// Builds an rpm header as databases store it, tag by tag in the order given.
class RpmHeaderBuilder {
 public:
  RpmHeaderBuilder& entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::string_view data) {
    const std::size_t align = type == 3 ? 2 : type == 4 ? 4 : type == 5 ? 8 : 1;
    while (data_.size() % align != 0) data_ += '\0';
    return raw_entry(tag, type, static_cast<std::uint32_t>(data_.size()), count, data);
  }
  RpmHeaderBuilder& raw_entry(std::uint32_t tag, std::uint32_t type, std::uint32_t offset, std::uint32_t count, std::string_view data = {}) {
    index_ += number(tag, true) + number(type, true) + number(offset, true) + number(count, true);
    data_ += data;
    ++entries_;
    return *this;
  }
  RpmHeaderBuilder& text(std::uint32_t tag, std::string_view value) { return entry(tag, 6, 1, std::string(value) + '\0'); }
  RpmHeaderBuilder& i32(std::uint32_t tag, const std::vector<std::uint32_t>& values) {
    std::string data;
    for (const std::uint32_t v : values) data += number(v, true);
    return entry(tag, 4, static_cast<std::uint32_t>(values.size()), data);
  }
  RpmHeaderBuilder& strings(std::uint32_t tag, const std::vector<std::string>& values) {
    std::string data;
    for (const std::string& v : values) data += v + '\0';
    return entry(tag, 8, static_cast<std::uint32_t>(values.size()), data);
  }
  RpmHeaderBuilder& nvra(std::string_view name, std::string_view version, std::string_view release, std::string_view arch = "x86_64") {
    return text(1000, name).text(1001, version).text(1002, release).text(1022, arch);
  }
  std::string build() const { return number(entries_, true) + number(static_cast<std::uint32_t>(data_.size()), true) + index_ + data_; }

 private:
  std::string index_, data_;
  std::uint32_t entries_ = 0;
};

/// A header of about `bytes` bytes.
inline std::string rpm_header(std::string_view name, std::size_t bytes = 0) {
  RpmHeaderBuilder b;
  b.nvra(name, "1", "2");
  b.entry(1005, 6, 1, std::string(bytes, 'x') + '\0');
  return b.build();
}

/// A Berkeley database of type hash (or B-tree): one bucket page after another, large values on overflow pages.
inline std::string bdb(const std::vector<std::string>& headers, bool big, std::size_t page_bytes = 512, bool btree = false) {
  std::vector<std::string> pages;
  const auto new_page = [&](unsigned char type) {
    std::string page(page_bytes, '\0');
    put(page, 8, number(static_cast<std::uint32_t>(pages.size()), big));
    page[25] = static_cast<char>(type);
    pages.push_back(page);
    return pages.size() - 1;
  };
  new_page(btree ? 9 : 8);
  put(pages[0], 12, number(btree ? 0x00053162 : 0x00061561, big));
  put(pages[0], 16, number(9, big));
  put(pages[0], 20, number(static_cast<std::uint32_t>(page_bytes), big));

  std::size_t page = 0, entries = 0, end = 0;
  const auto add_item = [&](const std::string& item) {
    end -= item.size();
    put(pages[page], end, item);
    put(pages[page], 26 + 2 * entries++, number(static_cast<std::uint32_t>(end), big, 2));
    put(pages[page], 20, number(static_cast<std::uint32_t>(entries), big, 2));
    put(pages[page], 22, number(static_cast<std::uint32_t>(end), big, 2));
  };
  const auto inline_item = [&](const std::string& data) {
    return (btree ? number(static_cast<std::uint32_t>(data.size()), big, 2) : std::string()) + '\1' + data;
  };
  const auto add = [&](std::uint32_t key, const std::string& value) {
    std::string item;
    if (value.size() <= page_bytes / 4) {
      item = inline_item(value);
    } else {
      std::size_t first = 0, last = 0;
      for (std::size_t at = 0; at < value.size(); at += page_bytes - 26) {
        const std::size_t next = new_page(7);
        const std::string part = value.substr(at, page_bytes - 26);
        put(pages[next], 26, part);
        put(pages[next], 22, number(static_cast<std::uint32_t>(part.size()), big, 2));
        if (first == 0) first = next;
        if (last != 0) put(pages[last], 16, number(static_cast<std::uint32_t>(next), big));
        last = next;
      }
      item = std::string(btree ? std::string_view("\0\0\3\0", 4) : std::string_view("\3\0\0\0", 4)) + number(static_cast<std::uint32_t>(first), big) +
             number(static_cast<std::uint32_t>(value.size()), big);
    }
    if (page == 0 || end < 26 + 2 * (entries + 2) + item.size() + 8) {
      page = new_page(btree ? 5 : 13);
      entries = 0;
      end = page_bytes;
    }
    add_item(inline_item(number(key, big)));
    add_item(item);
  };
  add(0, number(static_cast<std::uint32_t>(headers.size()), big));  // the counter
  for (std::size_t i = 0; i < headers.size(); ++i) add(static_cast<std::uint32_t>(i + 1), headers[i]);
  put(pages[0], 32, number(static_cast<std::uint32_t>(pages.size() - 1), big));
  std::string out;
  for (const std::string& p : pages) out += p;
  return out;
}

inline std::uint32_t slow_adler32(std::string_view bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

/// A database in rpm's own format. Slots are used from the last one backwards, with a free slot between any two: readers that stop
/// at the first free slot, or at the slot whose number is next_pkgidx, miss some.
inline std::string ndb(const std::vector<std::string>& headers) {
  const std::size_t slot_bytes = 4096;
  std::string out(slot_bytes, '\0');
  put(out, 0, "RpmP");
  put(out, 12, number(1, false));
  put(out, 16, number(static_cast<std::uint32_t>(headers.size() + 1), false));
  for (std::size_t at = 32; at < slot_bytes; at += 16) put(out, at, "Slot");
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto key = static_cast<std::uint32_t>(i + 1), length = static_cast<std::uint32_t>(headers[i].size());
    std::string blob = "BlbS" + number(key, false) + number(1, false) + number(length, false) + headers[i];
    while ((blob.size() + 12) % 16 != 0) blob += '\0';
    blob += number(slow_adler32(blob), false) + number(length, false) + "BlbE";
    const std::size_t slot = slot_bytes - 32 * (i + 1);
    put(out, slot + 4, number(key, false) + number(static_cast<std::uint32_t>(out.size() / 16), false) + number(static_cast<std::uint32_t>(blob.size() / 16), false));
    out += blob;
  }
  return out;
}

}  // namespace eclair::test
