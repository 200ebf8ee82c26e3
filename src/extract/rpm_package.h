// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/package.h"

namespace eclair::extract {

/// The fields of an rpm package as its database has them; "(none)" counts as "".
struct RpmFields {
  std::string_view name;
  std::string_view epoch;            ///< "" = the package names none; "0" is kept, since rpm prints it too
  std::string_view version_release;
  std::string_view arch;
  std::string_view source_rpm;       ///< file name of the source package
  std::string_view vendor;
  std::string_view modularity_label; ///< name:stream:version:context
};

/// Source name and version stay empty where they equal the package's own (model/package.h).
PackageVersion to_package(const RpmFields& fields);

/// Name and version-release of "bash-5.1.8-4.el9.src.rpm" (or ".nosrc.rpm"), split from the right since names have hyphens; the
/// epoch is not part of it. Both empty when it is no such name.
struct SourceRpm {
  std::string_view name, version;
};
SourceRpm split_source_rpm(std::string_view file_name);

/// A short id of who built a package: "redhat", "centos", "fedora", ... for distributions, by the start of the vendor text; else a
/// word of it that is none of those ids ("docker", "fedora-copr"); "" = not said. Packages without a vendor whose release
/// contains "amzn" are Amazon's.
std::string rpm_vendor_id(std::string_view vendor, std::string_view release);

}  // namespace eclair::extract
