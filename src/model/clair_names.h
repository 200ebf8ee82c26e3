// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/advisory.h"

/// How Clair v4 calls what we call otherwise: feeds, namespaces, products.
/// source: quay/claircore: */releases.go, */updater.go, */factory.go, toolkit/types/cpe (2026)
namespace eclair {

/// The members of Clair's Distribution that say anything.
struct ClairDistribution {
  std::string did, name, version, version_code_name, version_id, cpe, pretty_name;
  bool operator==(const ClairDistribution&) const = default;
};

struct ClairRepository {
  std::string name, key, uri, cpe;
};

/// The updater whose operation a row belongs to: "ubuntu/updater/jammy". "" : Clair has none for this feed and namespace.
/// record: the row's, which tells the year of an erratum of Oracle's.
std::string clair_updater(std::string_view feed, std::string_view name_space, std::string_view record);
/// Whether rows of several namespaces belong to one of the feed's updaters.
bool clair_updater_spans(std::string_view feed);
/// The feed that an updater speaks for: "redhat-vex" of "rhel-vex". "": none of ours.
std::string_view feed_of_clair_updater(std::string_view updater);

/// All empty for a namespace that is no distribution.
ClairDistribution clair_distribution(std::string_view name_space);
/// The namespace of a distribution, in whichever of the spellings of its time. "": none that we know.
/// SUSE's releases without a service pack stand for all packs of a major release: "".
std::string namespace_of_clair(const ClairDistribution& distribution);

/// Of a language ecosystem ("pypi"); an empty name: Clair has none.
ClairRepository clair_repository(std::string_view name_space);
/// "pypi" of a repository's name; "": no language ecosystem of Clair's.
std::string_view namespace_of_clair_repository(std::string_view name);

/// "cpe:2.3:a:redhat:rhel_eus:9.4:*:appstream:*:*:*:*:*" of "cpe:/a:redhat:rhel_eus:9.4::appstream"; "" when it is no CPE in URI form.
std::string cpe_formatted(std::string_view uri);
/// The other way round. A CPE in URI form passes as it is.
std::string cpe_uri(std::string_view formatted);

}  // namespace eclair
