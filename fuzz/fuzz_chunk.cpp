// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "model/layer_record.h"

// Stored rows may be damaged: whatever the bytes, they are read or refused, and what was read is written and read again the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      std::vector<Advisory> rows;
      if (!decode_chunk(bytes, rows)) return 0;
      std::vector<Advisory> again;
      const std::vector<std::string> chunks = encode_chunks(rows);
      for (const std::string& chunk : chunks) {
        if (!decode_chunk(chunk, again)) std::abort();
      }
      if (encode_chunks(again) != chunks) std::abort();
      std::vector<std::string> raw;
      if (!unpack_rows(bytes, raw) || raw.size() != rows.size()) std::abort();
      for (std::size_t i = 0; i < raw.size(); ++i) {
        RowNames names;
        if (!row_names(raw[i], names) || names.vulnerability != rows[i].vulnerability || names.record != rows[i].record) std::abort();
      }
      return 0;
    }
    case 3: {
      Decoder decoder(bytes);
      const VulnerabilityText text = decode_vulnerability(decoder);
      if (!decoder.ok()) return 0;
      Encoder once, twice;
      encode(text, once);
      Decoder back(once.bytes());
      encode(decode_vulnerability(back), twice);
      if (!back.ok() || once.bytes() != twice.bytes()) std::abort();  // bytes, for a score may be no number
      return 0;
    }
    case 1: {
      const auto record = decode_layer_record(bytes);
      if (!record) return 0;
      const auto again = decode_layer_record(encode(*record));
      if (!again || !(*again == *record)) std::abort();
      return 0;
    }
    default: {
      const PathList list{std::string(bytes)};
      (void)list.each([](PathKind, std::string_view, std::string_view) {});
      return 0;
    }
  }
}
