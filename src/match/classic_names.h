// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// How Clair's API of generations 0 and 1 spells namespaces. One table, classic_names.cpp.
namespace eclair::match {

/// "centos:7" of "rhel:7", "oracle:8" of "ol:8", "amzn:2018.03" of "amzn:1"; what is spelled alike passes as it is. "" stays "".
std::string classic_name_space(std::string_view ours);
/// The other way round: "rhel:7" of "centos:7". A name of a client's own passes as it is, but for those of our namespaces that hold no
/// packages ("cve"), which nobody can mean: they get the prefix "client:". our_name_space(classic_name_space(n)) == n for every namespace.
std::string our_name_space(std::string_view classic);
/// Whether packages or clients can be in it, so that it is shown: not of namespaces that hold no packages.
bool has_classic_name(std::string_view ours);
/// "dpkg" or "rpm", and what we have beyond Clair in our own words ("pacman", "pep440"). Alpine's is "dpkg", as Clair says. A namespace of a
/// client's own has the one that Clair guesses from its name.
std::string_view classic_version_format(std::string_view classic);

}  // namespace eclair::match
