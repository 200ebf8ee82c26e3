// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace eclair {

/// Every bound on what an image or a feed may cost us. An error that comes from one names the field and its value.
/// The defaults are those of the strictest input we know to be honest, times some room.
struct Limits {
  // one image
  std::uint64_t manifest_bytes = 8u << 20;        ///< one manifest, index or config document
  std::uint32_t index_depth = 8;                  ///< indexes within indexes
  std::uint32_t json_depth = 64;                  ///< nesting of any JSON document
  std::uint32_t layers = 2000;                    ///< layers of one image
  std::uint64_t image_bytes = 1ull << 40;         ///< all layers, uncompressed
  std::uint64_t spool_bytes = 64ull << 30;        ///< an image on a pipe or in a compressed archive, uncompressed: it waits in an unlinked temporary file
  // one layer
  std::uint64_t layer_entries = 10'000'000;       ///< tar entries
  std::uint32_t path_bytes = 4096;                ///< longer paths are skipped with a note
  std::uint32_t path_depth = 512;                 ///< deeper paths are skipped with a note
  std::uint64_t header_bytes = 1u << 20;          ///< one PAX header or GNU long name; longer: entry read without it, with a note
  std::uint64_t ratio = 2000;                     ///< uncompressed : compressed, looked at once ratio_floor_bytes are out
  std::uint64_t ratio_floor_bytes = 64ull << 30;
  std::uint64_t zstd_window_bytes = 128u << 20;
  std::uint32_t symlink_hops = 40;
  // evidence
  std::uint64_t evidence_bytes = 512u << 20;      ///< one file an extractor asked for (its own Interest may say less)
  std::uint64_t spill_bytes = 1u << 20;           ///< larger evidence waits in an unlinked temporary file
  std::uint64_t evidence_files = 500'000;         ///< per layer
  std::uint64_t packages = 1'000'000;             ///< per layer
  std::uint32_t field_bytes = 1u << 20;           ///< one field of a package record; longer ones are cut or dropped with a note
  std::uint64_t owned_path_bytes = 16u << 20;      ///< kept paths of one database's packages; further ones are dropped with a note
  std::uint32_t notes = 100;                      ///< per layer; further ones are counted
  std::uint64_t rpm_header_bytes = 128u << 20;    ///< one rpm header, held whole; half a million files take about 64 MiB
  // all layers in flight
  std::uint64_t memory_bytes = 40u << 20;         ///< decoders, fetch buffers, held evidence; a layer without a lease waits
  // one feed
  std::uint64_t feed_bytes = 8ull << 30;          ///< uncompressed
  std::uint64_t feed_member_bytes = 64u << 20;    ///< one top-level member or record
  std::uint64_t feed_record_rows = 2'000'000;     ///< that one notice may make: its packages times its flaws
  std::uint64_t feed_index_bytes = 512u << 20;    ///< of an OVAL document: what its definitions refer to, held while they are read
  std::uint64_t feed_documents = 5'000'000;       ///< members of an archive, files of a folder
  // one SBOM
  std::uint64_t sbom_bytes = 256u << 20;          ///< the whole document; JSON is held, and its parsed form takes several times as much
  // one XML document
  std::uint32_t xml_depth = 64;                   ///< elements within elements
  std::uint32_t xml_name_bytes = 1024;            ///< name of an element or attribute
  std::uint32_t xml_attributes = 256;             ///< of one element
  std::uint64_t xml_tag_bytes = 1u << 20;         ///< one tag with its attributes, one comment, one processing instruction
  std::uint64_t xml_text_bytes = 16u << 20;       ///< text of one element, where it is asked for
};

}  // namespace eclair
