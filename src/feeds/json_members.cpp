// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/json_members.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace eclair::feeds {
namespace json_members_detail {

constexpr std::size_t kReadBytes = 256u << 10;

enum Class : unsigned char { kOther = 0, kQuote, kOpen, kClose };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> out{};
  out['"'] = kQuote;
  out['{'] = out['['] = kOpen;
  out['}'] = out[']'] = kClose;
  return out;
}
constexpr std::array<unsigned char, 256> kClasses = make_classes();

constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace json_members_detail

MemberReader::MemberReader(const ByteSource& in, const Limits& limits)
    : in_(in), max_depth_(limits.json_depth), max_bytes_(limits.feed_member_bytes) {}

Error MemberReader::damaged(std::string_view what) const {
  return Error{Errc::invalid_input, "json: " + std::string(what) + " at byte " + std::to_string(offset())};
}

/// Gets more bytes. Those before `keep_from` may go; at_ and all positions then count from the new begin of the window.
/// false: the document has ended.
Result<bool> MemberReader::fill(std::size_t keep_from) {
  if (ended_) return false;
  if (keep_from > 0) {
    window_.erase(0, keep_from);
    window_offset_ += keep_from;
    at_ -= std::min(at_, keep_from);
  }
  const std::size_t had = window_.size();
  // A large value is moved a bounded number of times; for a small document no room is made that it does not need.
  const std::uint64_t left = in_.size() - std::min(in_.size(), window_offset_ + had);
  window_.resize(had + static_cast<std::size_t>(std::min<std::uint64_t>(std::max(json_members_detail::kReadBytes, had), left)));
  ECLAIR_TRY(const std::size_t n, in_.read_at(window_offset_ + had, std::span<char>(window_).subspan(had)));
  window_.resize(had + n);
  ended_ = n == 0;
  return n > 0;
}

/// Passes over blanks. false: the document has ended.
Result<bool> MemberReader::blanks() {
  while (true) {
    while (at_ < window_.size() && json_members_detail::is_blank(window_[at_])) ++at_;
    if (at_ < window_.size()) return true;
    ECLAIR_TRY(const bool more, fill(at_));
    if (!more) return false;
  }
}

Result<char> MemberReader::peek() {
  ECLAIR_TRY(const bool there, blanks());
  return there ? window_[at_] : '\0';
}

/// Finds the end of the value at the cursor. keep: the whole value is in the window then, from at_ to the position returned;
/// else the bytes passed over may be gone.
Result<std::size_t> MemberReader::scan(bool keep) {
  using namespace json_members_detail;
  std::size_t pos = at_;
  std::size_t depth = 0;
  bool in_string = false;
  bool odd_backslashes = false;  // whether the bytes just before `pos` are an odd run of them, within a string
  const bool scalar = kClasses[static_cast<unsigned char>(window_[pos])] == kOther;
  while (true) {
    const char* const begin = window_.data();
    const char* const end = begin + window_.size();
    const char* p = begin + pos;
    if (scalar) {
      while (p < end && *p != ',' && *p != '}' && *p != ']' && !is_blank(*p)) ++p;
      if (p < end) return static_cast<std::size_t>(p - begin);
    }
    while (!scalar && p < end) {
      if (in_string) {
        const char* quote = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
        const char* const stop = quote == nullptr ? end : quote;
        const char* run = stop;
        while (run > p && run[-1] == '\\') --run;
        const bool odd = (((stop - run) & 1) != 0) != (run == p && odd_backslashes);
        if (quote == nullptr) {
          odd_backslashes = odd;
          p = end;
          break;
        }
        p = quote + 1;
        odd_backslashes = false;
        if (odd) continue;  // an escaped quote
        in_string = false;
        if (depth == 0) return static_cast<std::size_t>(p - begin);
        continue;
      }
      while (p < end && kClasses[static_cast<unsigned char>(*p)] == kOther) ++p;
      if (p == end) break;
      switch (kClasses[static_cast<unsigned char>(*p++)]) {
        case kQuote: in_string = true; break;
        case kOpen:
          if (++depth + levels_.size() > max_depth_) {
            return fail(Errc::limit, "json: nested deeper than json_depth (" + std::to_string(max_depth_) + ") at byte " +
                                         std::to_string(window_offset_ + static_cast<std::size_t>(p - begin)));
          }
          break;
        default:
          if (--depth == 0) return static_cast<std::size_t>(p - begin);
      }
    }
    pos = static_cast<std::size_t>(p - begin);
    if (!keep) at_ = pos;
    if (keep && pos - at_ > max_bytes_) {
      return fail(Errc::limit, "json: a member at byte " + std::to_string(offset()) + " is larger than feed_member_bytes (" + std::to_string(max_bytes_) + ")");
    }
    const std::size_t from = at_;
    ECLAIR_TRY(const bool more, fill(from));
    pos -= from;
    if (more) continue;
    if (scalar && levels_.empty()) return pos;
    return fail(damaged("ends early"));
  }
}

Result<> MemberReader::enter(char bracket) {
  ECLAIR_TRY(const char first, peek());
  if (!value_pending_ || first != bracket) return fail(damaged(bracket == '{' ? "no object" : "no array"));
  if (levels_.size() + 1 > max_depth_) return fail(Errc::limit, "json: nested deeper than json_depth (" + std::to_string(max_depth_) + ")");
  ++at_;
  levels_.push_back({bracket, true});
  value_pending_ = false;
  return {};
}

Result<> MemberReader::read_key() {
  ECLAIR_TRY(const std::size_t end, scan(true));
  const std::string_view quoted = std::string_view(window_).substr(at_, end - at_);
  const std::string_view plain = quoted.substr(1, quoted.size() - 2);
  const bool simple = std::all_of(plain.begin(), plain.end(), [](char c) { return c >= ' ' && c != '\\'; });
  if (simple) {
    key_ = plain;
  } else {
    auto parsed = key_document_.parse(quoted);
    if (!parsed) return fail(damaged(parsed.error().text));
    key_ = parsed->string();
  }
  at_ = end;
  return {};
}

Result<bool> MemberReader::next() {
  if (levels_.empty()) return fail(Errc::internal, "json: not in a container");
  if (value_pending_) {
    ECLAIR_TRY(const char there, peek());
    if (there == '\0') return fail(damaged("ends early"));
    ECLAIR_TRY(at_, scan(false));
    value_pending_ = false;
  }
  Level& level = levels_.back();
  ECLAIR_TRY(char c, peek());
  if (c == (level.bracket == '{' ? '}' : ']')) {
    ++at_;
    levels_.pop_back();
    return false;
  }
  if (!level.first) {
    if (c == '\0') return fail(damaged("ends early"));
    if (c != ',') return fail(damaged("no comma between members"));
    ++at_;
    ECLAIR_TRY(c, peek());
  }
  level.first = false;
  if (c == '\0') return fail(damaged("ends early"));
  if (level.bracket == '{') {
    if (c != '"') return fail(damaged("no key"));
    ECLAIR_CHECK_OK(read_key());
    ECLAIR_TRY(c, peek());
    if (c == '\0') return fail(damaged("ends early"));
    if (c != ':') return fail(damaged("no colon after a key"));
    ++at_;
    ECLAIR_TRY(c, peek());
    if (c == '\0') return fail(damaged("ends early"));
  }
  if (c == ',' || c == '}' || c == ']' || c == ':') return fail(damaged("no value"));
  value_pending_ = true;
  return true;
}

Result<std::string_view> MemberReader::value() {
  ECLAIR_TRY(const char there, peek());
  if (!value_pending_ || there == '\0') return fail(damaged("no value"));
  ECLAIR_TRY(const std::size_t end, scan(true));
  if (end - at_ > max_bytes_) {
    return fail(Errc::limit, "json: a member at byte " + std::to_string(offset()) + " is larger than feed_member_bytes (" + std::to_string(max_bytes_) + ")");
  }
  const std::string_view out = std::string_view(window_).substr(at_, end - at_);
  at_ = end;
  value_pending_ = false;
  return out;
}

Result<> MemberReader::finish() {
  if (!levels_.empty() || value_pending_) return fail(Errc::internal, "json: the document was not read to its end");
  ECLAIR_TRY(const bool more, blanks());
  if (more) return fail(damaged("something follows the document"));
  return {};
}

Result<> for_each_record(MemberReader& reader, std::string_view what, const Limits& limits, const Cancel& stop,
                         const std::function<Result<>(json::Value)>& each) {
  json::Document document;
  while (true) {
    if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) return {};
    ECLAIR_TRY(const std::string_view text, reader.value());
    auto record = document.parse(text, limits.json_depth);
    if (!record) return fail(Errc::invalid_input, std::string(what) + " near byte " + std::to_string(reader.offset()) + ": " + record.error().text);
    ECLAIR_CHECK_OK(each(*record));
  }
}

}  // namespace eclair::feeds
