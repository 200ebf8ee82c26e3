// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The XML reader: any bytes end in a walk within the bounds, or in an error that names the reason; a second walk says the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "util/xml.h"

namespace fuzz_xml_detail {

eclair::Result<> walk(eclair::xml::Reader& reader, std::uint32_t level, std::string& out) {
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) return {};
    if (reader.depth() != level + 1 || level >= 16) std::abort();
    out += std::string(reader.name()) + "=" + std::string(reader.attribute("id")) + ";";
    if (reader.name().size() % 2 == 0) {
      ECLAIR_TRY(const std::string text, reader.text());
      if (text.size() > 4096) std::abort();
      out += text;
    } else {
      ECLAIR_CHECK_OK(walk(reader, level + 1, out));
    }
  }
}

std::string all(const eclair::MemorySource& in) {
  eclair::Limits limits;
  limits.xml_depth = 16;
  limits.xml_text_bytes = 4096;
  eclair::xml::Reader reader(in, limits);
  std::string out;
  const auto done = walk(reader, 0, out);
  if (!done && done.error().text.find("xml: ") != 0) std::abort();
  return done ? out : out + done.error().text;
}

}  // namespace fuzz_xml_detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const eclair::MemorySource in(std::string(reinterpret_cast<const char*>(data), size));
  if (fuzz_xml_detail::all(in) != fuzz_xml_detail::all(in)) std::abort();
  return 0;
}
