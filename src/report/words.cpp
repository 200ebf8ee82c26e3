// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <algorithm>
#include <cstdio>

#include "report/classic/vulnerability_link.h"
#include "report/told.h"
#include "util/digest.h"
#include "util/text.h"

namespace eclair::report {
namespace words_detail {

constexpr std::size_t kMostLinkBytes = 1000;
/// Characters of a URL that end nothing around it, neither in HTML nor in Markdown nor in a table nor on a terminal.
constexpr std::string_view kUrlKeeps = "!#$%&*+,-./:;=?@_~";

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

std::string fix_state(const Finding& finding) {
  const std::string words = fix_words(finding);
  return finding.fixed_in.empty() ? words.substr(2) : "fixed in " + words;
}

std::string advice(const Report& report, const Finding& finding) {
  const std::string name = text::clean(occurrence_of(report, finding).package.name, 200);
  if (!finding.fixed_in.empty()) return "Upgrade " + name + " to " + text::clean(finding.fixed_in, 200) + ".";
  switch (finding.status) {
    case Status::fix_deferred: return "The fix of " + name + " is deferred.";
    case Status::will_not_fix: return "Its maintainers will not fix this in " + name + ".";
    case Status::end_of_life: return name + " is past its end of life: move to a release that is supported.";
    case Status::under_investigation: return "Its maintainers are looking into it.";
    case Status::fixed:
    case Status::affected:
    case Status::unknown:
    case Status::not_affected: break;
  }
  return "There is no fixed version of " + name + " yet.";
}

std::string link_of(const Finding& finding) {
  const std::string_view feed = finding.text.given ? kGivenFeed : finding.evidence.empty() ? std::string_view{} : std::string_view(finding.evidence[0].feed);
  const std::string_view name_space = finding.evidence.empty() ? std::string_view{} : std::string_view(finding.evidence[0].name_space);
  std::string out = safe_url(vulnerability_link(feed, name_space, finding.vulnerability, finding.text.urls));
  return out.empty() ? "https://osv.dev/vulnerability/" + text::percent_encode(finding.vulnerability) : out;
}

std::string safe_url(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
  std::string out = text::percent_encode(url, words_detail::kUrlKeeps);
  return out.size() > words_detail::kMostLinkBytes ? std::string() : out;
}

std::string title_of(const Finding& finding, std::size_t max_bytes) {
  if (!finding.text.title.empty()) return text::clean(finding.text.title, max_bytes);
  std::string_view all = text::trim(finding.text.description);
  all = all.substr(0, all.find('\n'));
  const std::size_t end = all.find(". ");
  return text::clean(all.substr(0, end), max_bytes);
}

std::string description_of(const Finding& finding, std::size_t max_bytes) {
  return text::clean(text::trim(finding.text.description.empty() ? finding.text.title : finding.text.description), max_bytes);
}

std::string_view origin_of(const Report& report, std::uint32_t layer) {
  if (!report.base || layer == 0) return {};
  return in_base(report, layer) ? "base" : "own";
}

std::string os_name(const Os& os) {
  if (!os) return "unknown distribution";
  if (!os.pretty.empty()) return text::clean(os.pretty, 80);
  return text::clean(os.id + (os.version.empty() ? "" : " " + os.version), 80);
}

std::string repository_of(std::string_view image_name) {
  image_name = image_name.substr(0, image_name.find('@'));
  const std::size_t slash = image_name.rfind('/');
  const std::size_t colon = image_name.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && (slash == std::string_view::npos || colon > slash)) image_name = image_name.substr(0, colon);
  return text::clean(image_name, 300);
}

std::string command_of(const Report& report, std::uint32_t layer, std::size_t max_bytes) {
  const LayerInfo* const found = layer_of(report, layer);
  return found == nullptr ? std::string() : text::clean(found->created_by, max_bytes);
}

std::string decimal(double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.5f", std::clamp(value, -1e9, 1e9));
  std::string out = buffer;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string minute(UnixTime t) {
  const std::string whole = rfc3339(t);  // "2026-08-21T05:40:00Z"
  return whole.substr(0, 10) + " " + whole.substr(11, 5) + " UTC";
}

std::string day(UnixTime t) { return t == 0 ? std::string() : rfc3339(t).substr(0, 10); }

std::string uuid_of(std::string_view text) {
  std::string hex(sha256(text).hex().substr(0, 32));
  hex[12] = '8';
  hex[16] = "89ab"[hex[16] % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace eclair::report
