// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/source.h"
#include "util/tar.h"
#include "util/decompress.h"

namespace eclair::test {

/// What a test wants to know of an opened image: its description and, layer by layer, "path=body" of its files.
struct Opened {
  Image image;
  std::vector<std::vector<std::string>> layers;
  std::string prefix;
  std::vector<Note> notes;
};

inline Result<std::vector<std::string>> read_files(EntryReader& reader) {
  std::vector<std::string> out;
  while (true) {
    ECLAIR_TRY(const Entry* entry, reader.next());
    if (entry == nullptr) return out;
    std::string line(entry->path);
    if (entry->kind == PathKind::file) line += "=";
    if (entry->kind == PathKind::symlink) line += " -> " + std::string(entry->target);
    if (entry->kind == PathKind::directory) line += "/";
    if (entry->kind == PathKind::other) line += "?";
    while (true) {
      ECLAIR_TRY(const std::string_view piece, reader.read());
      if (piece.empty()) break;
      line += piece;
    }
    out.push_back(std::move(line));
  }
}

/// Reads all layers of a source, and checks the digests of those that have one.
inline Result<Opened> read_source(const image::Source& source) {
  Opened out{source.image(), {}, std::string(source.path_prefix()), {}};
  for (const LayerInfo& layer : source.image().history) {
    if (layer.index == 0 || !layer.not_analysed.empty()) continue;
    ECLAIR_TRY(auto reader, source.walk_layer(layer.index));
    if (reader == nullptr) {
      ECLAIR_TRY(auto blob, source.open_layer(layer.index));
      if (!layer.digest.empty()) {
        Hasher hasher(layer.digest.algorithm());
        while (true) {
          ECLAIR_TRY(const std::string_view piece, blob->next());
          if (piece.empty()) break;
          hasher.update(piece);
        }
        if (hasher.finish() != layer.digest) return fail(Errc::invalid_input, "layer digest differs");
        ECLAIR_TRY(blob, source.open_layer(layer.index));
      }
      reader = tar_reader(decompress(std::move(blob), Limits{}), Limits{});
    }
    ECLAIR_TRY(auto files, read_files(*reader));
    out.layers.push_back(std::move(files));
    for (Note& note : reader->take_notes()) out.notes.push_back(std::move(note));
  }
  return out;
}

inline Result<Opened> open_and_read(const std::string& target, const image::OpenOptions& options = {}) {
  ECLAIR_TRY(const auto source, image::open(target, options));
  return read_source(*source);
}

}  // namespace eclair::test
