// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <random>

#include "support/pieces.h"
#include "util/path.h"
#include "util/tar_header.h"

using namespace eclair;
using test::Pieces;

namespace tar_test_detail {

struct Seen {
  std::string path, target, body;
  PathKind kind = PathKind::file;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& s) {
  return out << static_cast<char>(s.kind) << ' ' << s.path << " -> '" << s.target << "' " << s.body.size() << " bytes";
}

Result<std::vector<Seen>> walk(const std::string& tar, std::size_t piece = 10'000, const Limits& limits = {}) {
  auto reader = tar_reader(std::make_unique<Pieces>(tar, piece), limits);
  std::vector<Seen> out;
  while (true) {
    ECLAIR_TRY(const Entry* entry, reader->next());
    if (entry == nullptr) return out;
    Seen seen{std::string(entry->path), std::string(entry->target), {}, entry->kind};
    const std::uint64_t size = entry->size;
    while (true) {
      ECLAIR_TRY(const std::string_view more, reader->read());
      if (more.empty()) break;
      seen.body.append(more);
    }
    CHECK(seen.body.size() == size);
    out.push_back(std::move(seen));
  }
}

std::string archive_of(const std::vector<Seen>& entries, int format) {
  std::string out(64u << 20, '\0');
  std::size_t used = 0;
  archive* a = archive_write_new();
  archive_write_set_format(a, format);
  archive_write_add_filter_none(a);
  archive_write_set_bytes_in_last_block(a, 512);
  REQUIRE(archive_write_open_memory(a, out.data(), out.size(), &used) == ARCHIVE_OK);
  for (const Seen& seen : entries) {
    archive_entry* e = archive_entry_new();
    archive_entry_set_pathname(e, seen.path.c_str());
    archive_entry_set_mode(e, 0644);
    switch (seen.kind) {
      case PathKind::directory: archive_entry_set_filetype(e, AE_IFDIR); break;
      case PathKind::symlink:
        archive_entry_set_filetype(e, AE_IFLNK);
        archive_entry_set_symlink(e, seen.target.c_str());
        break;
      case PathKind::hardlink:
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_hardlink(e, seen.target.c_str());
        break;
      default:
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_size(e, static_cast<la_int64_t>(seen.body.size()));
    }
    if (archive_write_header(a, e) == ARCHIVE_OK && seen.kind == PathKind::file) {
      archive_write_data(a, seen.body.data(), seen.body.size());
    }
    archive_entry_free(e);
  }
  archive_write_close(a);
  archive_write_free(a);
  out.resize(used);
  return out;
}

/// The same archive as libarchive reads it.
std::vector<Seen> oracle(const std::string& tar) {
  std::vector<Seen> out;
  archive* a = archive_read_new();
  archive_read_support_format_tar(a);
  REQUIRE(archive_read_open_memory(a, tar.data(), tar.size()) == ARCHIVE_OK);
  archive_entry* e = nullptr;
  while (archive_read_next_header(a, &e) == ARCHIVE_OK) {
    Seen seen;
    seen.path = path::clean(archive_entry_pathname(e));
    if (archive_entry_hardlink(e) != nullptr) {
      seen.kind = PathKind::hardlink;
      seen.target = path::clean(archive_entry_hardlink(e));
    } else if (archive_entry_filetype(e) == AE_IFLNK) {
      seen.kind = PathKind::symlink;
      seen.target = archive_entry_symlink(e);
    } else if (archive_entry_filetype(e) == AE_IFDIR) {
      seen.kind = PathKind::directory;
    } else {
      seen.body.resize(static_cast<std::size_t>(archive_entry_size(e)));
      std::size_t done = 0;
      while (done < seen.body.size()) {
        const la_ssize_t n = archive_read_data(a, seen.body.data() + done, seen.body.size() - done);
        if (n <= 0) break;
        done += static_cast<std::size_t>(n);
      }
    }
    out.push_back(std::move(seen));
  }
  archive_read_free(a);
  return out;
}

std::vector<Seen> random_entries(std::mt19937& random) {
  std::vector<Seen> out;
  const auto name = [&] {
    std::string path;
    const unsigned parts = 1 + random() % 8;
    for (unsigned i = 0; i < parts; ++i) {
      path += (i > 0 ? "/" : "") + std::string(1 + random() % (random() % 5 == 0 ? 120 : 12), static_cast<char>('a' + random() % 26));
    }
    return path;
  };
  for (unsigned i = 0; i < 40; ++i) {
    Seen seen{name(), {}, {}, PathKind::file};
    switch (random() % 5) {
      case 0: seen.kind = PathKind::directory; break;
      case 1:
        seen.kind = PathKind::symlink;
        seen.target = random() % 2 == 0 ? "../" + name() : "/" + name();
        break;
      case 2:
        if (!out.empty()) {
          seen.kind = PathKind::hardlink;
          seen.target = out[random() % out.size()].path;
          break;
        }
        [[fallthrough]];
      default: seen.body.assign(random() % (random() % 4 == 0 ? 40'000 : 1500), static_cast<char>(random()));
    }
    out.push_back(std::move(seen));
  }
  return out;
}

/// One ustar block by hand, for what no honest writer makes.
std::string block(const std::string& name, const std::string& size, char type = '0', const std::string& magic = std::string("ustar\0" "00", 8)) {
  std::string h(512, '\0');
  h.replace(0, name.size(), name);
  h.replace(100, 7, "0000644");
  h.replace(124, size.size(), size);
  h.replace(148, 8, "        ");
  h[156] = type;
  h.replace(257, 8, magic);
  unsigned sum = 0;
  for (const char c : h) sum += static_cast<unsigned char>(c);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  h.replace(148, 7, std::string(text, 7));
  return h;
}

std::string padded(std::string s) {
  s.resize((s.size() + 511) / 512 * 512, '\0');
  return s;
}

std::string octal(std::size_t n) {
  char text[16];
  std::snprintf(text, sizeof text, "%011zo", n);
  return text;
}

std::string pax_record(const std::string& key, const std::string& value) {
  std::size_t length = key.size() + value.size() + 3;
  length += std::to_string(length + std::to_string(length).size()).size();
  return std::to_string(length) + " " + key + "=" + value + "\n";
}

std::string pax(const std::string& records, char type = 'x') { return block("PaxHeaders/x", octal(records.size()), type) + padded(records); }

const std::string kEnd(1024, '\0');

/// The headers of a sparse file of form 1.0, whose map stands before its data. `stored`: bytes of both.
std::string sparse_1_0(std::uint64_t real, std::uint64_t stored) {
  return pax(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") + pax_record("GNU.sparse.name", "s") +
             pax_record("GNU.sparse.realsize", std::to_string(real))) +
         block("GNUSparseFile.0/s", octal(stored));
}

/// GNU's own sparse file: its map in the header and in as many blocks behind it as are needed; every second byte is one of `body`.
std::string old_sparse(const std::string& body) {
  std::string map;
  for (std::size_t i = 0; i < body.size(); ++i) map += octal(2 * i) + '\0' + octal(1) + '\0';
  const std::string gnu_magic("ustar  \0", 8);
  std::string header = block("s", octal(body.size()), 'S', gnu_magic);
  const auto take = [&](std::string& into, std::size_t at, std::size_t extents) {
    const std::string part = map.substr(0, extents * 24);
    map.erase(0, part.size());
    into.replace(at, part.size(), part);
    if (!map.empty()) into[at + extents * 24] = '\1';  // more follow
  };
  take(header, 386, 4);
  header.replace(483, 11, octal(2 * body.size()));
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  header.replace(148, 6, octal(sum).substr(5));
  header[154] = '\0';
  while (!map.empty()) {
    std::string more(512, '\0');
    take(more, 0, 21);
    header += more;
  }
  return header + padded(body);
}

/// What such a file unpacks to.
std::string with_holes(const std::string& body) {
  std::string out;
  for (const char c : body) out += std::string(1, c) + '\0';
  return out;
}

}  // namespace tar_test_detail

using namespace tar_test_detail;

TEST_CASE("reads what libarchive wrote, as libarchive reads it, in every dialect and however the stream is cut") {
  constexpr unsigned kSeed = 20260101;
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (const int format : {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FORMAT_TAR_GNUTAR}) {
    for (int round = 0; round < 12; ++round) {
      CAPTURE(format);
      CAPTURE(round);
      const std::string tar = archive_of(random_entries(random), format);
      const std::vector<Seen> want = oracle(tar);
      REQUIRE(want.size() > 10);
      for (const std::size_t piece : {std::size_t{100}, std::size_t{512}, std::size_t{65'537}, tar.size()}) {
        const auto got = walk(tar, piece);
        REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
        REQUIRE(got->size() == want.size());
        for (std::size_t i = 0; i < want.size(); ++i) CHECK((*got)[i] == want[i]);
      }
    }
  }
}

TEST_CASE("names and sizes: which header wins") {
  const std::string body = padded("hello");
  const struct {
    const char* what;
    std::string tar;
    std::vector<Seen> want;
  } table[] = {
      {"v7, folder by its slash", block("d/", "0", '\0', std::string(8, '\0')) + kEnd, {{"d", "", "", PathKind::directory}}},
      {"PAX path beats GNU name beats header",
       block("././@LongLink", octal(5), 'L') + padded(std::string("gnu\0\0", 5)) + pax(pax_record("path", "a/pax")) + block("short", octal(5)) + body + kEnd,
       {{"a/pax", "", "hello"}}},
      {"PAX size beats header", pax(pax_record("size", "5")) + block("x", octal(0)) + body + kEnd, {{"x", "", "hello"}}},
      {"base 256 size", block("x", std::string("\x80\0\0\0\0\0\0\0\0\0\0\x05", 12)) + body + kEnd, {{"x", "", "hello"}}},
      {"PAX header is for one entry only", pax(pax_record("path", "p")) + block("a", octal(0)) + block("b", octal(0)) + kEnd, {{"p"}, {"b"}}},
      {"global PAX header is for all", pax(pax_record("comment", "deadbeef"), 'g') + block("a", octal(0)) + kEnd, {{"a"}}},
      {"unknown type is passed over with its data", block("z", octal(5), 'Z') + body + block("a", octal(0)) + kEnd, {{"a"}}},
      {"odd names are cleaned", block("/./a//b/../../../c", octal(0)) + kEnd, {{"c"}}},
      {"the root and no name are nobody", block("./", octal(0), '5') + block("", octal(5)) + body + block("a", octal(0)) + kEnd, {{"a"}}},
      {"no end blocks", block("a", octal(0)), {{"a"}}},
      {"one lone zero block", block("a", octal(0)) + std::string(512, '\0') + block("b", octal(0)) + kEnd, {{"a"}, {"b"}}},
      {"bytes after the end", block("a", octal(0)) + kEnd + "garbage of no whole block", {{"a"}}},
      {"links have no data, whatever they say", block("l", octal(5), '1') + block("a", octal(0)) + kEnd, {{"l", "", "", PathKind::hardlink}, {"a"}}},
      {"overlay whiteout", block("gone", octal(0), '3') + kEnd, {{"gone", "", "", PathKind::whiteout}}},
      {"overlay opaque folder",
       pax(pax_record("SCHILY.xattr.trusted.overlay.opaque", "y")) + block("d", octal(0), '5') + kEnd,
       {{"d", "", "", PathKind::directory}, {"d", "", "", PathKind::opaque}}},
      {"PAX sparse 1.0",
       sparse_1_0(9, 512 + 5) + padded("1\n2\n5\n") + body + kEnd,
       {{"s", "", std::string("\0\0hello\0\0", 9)}}},
      {"PAX sparse 1.0, numbers of as many digits as the largest one has",
       sparse_1_0(9, 512 + 5) + padded("1\n" + std::string(20, '0') + "\n" + std::string(19, '0') + "5\n") + body + kEnd,
       {{"s", "", std::string("hello\0\0\0\0", 9)}}},
      {"PAX sparse 0.1",
       pax(pax_record("GNU.sparse.size", "7") + pax_record("GNU.sparse.map", "0,2,4,3")) + block("s", octal(5)) + body + kEnd,
       {{"s", "", std::string("he\0\0llo", 7)}}},
      {"PAX sparse 0.1, a hole at the end as GNU tar writes it",
       pax(pax_record("GNU.sparse.size", "9") + pax_record("GNU.sparse.map", "0,2,4,3,9,0")) + block("s", octal(5)) + body + kEnd,
       {{"s", "", std::string("he\0\0llo\0\0", 9)}}},
      {"a sparse file whose name makes it a folder has no data",
       pax(pax_record("GNU.sparse.size", "7") + pax_record("GNU.sparse.map", "0,2,4,3")) + block("s/", octal(5)) + body + block("a", octal(0)) + kEnd,
       {{"s", "", "", PathKind::directory}, {"a"}}},
  };
  for (const auto& row : table) {
    CAPTURE(row.what);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{511}, row.tar.size()}) {
      CAPTURE(piece);
      const auto got = walk(row.tar, piece);
      REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
      CHECK(*got == row.want);
    }
  }
}

TEST_CASE("GNU's own sparse files, with a map that fills its blocks and one that does not") {
  for (const std::size_t extents : {1u, 3u, 4u, 5u, 24u, 25u, 26u, 46u, 47u}) {
    CAPTURE(extents);
    std::string body;
    for (std::size_t i = 0; i < extents; ++i) body += static_cast<char>('a' + i % 26);
    const auto got = walk(old_sparse(body) + block("next", octal(0)) + kEnd, 512);
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(*got == std::vector<Seen>{{"s", "", with_holes(body)}, {"next"}});
  }
}

TEST_CASE("damaged archives are errors that name place and cause") {
  std::string flipped = block("a", octal(0));
  flipped[3] = 'x';
  std::string begun_map = "999\n";  // a block of numbers, and more to come
  while (begun_map.size() < 512) begun_map += "9\n";
  const struct {
    const char* what;
    std::string tar, message;
  } table[] = {
      {"checksum", block("ok", octal(0)) + flipped + kEnd, "checksum differs at byte 512"},
      {"octal", block("a", "zzzzzzzzzzz") + kEnd, "octal"},
      {"negative", block("a", std::string(12, '\xff')) + kEnd, "negative"},
      {"huge", block("a", std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12)) + kEnd, "image_bytes"},
      {"cut in a header", block("a", octal(0)).substr(0, 300), "inside a header"},
      {"cut in a file", block("a", octal(600)) + std::string(512, 'x'), "ends early"},
      {"not a tar", std::string(2000, 'x'), "checksum"},
      {"sparse map leads outside",
       pax(pax_record("GNU.sparse.size", "7") + pax_record("GNU.sparse.map", "0,2,4,30")) + block("s", octal(5)) + padded("hello") + kEnd, "sparse map"},
      {"sparse map of more than its file holds", sparse_1_0(9, 512) + begun_map + begun_map + kEnd, "sparse map ends early"},
      {"sparse map in a file of nothing", sparse_1_0(9, 0) + padded("1\n0\n5\n") + kEnd, "sparse map ends early"},
      {"sparse map of words", sparse_1_0(9, 512) + padded("one\n0\n5\n") + kEnd, "malformed sparse map"},
      {"sparse map of a number too long", sparse_1_0(9, 512) + padded(std::string(20, '0') + "1\n0\n5\n") + kEnd, "malformed sparse map"},
      {"sparse map of too many extents", sparse_1_0(9, 512) + padded("99999999999\n") + kEnd, "extents"},
  };
  for (const auto& row : table) {
    CAPTURE(row.what);
    const auto got = walk(row.tar);
    REQUIRE_FALSE(got.has_value());
    CHECK_MESSAGE(got.error().text.find(row.message) != std::string::npos, got.error().text);
    // Who asks again gets the same answer, not what may stand behind the damage.
    auto reader = tar_reader(std::make_unique<Pieces>(row.tar + block("a", octal(0)) + kEnd, 512), {});
    Result<const Entry*> entry = reader->next();
    while (entry && *entry != nullptr) {
      for (auto piece = reader->read(); piece && !piece->empty();) piece = reader->read();
      entry = reader->next();
    }
    if (!entry) {
      CHECK(reader->next().error().text == entry.error().text);
      CHECK(reader->read().error().text == entry.error().text);
    }
  }
}

TEST_CASE("bounds cost an entry and a note, or name their limit") {
  Limits limits;
  limits.path_bytes = 20;
  limits.path_depth = 3;
  limits.header_bytes = 600;
  const std::string tar = pax(pax_record("path", std::string(21, 'p'))) + block("a", octal(0)) + block("1/2/3/4", octal(0)) +
                          pax(pax_record("comment", std::string(700, 'c'))) + block("b", octal(0)) + kEnd;
  auto reader = tar_reader(std::make_unique<Pieces>(tar, 512), limits);
  const auto entry = reader->next();
  REQUIRE(entry.has_value());
  REQUIRE(*entry != nullptr);
  CHECK((*entry)->path == "b");
  CHECK(reader->take_notes().size() == 3);
  limits.layer_entries = 2;
  const auto got = walk(block("a", octal(0)) + block("b", octal(0)) + block("c", octal(0)) + kEnd, 512, limits);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::limit);
  CHECK(got.error().text.find("layer_entries") != std::string::npos);
}
