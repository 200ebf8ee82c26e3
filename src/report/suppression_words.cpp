// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/suppression_words.h"

#include "util/text.h"

namespace eclair::report {

std::string place_words(const Suppression& by) {
  return text::clean(by.file, 200) + (by.line > 0 ? ":" + std::to_string(by.line) : "");
}

std::string reason_words(const Suppression& by) {
  std::string out = text::clean(by.status.empty() ? by.kind : by.status, 60);
  if (!by.justification.empty()) out += " (" + text::clean(by.justification, 80) + ")";
  if (!by.reason.empty()) out += ": " + text::clean(by.reason, 300);
  if (!by.expires.empty()) out += ", until " + text::clean(by.expires, 40);
  return out;
}

}  // namespace eclair::report
