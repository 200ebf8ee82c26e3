// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/package.h"

namespace eclair {

void encode(const PackageVersion& p, Encoder& out) {
  for (const std::string* field : {&p.type, &p.name, &p.version, &p.arch, &p.source_name, &p.source_version, &p.module, &p.vendor}) out.text(*field);
}

PackageVersion decode_package(Decoder& in) {
  PackageVersion p;
  for (std::string* field : {&p.type, &p.name, &p.version, &p.arch, &p.source_name, &p.source_version, &p.module, &p.vendor}) *field = in.text();
  return p;
}

}  // namespace eclair
