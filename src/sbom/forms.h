// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sbom/builder.h"
#include "util/byte_source.h"
#include "util/json.h"
#include "util/limits.h"
#include "util/result.h"

/// One function a form. Each tells the builder what the document says.
/// errors of all: invalid_input (not such a document), limit.
namespace eclair::sbom {

/// source: CycloneDX/specification, bom-1.2 to bom-1.7 (JSON Schema, XSD)
Result<> read_cyclonedx(json::Value root, Builder& into);
Result<> read_cyclonedx_xml(const ByteSource& in, const Limits& limits, Builder& into);
/// source: SPDX specification 2.2 and 2.3 (JSON, tag-value), 3.0.1 (JSON-LD)
Result<> read_spdx(json::Value root, Builder& into);
Result<> read_spdx_tag_value(const ByteSource& in, const Limits& limits, Builder& into);
Result<> read_spdx3(json::Value root, Builder& into);
/// source: anchore/syft, schema/json (1 to 16)
Result<> read_syft(json::Value root, Builder& into);

/// "built package from: zlib 1:1.2.13", as Trivy writes it.
void take_source_info(std::string_view text, Part& part);

}  // namespace eclair::sbom
