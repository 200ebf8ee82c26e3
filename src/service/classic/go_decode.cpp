// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/go_decode.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "service/classic/go_json.h"
#include "util/text.h"

namespace eclair::service::go_json {
namespace go_decode_detail {

constexpr std::uint32_t kMaxDepth = 64;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The first value of a text, found by its brackets and quotes alone; whether it is one, the parser tells.
Result<std::string_view> first_value(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_blank(text[i])) ++i;
  if (i == text.size()) return fail(Errc::invalid_input, "EOF");
  const std::size_t start = i;
  std::size_t depth = 0;
  bool in_string = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
        if (depth == 0) return text.substr(start, i + 1 - start);
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return text.substr(start, i == start ? 1 : i - start);
      if (--depth == 0) return text.substr(start, i + 1 - start);
    } else if (depth == 0 && (is_blank(c) || c == ',')) {
      return text.substr(start, i == start ? 1 : i - start);
    }
  }
  if (in_string || depth > 0) return fail(Errc::invalid_input, "unexpected EOF");
  return text.substr(start);
}

/// Four hexadecimal digits; negative: they are not.
int code_unit(std::string_view text) {
  int out = 0;
  if (text.size() < 4 || std::from_chars(text.data(), text.data() + 4, out, 16).ptr != text.data() + 4) return -1;
  return text.front() == '-' ? -1 : out;
}

/// What Go reads and our parser does not, in a form that both do: halves of surrogate pairs become U+FFFD, integers beyond 64 bits floats.
std::string prepared(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  std::size_t digits = 0;  // of an integer that is being read
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (!in_string) {
      const bool is_digit = text::is_digit(c);
      if (digits > 18 && !is_digit && c != '.' && c != 'e' && c != 'E') out += "e0";
      digits = is_digit && (digits > 0 || i == 0 || (text[i - 1] != '.' && text::lower(text[i - 1]) != 'e' && text[i - 1] != '+')) ? digits + 1 : 0;
      in_string = c == '"';
    } else if (c == '"') {
      in_string = false;
    } else if (c == '\\' && i + 1 < text.size()) {
      const int unit = text[i + 1] == 'u' ? code_unit(text.substr(i + 2)) : -1;
      const bool pair = unit >= 0xd800 && unit < 0xdc00 && text.substr(i + 6, 2) == "\\u";
      const int second = pair ? code_unit(text.substr(i + 8)) : -1;
      if (second >= 0xdc00 && second < 0xe000) {
        out.append(text.substr(i, 12));
        i += 12;
      } else if (unit >= 0xd800 && unit < 0xe000) {
        out += "\\ufffd";
        i += 6;
      } else {
        out.append(text.substr(i, 2));
        i += 2;
      }
      continue;
    }
    out += c;
    ++i;
  }
  if (digits > 18) out += "e0";
  return out;
}

std::string_view kind_name(json::Value value) {
  switch (value.kind()) {
    case json::Kind::null: return "null";
    case json::Kind::boolean: return "bool";
    case json::Kind::number: return "number";
    case json::Kind::string: return "string";
    case json::Kind::array: return "array";
    case json::Kind::object: return "object";
  }
  return "value";
}

tl::unexpected<Error> wrong_kind(json::Value value, std::string_view type, std::string_view name, std::string_view wanted) {
  return fail(Errc::invalid_input, "json: cannot unmarshal " + std::string(kind_name(value)) + " into Go struct field " + std::string(type) +
                                       "." + std::string(name) + " of type " + std::string(wanted));
}

/// source: Go's encoding/json: floatEncoder
void append_number(std::string& out, double value) {
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  // Beyond 2^53 the fixed form has more digits than it takes to tell the number from its neighbours, where Go writes zeros.
  const bool padded = plain && size >= 9007199254740992.0;
  char buffer[64];
  const auto format = plain && !padded ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (padded) {
    const auto [mantissa, power] = text::cut(text, 'e');
    const std::size_t start = out.size();
    for (const char c : mantissa) {
      if (c != '.') out += c;
    }
    const std::size_t wanted = text::parse_number(power.substr(1)).value_or(0) + 1 + (value < 0 ? 1 : 0);
    out.append(wanted - std::min(wanted, out.size() - start), '0');
    return;
  }
  const std::size_t exponent = text.find("e-0");
  if (!plain && exponent != std::string_view::npos) {
    out.append(text.substr(0, exponent + 2)).append(text.substr(exponent + 3));
  } else {
    out += text;
  }
}

void append(std::string& out, json::Value value) {
  bool first = true;
  switch (value.kind()) {
    case json::Kind::null: out += "null"; return;
    case json::Kind::boolean: out += value.boolean() ? "true" : "false"; return;
    case json::Kind::number: append_number(out, value.number().value_or(0)); return;
    case json::Kind::string: append_string(out, value.string()); return;
    case json::Kind::array:
      out += '[';
      value.each([&](json::Value one) {
        if (!std::exchange(first, false)) out += ',';
        append(out, one);  // the parser bounds the depth
        return true;
      });
      out += ']';
      return;
    case json::Kind::object:
      std::map<std::string, json::Value, std::less<>> members;
      value.each_member([&](std::string_view key, json::Value one) {
        members.insert_or_assign(std::string(key), one);
        return true;
      });
      out += '{';
      for (const auto& [key, one] : members) {
        if (!std::exchange(first, false)) out += ',';
        append_string(out, key);
        out += ':';
        append(out, one);
      }
      out += '}';
      return;
  }
}

}  // namespace go_decode_detail

Result<Body> Body::parse(std::string_view text) {
  Body out;
  ECLAIR_TRY(const std::string_view value, go_decode_detail::first_value(text));
  auto parsed = out.document_.parse(go_decode_detail::prepared(repaired(value)), go_decode_detail::kMaxDepth);
  if (!parsed) return fail(Errc::invalid_input, parsed.error().text);
  out.value_ = *parsed;
  return out;
}

json::Value member(json::Value object, std::string_view name) {
  json::Value found;
  object.each_member([&](std::string_view key, json::Value value) {
    if (value.kind() != json::Kind::null && text::iequals(key, name)) found = value;
    return true;
  });
  return found;
}

bool has_member(json::Value object, std::string_view name) {
  bool found = false;
  object.each_member([&](std::string_view key, json::Value) {
    found = found || text::iequals(key, name);
    return !found;
  });
  return found;
}

Result<std::string> string_field(json::Value object, std::string_view type, std::string_view name) {
  const json::Value value = member(object, name);
  if (!value) return std::string();
  if (!value.is_string()) return go_decode_detail::wrong_kind(value, type, name, "string");
  return std::string(value.string());
}

Result<bool> boolean_field(json::Value object, std::string_view type, std::string_view name) {
  const json::Value value = member(object, name);
  if (!value) return false;
  if (value.kind() != json::Kind::boolean) return go_decode_detail::wrong_kind(value, type, name, "bool");
  return value.boolean();
}

Result<std::map<std::string, std::string>> map_field(json::Value object, std::string_view type, std::string_view name) {
  std::map<std::string, std::string> out;
  const json::Value value = member(object, name);
  if (!value) return out;
  if (!value.is_object()) return go_decode_detail::wrong_kind(value, type, name, "map[string]string");
  json::Value odd;
  value.each_member([&](std::string_view key, json::Value one) {
    if (one.is_string() || one.kind() == json::Kind::null) {
      out.insert_or_assign(std::string(key), std::string(one.string()));
    } else {
      odd = one;
    }
    return true;
  });
  if (odd) return go_decode_detail::wrong_kind(odd, type, name, "string");
  return out;
}

Result<json::Value> object_field(json::Value object, std::string_view type, std::string_view name) {
  const json::Value value = member(object, name);
  if (value && !value.is_object()) return go_decode_detail::wrong_kind(value, type, name, "object");
  return value;
}

Result<json::Value> list_field(json::Value object, std::string_view type, std::string_view name) {
  const json::Value value = member(object, name);
  if (value && !value.is_array()) return go_decode_detail::wrong_kind(value, type, name, "slice");
  return value;
}

Result<> expect_object(json::Value value, std::string_view type) {
  if (value.is_object() || value.kind() == json::Kind::null) return {};
  return fail(Errc::invalid_input,
              "json: cannot unmarshal " + std::string(go_decode_detail::kind_name(value)) + " into Go value of type " + std::string(type));
}

std::string rewritten(json::Value value) {
  std::string out;
  go_decode_detail::append(out, value);
  return out;
}

}  // namespace eclair::service::go_json
