// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/describe.h"

#include <algorithm>

#include "match/match.h"
#include "report/words.h"
#include "util/text.h"
#include "util/uuid.h"

namespace eclair::report {
namespace describe_detail {

/// Cleaned line by line.
std::string clean_lines(std::string_view text, std::size_t most_bytes) {
  std::string out;
  for (const std::string_view line : text::split(text.substr(0, most_bytes), '\n')) {
    if (!out.empty()) out += '\n';
    out += text::clean(text::trim(line), most_bytes);
  }
  return std::string(text::trim(out));
}

}  // namespace describe_detail

const Occurrence& occurrence_of(const Report& report, const Finding& finding) { return report.inventory.packages[finding.package]; }

const Os& os_of(const Report& report, const Occurrence& occurrence) {
  static const Os kNone;
  return occurrence.os < report.inventory.systems.size() ? report.inventory.systems[occurrence.os] : kNone;
}

std::string purl_of(const Report& report, const Occurrence& occurrence) { return match::purl(occurrence.package, os_of(report, occurrence)); }

const LayerInfo* layer_of(const Report& report, std::uint32_t index) {
  const auto at = std::find_if(report.image.history.begin(), report.image.history.end(), [&](const LayerInfo& one) { return !one.empty && one.index == index; });
  return index == 0 || at == report.image.history.end() ? nullptr : &*at;
}

std::string shortened(std::string_view utf8, std::size_t most) {
  std::size_t units = 0, fits = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const unsigned char first = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    units += size == 4 ? 2 : 1;
    if (units + 3 <= most) fits = i + size;
    if (units > most) return std::string(utf8.substr(0, fits)) + "...";
    i += size;
  }
  return std::string(utf8);
}

std::string title_of(const Report& report, const Finding& finding, std::size_t most) {
  std::string_view text = finding.text.title;
  if (text::trim(text).empty()) {
    text = text::trim(finding.text.description);
    text = text.substr(0, text.find('\n'));
    if (const std::size_t end = text.find(". "); end != std::string_view::npos) text = text.substr(0, end + 1);
  }
  if (text.empty()) return shortened(text::clean(finding.vulnerability + " in " + occurrence_of(report, finding).package.name, 1000), most);
  return shortened(text::clean(text::trim(text), 4 * most), most);
}

std::string description_of(const Report& report, const Finding& finding, std::size_t most) {
  const std::string text = describe_detail::clean_lines(finding.text.description, 8 * most);
  return text.empty() ? title_of(report, finding, most) : shortened(text, most);
}

bool is_web_url(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  const std::string_view rest = text.substr(text.find("//") + 2);
  if (rest.empty() || rest[0] == '/' || rest.size() > 2000) return false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '%') {
      const auto hex = [&](std::size_t k) { return k < rest.size() && (text::is_digit(rest[k]) || (text::lower(rest[k]) >= 'a' && text::lower(rest[k]) <= 'f')); };
      if (!hex(i + 1) || !hex(i + 2)) return false;
    } else if (!text::is_digit(c) && !text::is_alpha(c) && std::string_view("-._~:/?#@!$&'()*+,;=").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return std::count(rest.begin(), rest.end(), '#') <= 1;
}

std::vector<std::string> links_of(const Finding& finding) {
  std::vector<std::string> out;
  const auto add = [&](std::string url) {
    if (is_web_url(url) && std::find(out.begin(), out.end(), url) == out.end()) out.push_back(std::move(url));
  };
  for (const std::string& url : finding.text.urls) add(url);
  if (out.empty()) add(link_of(finding));
  return out;
}

std::string advice_of(const Report& report, const Finding& finding) {
  if (finding.fixed_in.empty()) return {};
  return "Upgrade " + text::clean(occurrence_of(report, finding).package.name, 200) + " to " + text::clean(finding.fixed_in, 200);
}

std::string document_uuid(const Report& report, std::string_view what) {
  const Image& image = report.image;
  // An image without a manifest is known by its configuration, a folder by its name alone.
  const std::string& subject = !image.digest.empty() ? image.digest.text : !image.config_digest.empty() ? image.config_digest.text : image.name;
  return uuid5(std::string(what) + ' ' + subject + ' ' + report.snapshot);
}

}  // namespace eclair::report
