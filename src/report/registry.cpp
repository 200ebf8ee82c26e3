// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"
#include "util/text.h"

namespace eclair::report {

#define ECLAIR_REPORT(name) const Format& name();
namespace format {
#include "report/reports.def"
}
#undef ECLAIR_REPORT

std::span<const Format* const> formats() {
#define ECLAIR_REPORT(name) &format::name(),
  static const Format* const kAll[] = {
#include "report/reports.def"
  };
#undef ECLAIR_REPORT
  return kAll;
}

const Format* find_format(std::string_view word) {
  for (const Format* const format : formats()) {
    if (format->id == word) return format;
    for (const std::string_view alias : text::words(format->aliases)) {
      if (alias == word) return format;
    }
  }
  return nullptr;
}

}  // namespace eclair::report
