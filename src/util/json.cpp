// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace eclair::json {

using simdjson::dom::element;
using simdjson::dom::element_type;

// A simdjson element is a document pointer and an index into its tape: a Value carries those two words.
static_assert(sizeof(element) == 2 * sizeof(void*) && std::is_trivially_copyable_v<element>);

struct Access {
  static element element_of(const Value& v) {
    struct Words {
      const void* data;
      std::size_t index;
    } words{v.data_, v.index_};
    element out;
    std::memcpy(static_cast<void*>(&out), &words, sizeof out);
    return out;
  }
  static Value value_of(const element& e) {
    struct Words {
      const void* data;
      std::size_t index;
    } words{};
    std::memcpy(&words, static_cast<const void*>(&e), sizeof e);
    Value out;
    out.data_ = words.data;
    out.index_ = words.index;
    return out;
  }
};

Kind Value::kind() const {
  if (data_ == nullptr) return Kind::null;
  switch (Access::element_of(*this).type()) {
    case element_type::ARRAY: return Kind::array;
    case element_type::OBJECT: return Kind::object;
    case element_type::STRING: return Kind::string;
    case element_type::BOOL: return Kind::boolean;
    case element_type::NULL_VALUE: return Kind::null;
    default: return Kind::number;
  }
}

Value Value::operator[](std::string_view key) const {
  if (kind() != Kind::object) return {};
  element found;
  if (Access::element_of(*this).at_key(key).get(found) != simdjson::SUCCESS) return {};
  return Access::value_of(found);
}

std::string_view Value::string(std::string_view otherwise) const {
  std::string_view out = otherwise;
  if (kind() == Kind::string && Access::element_of(*this).get_string().get(out) != simdjson::SUCCESS) return otherwise;
  return out;
}

std::optional<std::int64_t> Value::integer() const {
  std::int64_t out = 0;
  if (data_ == nullptr || Access::element_of(*this).get_int64().get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<double> Value::number() const {
  double out = 0;
  if (data_ == nullptr || Access::element_of(*this).get_double().get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

bool Value::boolean(bool otherwise) const {
  bool out = otherwise;
  if (data_ == nullptr || Access::element_of(*this).get_bool().get(out) != simdjson::SUCCESS) return otherwise;
  return out;
}

void Value::each_member(const std::function<bool(std::string_view, Value)>& fn) const {
  if (kind() != Kind::object) return;
  for (const auto member : simdjson::dom::object(Access::element_of(*this).get_object())) {
    if (!fn(member.key, Access::value_of(member.value))) return;
  }
}

void Value::each(const std::function<bool(Value)>& fn) const {
  if (kind() != Kind::array) return;
  for (const element e : simdjson::dom::array(Access::element_of(*this).get_array())) {
    if (!fn(Access::value_of(e))) return;
  }
}

std::size_t Value::size() const {
  if (kind() == Kind::array) return simdjson::dom::array(Access::element_of(*this).get_array()).size();
  if (kind() == Kind::object) return simdjson::dom::object(Access::element_of(*this).get_object()).size();
  return 0;
}

struct Document::Impl {
  simdjson::dom::parser parser;
  std::uint32_t depth = 0;
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<Value> Document::parse(std::string_view text, std::uint32_t max_depth) {
  if (impl_->depth != max_depth || impl_->parser.capacity() < text.size()) {
    if (impl_->parser.allocate(std::max<std::size_t>(text.size(), 4096), max_depth) != simdjson::SUCCESS) {
      return fail(Errc::limit, "json: document of " + std::to_string(text.size()) + " bytes is too large");
    }
    impl_->depth = max_depth;
  }
  element root;
  if (text.data() == nullptr) text = "";  // simdjson copies from it even when there is nothing
  const simdjson::error_code error = impl_->parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::DEPTH_ERROR) return fail(Errc::invalid_input, "json: nested deeper than " + std::to_string(max_depth));
  if (error != simdjson::SUCCESS) return fail(Errc::invalid_input, std::string("json: ") + simdjson::error_message(error));
  return Access::value_of(root);
}

}  // namespace eclair::json
