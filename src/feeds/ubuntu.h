// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/feed.h"
#include "model/advisory.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

/// What the readers of Ubuntu's three forms share.
namespace eclair::feeds {

/// Whose package it is. Base packages are everybody's; a channel's ("esm-infra", "fips-updates") come with a subscription, and are
/// versions of their own.
struct UbuntuPlace {
  std::string release;  ///< "22.04"; of a release whose number we do not know, its codename
  std::string channel;  ///< "" = the release itself
  bool operator==(const UbuntuPlace&) const = default;
  bool operator<(const UbuntuPlace& o) const { return release != o.release ? release < o.release : channel < o.channel; }
  std::string name_space() const { return "ubuntu:" + release + (channel.empty() ? "" : ":" + channel); }
};

/// "jammy", "esm-apps/jammy", "trusty/esm". false: no release ("upstream", "devel", "snap").
bool ubuntu_place_of_suite(std::string_view suite, UbuntuPlace& to);
/// "Ubuntu:22.04:LTS", "Ubuntu:Pro:FIPS-updates:22.04:LTS". false: none of Ubuntu's.
bool ubuntu_place_of_ecosystem(std::string_view ecosystem, UbuntuPlace& to);

/// What is said of one source package in one place.
struct UbuntuEntry {
  UbuntuPlace place;
  std::string package;
  Status status = Status::unknown;  ///< unknown: the package is not there at all
  std::string fixed_in;
  std::vector<Range> ranges;
  std::vector<std::string> versions;
  std::string reason;
  Severity severity = Severity::unknown;
  std::string severity_word;
};

/// Gives the rows of one flaw. A release that has no fix while its paid maintenance (ESM) has one will get none: its packages are
/// affected below ESM's version, and that is said.
Result<> emit_ubuntu(const std::string& flaw, const std::vector<std::string>& aliases, const std::vector<std::string>& notices,
                     std::vector<UbuntuEntry> entries, AdvisorySink& out);

/// A file of the tracker as text (active/CVE-...).
Result<> read_ubuntu_tracker(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out);
/// A document in OpenVEX form.
Result<> read_ubuntu_vex(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out);

}  // namespace eclair::feeds
