// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/event_reader.h"

#include "util/text.h"

namespace eclair::cli {

Result<> EventReader::line(std::string_view line, const EventFn& event) {
  if (line.empty()) {
    if (!id_.empty()) last_id_ = id_;
    if (!data_.empty()) ECLAIR_CHECK_OK(event(kind_.empty() ? "message" : std::string_view(kind_), std::string_view(data_).substr(0, data_.size() - 1)));
    kind_.clear();
    data_.clear();
    return {};
  }
  auto [field, value] = text::cut(line, ':');
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (field == "event") kind_ = value;
  if (field == "id" && value.find('\0') == std::string_view::npos) id_ = value;
  if (field == "data") {
    data_ += value;
    data_ += '\n';
  }
  return {};
}

Result<> EventReader::take(std::string_view bytes, const EventFn& event) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (rest_.size() + data_.size() + std::min(end, bytes.size()) > kMaxBytes) {
      return fail(Errc::limit, "an event of the server is larger than " + std::to_string(kMaxBytes) + " bytes");
    }
    if (end == std::string_view::npos) {
      rest_ += bytes;
      return {};
    }
    rest_ += bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (!rest_.empty() && rest_.back() == '\r') rest_.pop_back();
    const std::string whole = std::move(rest_);
    rest_.clear();
    ECLAIR_CHECK_OK(line(whole, event));
  }
  return {};
}

}  // namespace eclair::cli
