// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::match {

/// What is known of the distributions (and language ecosystems) that packages are judged for: one line each, in families.cpp.
struct Family {
  std::string_view id;       ///< os-release ID, or the name of an ecosystem; a namespace is "id" or "id:release"
  std::string_view type;     ///< of its packages: "deb"; packages of other types are never matched with its advisories
  std::string_view scheme;   ///< of its versions
  std::string_view feeds;    ///< ids of the feeds that are the distribution's own word, blank-separated
  std::string_view vendors;  ///< who builds its own packages, blank-separated; "" = vendors mean nothing here
  bool own_unfixed = true;   ///< its own feed lists vulnerabilities without a fix too
  bool osv_unfixed = true;   ///< so do its OSV records
  std::string_view remark{};  ///< what a reader must know of its sources; "" = nothing
};

/// The family of a namespace: what stands before the colon. nullptr: none.
const Family* find_family(std::string_view name_space);
/// The language ecosystem that packages of this type come from. nullptr: none, or a system type.
const Family* find_ecosystem(std::string_view type);
/// Whether any family has packages of this type; there is nothing to judge others with.
bool has_family(std::string_view type);
/// Whether packages of this type belong to a distribution, rather than to a language.
bool is_system_type(std::string_view type);
/// Whether `feed` is the distribution's own word.
bool is_own_feed(const Family& family, std::string_view feed);
/// Whether a package of this vendor is the distribution's own. An unknown vendor ("") is: most databases do not say.
bool is_own_vendor(const Family& family, std::string_view vendor);
/// Whether silence of `feed` says nothing about unfixed vulnerabilities.
bool lists_fixes_only(const Family& family, std::string_view feed);

}  // namespace eclair::match
