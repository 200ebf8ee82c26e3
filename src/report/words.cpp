// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::report {
namespace words_detail {

constexpr std::size_t kMostLinkBytes = 1000;

bool is_web_address(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  return url.size() <= kMostLinkBytes && std::none_of(url.begin(), url.end(), [](char c) {
    return c <= ' ' || c > '~' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`';
  });
}

bool is_plain_id(std::string_view id) {
  return id.size() <= 80 && std::all_of(id.begin(), id.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-'; });
}

}  // namespace words_detail

std::string capitalised(Severity severity) {
  std::string out(name(severity));
  out[0] = static_cast<char>(out[0] - 32);
  return out;
}

std::string spoken(Status status) {
  std::string out(name(status));
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string fix_words(const Finding& finding) {
  if (!finding.fixed_in.empty()) return text::clean(finding.fixed_in, 200);
  switch (finding.status) {
    case Status::fix_deferred:
    case Status::will_not_fix:
    case Status::end_of_life:
    case Status::under_investigation:
      return "- " + spoken(finding.status);
    case Status::fixed:
    case Status::affected:
    case Status::unknown:
    case Status::not_affected:
      break;
  }
  return "- no fix";
}

std::string link_of(const Finding& finding) {
  for (const std::string& url : finding.text.urls) {
    if (words_detail::is_web_address(url)) return url;
  }
  const std::string& id = finding.vulnerability;
  if (!words_detail::is_plain_id(id)) return {};
  if (id.starts_with("CVE-")) return "https://www.cve.org/CVERecord?id=" + id;
  if (id.starts_with("GHSA-")) return "https://github.com/advisories/" + id;
  return {};
}

}  // namespace eclair::report
