// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/image.h"
#include "model/inventory.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair::match {

struct MatchOptions {
  UnixTime now = 0;
  UnixTime max_age_seconds = 5 * 86400;  ///< older data of a needed feed: coverage "stale"
  bool offline = false;                  ///< only changes the words of "no_data"
};

/// The end of a release's security support.
struct EndOfLife {
  std::string date;        ///< "2028-06-30"
  bool past = false;
};

struct MatchResult {
  std::vector<Finding> findings;   ///< severity (worst first), id, package, path
  std::vector<Coverage> coverage;  ///< what could not be judged, or only with a reservation
  std::optional<EndOfLife> eol;    ///< of the image's own distribution, where we know it
};

/// Judges every package of an image by what the store knows. Reads, writes nothing.
/// errors: unavailable (the store), cancelled. What cannot be judged is coverage, not an error.
Result<MatchResult> match_image(const Inventory& inventory, store::AdvisoryStore& advisories, const MatchOptions& options, const Cancel& stop);

/// The namespace in which a distribution's packages and advisories meet: "debian:12", "alpine:v3.19", "rhel:9".
/// "" when the distribution or its release is unknown.
std::string name_space(const Os& os);
/// The namespace in which one package of such an image is judged: its ecosystem for language packages ("pypi", "go"), else
/// the distribution's. "" when there is none: unknown distribution, or a type that no source speaks of.
std::string name_space(const PackageVersion& package, const Os& os);
/// The namespace of a distribution that we know nothing of, as Clair would call it: "scientific:7"; "" without id or version. Its packages
/// are judged there once a client has written advisories for it.
std::string client_name_space(const Os& os);
/// The namespaces of channels whose rows hold for a package beside those of its own: "ubuntu:18.04:esm-infra", where its image is attached to
/// that service of Ubuntu Pro. `name_space`: of the package. What the services do to other versions (FIPS, Realtime) is not followed.
std::vector<std::string> channels_of(const Occurrence& occurrence, std::string_view name_space);
/// Whether it is CentOS Stream, which calls itself "centos" as CentOS Linux did, and comes before Red Hat's releases instead of after them.
bool is_centos_stream(const Os& os);
/// The namespace whose "packages" are Red Hat's repositories, each with a row that lists the CPEs of the products it belongs to.
inline constexpr std::string_view kRedhatRepositories = "redhat-repositories";
/// The version scheme of a package type or namespace ("deb" and "debian:12" are "dpkg"); "" = none known.
std::string_view scheme_of(std::string_view name_space);

/// When security support of a release that anybody gets for free ends or ended (Debian: with LTS; Ubuntu: without ESM; the
/// Enterprise Linuxes: without paid extensions). nullopt: not known, or a rolling release. The day itself is still supported.
std::optional<EndOfLife> end_of_life(const Os& os, UnixTime now);

/// The two functions that the report and the reverse look-up share.
/// Judges one occurrence against rows of one namespace (any feeds, any vulnerabilities). Rows that suppress, suppress here.
/// Findings have neither layer nor text nor id yet; one for each vulnerability, sorted by it. The rules: judge.cpp. Pure.
std::vector<Finding> judge(const Occurrence& occurrence, std::string_view name_space, const std::vector<store::AdvisoryRow>& rows);
/// The same with what else is known of flaws that the rows name without a CVE. Some sources list a flaw under a CVE and under an id of another
/// scheme, and do not say that the two are one (secdb): `names` tells what an id is called elsewhere (known_names()), and then it is one finding.
/// errors: those of `names`.
using NamesOf = std::function<Result<std::vector<std::string>>(const std::string& id)>;
Result<std::vector<Finding>> judge(const Occurrence& occurrence, std::string_view name_space, const std::vector<store::AdvisoryRow>& rows,
                                   const NamesOf& names);
/// The names that a flaw goes by, as any feed tells them for any package, sorted; none where nobody has it. Who asks where a flaw is, looks
/// for rows of all of them.
Result<std::vector<std::string>> known_names(store::AdvisoryStore& advisories, const std::string& id);
/// The names under which a package's advisories are looked up, source first, without repeats.
std::vector<std::string> lookup_names(const PackageVersion& package);

/// The CVSS scoring in force: the newest version's, of those that have a number; the first one told of equals. nullptr: none has one.
const VulnerabilityText::Cvss* cvss_of(const VulnerabilityText& text);
/// What a text says of how bad it is: its word, else the newest CVSS scoring that has a number.
Severity severity_of(const VulnerabilityText& text);

/// A package URL in its canonical form; only characters that are safe in an URL, whatever the package calls itself.
/// "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12"  source: ECMA-427 (package-url/purl-spec): a colon is never encoded
std::string purl(const PackageVersion& package, const Os& os);
/// The package URL of an image, by the digest of its manifest: "pkg:oci/debian@sha256:...?arch=amd64&repository_url=docker.io%2Flibrary%2Fdebian&tag=12".
/// "" where there is no such digest.
std::string oci_purl(const Image& image);

}  // namespace eclair::match
