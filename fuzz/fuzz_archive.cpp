// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The index of an image archive, held against the streaming tar reader over the same bytes, and the forms of image that are read from it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "image/archive.h"
#include "image/docker_archive.h"
#include "image/file_set.h"
#include "image/oci_layout.h"
#include "image/recognise.h"
#include "util/tar.h"
#include "util/path.h"

namespace {

using namespace eclair;
using namespace eclair::image;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  PathKind kind;
  std::string body;
};

void compare(const MemorySource& bytes, const ArchiveIndex& index, const Limits& limits) {
  SourceStream stream(bytes);
  const auto reader = tar_reader(stream, limits);
  std::map<std::string, Seen> seen;
  while (true) {
    const auto entry = reader->next();
    if (!entry) return;  // the streaming reader knows more that can be wrong (sparse maps)
    if (*entry == nullptr) break;
    if ((*entry)->kind == PathKind::opaque) continue;
    Seen& one = seen[std::string((*entry)->path)];
    one = {(*entry)->kind, {}};
    if ((*entry)->size > 1u << 20) return;  // a sparse file: nothing an archive of an image has
    while (true) {
      const auto piece = reader->read();
      if (!piece) return;
      if (piece->empty()) break;
      one.body.append(*piece);
    }
  }
  for (const auto& [name, one] : seen) {
    const ArchiveIndex::Entry* entry = index.find(name);
    require(entry != nullptr);
    if (entry->kind == PathKind::file) require(one.kind == PathKind::file && bytes.bytes().substr(entry->offset, entry->size) == one.body);
    if (one.kind == PathKind::symlink || one.kind == PathKind::hardlink) require(entry->kind == one.kind);
  }
}

/// Gives changed header blocks the checksum they need, so that mutations get past it.
std::string repaired(std::string bytes) {
  for (std::size_t at = 0; at + 512 <= bytes.size(); at += 512) {
    if (bytes.compare(at + 257, 5, "ustar") != 0) continue;
    bytes.replace(at + 148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = at; i < at + 512; ++i) sum += static_cast<unsigned char>(bytes[i]);
    for (std::size_t i = 0; i < 6; ++i) bytes[at + 153 - i] = static_cast<char>('0' + ((sum >> (3 * i)) & 7));
  }
  return bytes;
}

void try_bytes(std::string input) {
  const std::size_t size = input.size();
  OpenOptions options;
  options.platform = "linux/amd64";
  options.limits.layer_entries = 1000;
  options.limits.manifest_bytes = 1u << 16;
  const auto bytes = std::make_shared<const MemorySource>(std::move(input));
  SourceStream stream(*bytes);
  const auto surveyed = survey(stream, options.limits, nullptr);
  auto index = ArchiveIndex::read(*bytes, options.limits);
  if (!index) return;
  for (const auto& [name, entry] : index->entries()) {
    require(path::clean(name) == name && !name.empty());
    require(entry.offset <= size && entry.size <= size - entry.offset);
  }
  compare(*bytes, *index, options.limits);
  const auto files = archive_files(bytes, *std::move(index));
  for (const bool docker : {true, false}) {
    const auto source = docker ? open_docker_archive(files, {}, {}, options) : open_oci_layout(files, BlobNames::layout, {}, {}, options);
    if (!source) {
      require(!source.error().text.empty());
      continue;
    }
    for (const LayerInfo& layer : (*source)->image().history) {
      if (layer.index == 0 || !layer.not_analysed.empty()) continue;
      const auto blob = (*source)->open_layer(layer.index);
      require(blob.has_value());
      std::uint64_t n = 0;
      while (true) {
        const auto piece = (*blob)->next();
        require(piece.has_value());
        if (piece->empty()) break;
        n += piece->size();
      }
      require(n == layer.size);
    }
  }
  (void)open_docker_v1_archive(files, {}, {}, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string input(reinterpret_cast<const char*>(data), size);
  std::string fixed = repaired(input);
  if (fixed != input) try_bytes(std::move(fixed));
  try_bytes(std::move(input));
  return 0;
}
