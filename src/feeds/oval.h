// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

/// OVAL definitions about rpm packages, as Oracle, SUSE and Microsoft publish them. What a publisher's words mean is its feed's business.
/// source: OVALProject/Language: schemas/oval-definitions-schema.xsd, linux-definitions-schema.xsd (5.11)
namespace eclair::feeds::oval {

/// What the criteria around a claim demand.
struct Context {
  std::vector<std::string> products;  ///< any of them is installed: "SUSE Linux Enterprise Server 15 SP5"; none: not said
  std::vector<std::string> arches;    ///< sorted; none = any
  std::string module;                 ///< "nodejs:18"; "" = none
};

/// A package is vulnerable when its version lies between the bounds. A missing bound is "".
struct Claim {
  std::string package;
  std::string above, below;  ///< versions, [epoch:]version[-release], "0:" left out
  bool above_inclusive = false, below_inclusive = false;
  bool never = false;               ///< compared with version 0: the publisher's way to say "not affected"
  std::vector<std::string> arches;  ///< of the test itself; sorted; none = any
  std::size_t context = 0;          ///< in Definition::contexts
};

struct Definition {
  std::string id, kind;  ///< kind: the attribute class, "patch", "vulnerability"
  std::string title, description;
  std::vector<std::string> platforms;
  struct Reference {
    std::string source, id;
  };
  std::vector<Reference> references;
  std::string severity, issued, updated;
  std::string patchable, advisory_date;  ///< Microsoft's
  struct Cve {
    std::string text, href, impact, cvss3, cvss2;  ///< text: the element's content, "CVE-2024-1 at SUSE"
  };
  std::vector<Cve> cves;
  std::vector<Context> contexts;
  std::vector<Claim> claims;
  std::vector<std::string> faults;  ///< what of the criteria was not understood
};

/// Reads a document twice: first what definitions refer to (tests, objects, states), which follows them, then the definitions, one at a
/// time. Held meanwhile: the former, at most Limits::feed_index_bytes, and one definition, at most Limits::feed_member_bytes.
/// errors: invalid_input (no OVAL, not well-formed), limit, cancelled, and those of `each`.
Result<> read(const ByteSource& in, const Limits& limits, const Cancel& stop, const std::function<Result<>(Definition&)>& each);

/// "1:2-3" of "1:2-3", "2-3" of "0: 2-3" and "(none):2-3".
std::string plain_evr(std::string_view evr);

/// Whether a text is a CVE's id, "CVE-2024-1".
bool is_cve(std::string_view id);

/// "7.5/CVSS:3.1/AV:N/..." taken apart. false: not of that form, or no score.
bool split_cvss(std::string_view both, double& score, std::string& vector);

}  // namespace eclair::feeds::oval
