// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/recent.h"

#include <algorithm>

#include "cli/output.h"
#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace recent_detail {

constexpr std::uint64_t kMostFileBytes = 64u << 10;
constexpr std::size_t kMostNameBytes = 300;

std::string images_file(const std::string& folder) { return folder + "/recent-images"; }
std::string suggestions_file(const std::string& folder) { return folder + "/suggestions"; }

std::string content(const std::string& file) {
  auto opened = FileSource::open(file);
  if (!opened) return {};
  auto bytes = read_all(**opened, kMostFileBytes);
  return bytes ? *std::move(bytes) : std::string();
}

bool is_fit(std::string_view image) {
  return !image.empty() && image != "-" && image.size() <= kMostNameBytes && text::clean(image, kMostNameBytes) == image;
}

}  // namespace recent_detail

std::vector<std::string> recent_images(const std::string& folder) {
  std::vector<std::string> out;
  const std::string bytes = recent_detail::content(recent_detail::images_file(folder));
  for (const std::string_view line : text::split(bytes, '\n')) {
    const bool known = std::find(out.begin(), out.end(), line) != out.end();
    if (recent_detail::is_fit(line) && !known && out.size() < kMostRecent) out.emplace_back(line);
  }
  return out;
}

void remember_image(const std::string& folder, std::string_view image) {
  if (!recent_detail::is_fit(image)) return;
  std::vector<std::string> all = recent_images(folder);
  if (!all.empty() && all.front() == image) return;
  std::erase(all, image);
  all.insert(all.begin(), std::string(image));
  all.resize(std::min(all.size(), kMostRecent));
  (void)write_file(recent_detail::images_file(folder), text::join(all, "\n") + "\n");
}

std::uint64_t suggestions_made(const std::string& folder) {
  return text::parse_number(text::trim(recent_detail::content(recent_detail::suggestions_file(folder)))).value_or(0);
}

void count_suggestion(const std::string& folder) {
  (void)write_file(recent_detail::suggestions_file(folder), std::to_string(suggestions_made(folder) + 1) + "\n");
}

}  // namespace eclair::cli
