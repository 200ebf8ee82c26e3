// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report.h"

/// What bills of materials of all forms say beyond their own fields, in properties of ours. src/sbom reads them again.
namespace eclair::report {

using Properties = std::vector<std::pair<std::string, std::string>>;

/// Of a package: eclair:type, layer:index, layer:digest, layer:diff_id, source:name, source:version, vendor, module, path, repository, cpe.
Properties package_properties(const Report& report, const Occurrence& occurrence);
/// Of the image: eclair:image:config_digest, and eclair:image:diff_id for each layer from the base up.
Properties image_properties(const Report& report);
/// Of the distribution: eclair:distribution:id and version.
Properties system_properties(const Os& os);
/// Of the document: by which advisories it was judged, and what could not be.
Properties document_properties(const Report& report);

/// Whether anybody looked for vulnerabilities: a list of packages alone must not be taken for a clean bill.
bool was_judged(const Report& report);

}  // namespace eclair::report
