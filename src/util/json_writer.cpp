// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/json_writer.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cmath>

namespace eclair::json {
namespace json_writer_detail {

/// RapidJSON copies bytes as they are; readers refuse broken UTF-8.
std::string repaired(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
    const unsigned char first = byte(i);
    std::size_t size = first < 0x80 ? 1 : first >= 0xc2 && first <= 0xdf ? 2 : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
    if (size == 0 || i + size > s.size()) size = 0;
    for (std::size_t k = 1; k < size; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) {
        size = 0;
        break;
      }
    }
    if (size == 3 && ((first == 0xe0 && byte(i + 1) < 0xa0) || (first == 0xed && byte(i + 1) >= 0xa0))) size = 0;
    if (size == 4 && ((first == 0xf0 && byte(i + 1) < 0x90) || (first == 0xf4 && byte(i + 1) >= 0x90))) size = 0;
    if (size == 0) {
      out += "\xef\xbf\xbd";
      ++i;
    } else {
      out.append(s.substr(i, size));
      i += size;
    }
  }
  return out;
}

bool is_ascii(std::string_view s) {
  for (const char c : s) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace json_writer_detail

struct Writer::Impl {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> compact{buffer};
  rapidjson::PrettyWriter<rapidjson::StringBuffer> pretty{buffer};
  bool is_pretty = false;
  mutable std::string text;

  template <class Fn>
  void on(Fn&& fn) {
    if (is_pretty) {
      fn(pretty);
    } else {
      fn(compact);
    }
  }
  void put(std::string_view s, bool is_key) {
    std::string held;
    if (!json_writer_detail::is_ascii(s)) {
      held = json_writer_detail::repaired(s);
      s = held;
    }
    on([&](auto& w) {
      if (is_key) {
        w.Key(s.data(), static_cast<rapidjson::SizeType>(s.size()));
      } else {
        w.String(s.data() == nullptr ? "" : s.data(), static_cast<rapidjson::SizeType>(s.size()));
      }
    });
  }
};

Writer::Writer(bool pretty) : impl_(std::make_unique<Impl>()) {
  impl_->is_pretty = pretty;
  impl_->pretty.SetIndent(' ', 2);
}
Writer::~Writer() = default;

Writer& Writer::begin_object() { impl_->on([](auto& w) { w.StartObject(); }); return *this; }
Writer& Writer::end_object() { impl_->on([](auto& w) { w.EndObject(); }); return *this; }
Writer& Writer::begin_array() { impl_->on([](auto& w) { w.StartArray(); }); return *this; }
Writer& Writer::end_array() { impl_->on([](auto& w) { w.EndArray(); }); return *this; }
Writer& Writer::key(std::string_view name) { impl_->put(name, true); return *this; }
Writer& Writer::string(std::string_view value) { impl_->put(value, false); return *this; }
Writer& Writer::number(std::int64_t value) { impl_->on([&](auto& w) { w.Int64(value); }); return *this; }
Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  impl_->on([&](auto& w) { w.Double(value); });
  return *this;
}
Writer& Writer::boolean(bool value) { impl_->on([&](auto& w) { w.Bool(value); }); return *this; }
Writer& Writer::null() { impl_->on([](auto& w) { w.Null(); }); return *this; }

const std::string& Writer::text() const {
  impl_->text.assign(impl_->buffer.GetString(), impl_->buffer.GetSize());
  return impl_->text;
}

std::string Writer::take() {
  std::string out(impl_->buffer.GetString(), impl_->buffer.GetSize());
  impl_->buffer.Clear();
  return out;
}

}  // namespace eclair::json
