// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/image.h"
#include "model/inventory.h"
#include "util/byte_source.h"
#include "util/limits.h"
#include "util/result.h"

/// Reading of SBOMs that any tool made: lists of packages, which are judged as those of an image are.
///
/// Understood: CycloneDX 1.2 to 1.7 in JSON and XML; SPDX 2.2 and 2.3 in JSON and as tag-value, SPDX 3.0 in JSON; Syft's own JSON; and each of
/// them as the predicate of an in-toto statement, in a DSSE envelope or a Sigstore bundle (whose signature is not looked at).
/// A package is what its package URL says; where it came from in the image (layer, path, source package, builder) is taken from the
/// properties of Eclair, Trivy and Syft. What no document says is left open: a package has layer 0 where no layer is named for it.
namespace eclair::sbom {

struct Bom {
  Image image;           ///< kind "sbom"; source is the form ("CycloneDX 1.6"); layers as far as the document names them
  Inventory inventory;   ///< notes say what could not be used: components without a package URL, URLs that are none
};

/// Whether these bytes (some KiB from the beginning of a file) may be an SBOM or a wrapped one: JSON, XML or SPDX's tag-value.
bool may_be_sbom(std::string_view first_bytes);

/// errors: unsupported ("is a Trivy report, not an SBOM": completes a sentence that begins with the file's name; with a hint where there is a
/// way out), invalid_input (damaged), limit (sbom_bytes, packages, json_depth, xml_...).
Result<Bom> read(const ByteSource& in, const Limits& limits);

/// One package by its package URL ("pkg:deb/debian/zlib1g@1.2?distro=debian-12").
Result<Bom> read_purl(std::string_view url, const Limits& limits);
/// A list of them, one a line; empty lines and those that begin with "#" are passed over.
Result<Bom> read_purls(const ByteSource& in, const Limits& limits);

}  // namespace eclair::sbom
