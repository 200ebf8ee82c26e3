// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "feeds/feed.h"
#include "util/limits.h"
#include "util/time.h"

namespace eclair::feeds {

/// A notice of an rpm distribution: the builds that fix some flaws (ALSA, RLSA, ...). It becomes a row for each flaw and package,
/// with the architectures and the module that it speaks of; the flaw's names are CVEs, the notice is their reference.
class RpmNotice {
 public:
  struct Flaw {
    std::string id;                 ///< a CVE; without any, the notice is its own
    std::vector<std::string> urls;
    std::vector<VulnerabilityText::Cvss> cvss;
    std::vector<std::string> cwes;
  };
  std::string id;                        ///< "ALSA-2024:1234"
  std::vector<std::string> references;   ///< other notices that it repeats ("RHSA-2024:1234")
  std::string severity_word;             ///< of the notice as a whole; "None" is none
  std::string title, description;
  std::vector<std::string> urls;
  UnixTime published = 0, modified = 0;
  std::vector<Flaw> flaws;

  /// A build that has the fixes. evr: [epoch:]version-release; an epoch of 0 is left out. arch: as rpm calls it. Source packages
  /// are passed over, since binaries are told one by one; so are debugging symbols, which no program runs.
  /// false: nameless, or not a build's version; nothing was added.
  bool add(std::string_view name_space, std::string_view name, std::string_view evr, std::string_view arch, std::string_view module);
  bool has_builds() const { return !builds_.empty(); }

  /// Gives rows and texts. Of several builds of one package for one minor release the lowest is the fix; those of other minor releases
  /// (version/rpm_branch.h) stay rows of their own.
  /// errors: limit (feed_record_rows), cancelled, those of the sink.
  Result<> emit(const Limits& limits, const Cancel& stop, AdvisorySink& out);

 private:
  struct Key {
    std::string name_space, name, module, arch, branch;
    bool operator<(const Key& o) const {
      return std::tie(name_space, name, module, arch, branch) < std::tie(o.name_space, o.name, o.module, o.arch, o.branch);
    }
  };
  std::map<Key, std::string> builds_;  ///< the lowest version of each
};

/// A build's file name in its parts, views into it; all empty when it is none.
struct RpmBuild {
  std::string_view name, evr, arch;
};
RpmBuild rpm_build_of(std::string_view nevra);  ///< "bind-libs-32:9.16.23-1.el9.x86_64.rpm"

/// "name:stream" of a label that may go on ("nodejs:18:9010020221207131845:8cf767d6:i686"); "" when it is none.
std::string_view module_of_label(std::string_view label);
/// The modules that a title names: "virt:rhel and virt-devel:rhel security update" gives two. Sorted, each once.
std::vector<std::string> modules_of_title(std::string_view title);
/// Whether a release is that of a module's build: ".module+el8.9.0+..." or ".module_el9.1.0+...".
bool is_module_build(std::string_view evr);

}  // namespace eclair::feeds
