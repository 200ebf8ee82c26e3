// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/bytes.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair {

/// What a source says of one package. stored: never renumber.
enum class Status : std::uint8_t {
  unknown = 0,
  fixed = 1,                ///< affected below a version that exists
  affected = 2,             ///< affected, no fix yet
  fix_deferred = 3,
  will_not_fix = 4,
  end_of_life = 5,
  under_investigation = 6,  ///< not reported; the row is kept
  not_affected = 7,         ///< suppresses wider rows
};
std::string_view name(Status status);          ///< "will_not_fix"
bool parse(std::string_view word, Status& to);

/// stored: never renumber.
enum class Severity : std::uint8_t { unknown = 0, negligible = 1, low = 2, medium = 3, high = 4, critical = 5 };
std::string_view name(Severity severity);      ///< "high"
/// Words of this field in any case, also "moderate", "important", "defcon1". false: none of them.
bool parse(std::string_view word, Severity& to);

/// Which names of a package a row speaks of. stored: never renumber.
enum class NameKind : std::uint8_t { source = 0, binary = 1, both = 2 };

/// One event of an OSV-like range. stored: never renumber.
enum class Bound : std::uint8_t { introduced = 0, fixed = 1, last_affected = 2, limit = 3 };

/// Versions that are affected. Empty `introduced` = from the beginning; `upper` empty = no end.
struct Range {
  std::string introduced;       ///< inclusive
  std::string upper;
  bool upper_inclusive = false; ///< last_affected instead of fixed
  bool semver = false;          ///< compare by semver whatever the namespace's scheme is (OSV type SEMVER)
  bool operator==(const Range&) const = default;
};

/// One source's word on one package in one namespace: a row of a chunk.
struct Advisory {
  std::string vulnerability;         ///< primary id: CVE where there is one
  std::vector<std::string> aliases;  ///< the same flaw under other names
  std::vector<std::string> references; ///< ids of the notices that carry it: DSA-..., RHSA-...
  std::string record;                ///< id of the record in its source; "" = the vulnerability's
  Status status = Status::unknown;
  NameKind name_kind = NameKind::source;
  Severity severity = Severity::unknown;  ///< the source's own word for this package
  std::string severity_word;              ///< verbatim; "" = none
  std::string fixed_in;                   ///< the version to show; "" = none
  std::vector<Range> ranges;              ///< any of them; none and no versions: every version (for status other than fixed)
  std::vector<std::string> versions;      ///< affected exactly
  std::vector<std::string> arches;        ///< sorted; none = any
  std::string module;                     ///< "name:stream"; "" = rows for packages outside modules
  std::vector<std::string> cpes;          ///< sorted; none = the whole namespace
  std::string reason;                     ///< why this status, in the source's words (nodsa, justification)
  bool operator==(const Advisory&) const = default;
};

/// An entry of a list of what is known to be exploited (KEV).
struct Exploited {
  UnixTime added = 0, due = 0;  ///< when it was listed; by when US agencies must act; 0 = not said
  bool ransomware = false;      ///< known to be used for it
  bool operator==(const Exploited&) const = default;
};

/// How likely it is to be exploited within 30 days (EPSS). Never a severity.
struct Epss {
  double score = 0;             ///< a probability, 0 to 1
  double percentile = -1;       ///< share of vulnerabilities with this score or less, 0 to 1; negative = not said
  UnixTime date = 0;            ///< of the model's run; 0 = not said
  bool operator==(const Epss&) const = default;
};

/// What only clients of the old APIs say of a vulnerability.
struct GivenText {
  std::string metadata;         ///< a JSON object as text; "" = none
  std::string severity_word;    ///< "Defcon1", which is beyond our severities; "" = nothing
  bool operator==(const GivenText&) const = default;
};

/// What is known of a vulnerability apart from packages; once per (feed, vulnerability).
struct VulnerabilityText {
  std::string id;
  std::string title, description;
  std::vector<std::string> urls;
  struct Cvss {
    std::string version;  ///< "2.0", "3.1", "4.0"
    std::string vector;
    double score = -1;    ///< negative = not said
    std::string source{}; ///< who scored, where the feed passes on what others said ("security-advisories@github.com")
    bool operator==(const Cvss&) const = default;
  };
  std::vector<Cvss> cvss;
  Severity severity = Severity::unknown;  ///< for the vulnerability as a whole
  std::vector<std::string> cwes;
  UnixTime published = 0, modified = 0;   ///< 0 = not said
  std::optional<Exploited> exploited;
  std::optional<Epss> epss;
  /// What a client of an API gave: it stands in place of what others say.
  std::optional<GivenText> given;
  bool operator==(const VulnerabilityText&) const = default;
};

/// Namespace of the rows of feeds that speak of vulnerabilities and not of packages (NVD, EPSS, KEV). No package is in it; a row there
/// says that the feed has a text of the vulnerability.
inline constexpr std::string_view kVulnerabilitySpace = "cve";

/// The feed of what clients of the old APIs wrote. Its rows decide before all others', the distribution's own included. Its texts are of a
/// vulnerability in a namespace: their id is given_record().
inline constexpr std::string_view kGivenFeed = "api";
/// The package of its rows that say that a vulnerability is there, whatever it affects: no package has that name.
inline constexpr std::string_view kGivenPackage = "*";
/// The record of its rows: "debian:8/CVE-2024-1".
std::string given_record(std::string_view name_space, std::string_view vulnerability);

/// Stored forms: docs/design/encodings.md. decode(encode(x)) == x; equal values give equal bytes. A fault is in.ok() == false.
void encode(const Advisory& advisory, Encoder& out);
Advisory decode_advisory(Decoder& in);
void encode(const VulnerabilityText& text, Encoder& out);
VulnerabilityText decode_vulnerability(Decoder& in);

/// A chunk holds the open rows of one (feed, namespace, package), at most kChunkBytes before packing; a larger row is a chunk alone.
inline constexpr std::size_t kChunkBytes = 64u << 10;
inline constexpr std::size_t kMaxRowBytes = 64u << 20;  ///< of one encoded row; a chunk that claims more is damaged
std::vector<std::string> encode_chunks(const std::vector<Advisory>& rows);   ///< sorted by vulnerability, record; any order in
/// Appends the rows of one chunk. errors: invalid_input, unsupported.
Result<> decode_chunk(std::string_view chunk, std::vector<Advisory>& into);

/// The same without making Advisories, for a store that sorts and compares encoded rows.
/// The names of an encoded row; views into it. false: not a row.
struct RowNames {
  std::string_view vulnerability, record;
  std::vector<std::string_view> others;  ///< aliases, then references
};
bool row_names(std::string_view encoded_row, RowNames& to);
/// vulnerability, record, then bytes.
bool row_before(std::string_view encoded_a, std::string_view encoded_b);
std::vector<std::string> pack_rows(const std::vector<std::string_view>& encoded_rows);  ///< in the order given
/// Appends the encoded rows of one chunk, without looking into them. errors: as decode_chunk.
Result<> unpack_rows(std::string_view chunk, std::vector<std::string>& into);

}  // namespace eclair
