// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/xml.h"

#include <expat.h>

#include <optional>
#include <utility>
#include <vector>

#include "util/text.h"

namespace eclair::xml {
namespace xml_detail {

constexpr std::size_t kPieceBytes = 32u << 10;  // what expat is given at once; events of one piece wait in a queue

enum class Kind : unsigned char { open, close, text };

/// A place in the bytes of the queue.
struct Span {
  std::uint32_t begin = 0, size = 0;
};

struct Event {
  Kind kind = Kind::close;
  Span text;                               ///< name or text
  std::uint32_t first = 0, attributes = 0; ///< in the list of attributes
  std::uint64_t line = 0;
};

struct ParserFree {
  void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

std::string_view without_prefix(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace xml_detail
using namespace xml_detail;

struct Reader::Impl {
  Impl(const ByteSource& source, const Limits& bounds) : in(source), limits(bounds), parser(XML_ParserCreate("UTF-8")) {
    if (parser == nullptr) {
      failed = Error{Errc::unavailable, "xml: out of memory"};
      return;
    }
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), on_open, on_close);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    XML_SetDefaultHandler(parser.get(), on_other);
  }

  static Impl& self(void* user) { return *static_cast<Impl*>(user); }

  static void XMLCALL on_open(void* user, const XML_Char* name, const XML_Char** attributes) {
    Impl& me = self(user);
    me.heard = true;
    if (++me.parsed_depth > me.limits.xml_depth) return me.over("xml_depth", me.limits.xml_depth, "elements nested deeper than");
    Event event{Kind::open, me.keep_name(name), static_cast<std::uint32_t>(me.attributes.size()), 0, me.parser_line()};
    for (; *attributes != nullptr; attributes += 2) {
      if (++event.attributes > me.limits.xml_attributes) return me.over("xml_attributes", me.limits.xml_attributes, "more attributes than");
      const Span key = me.keep_name(attributes[0]);
      me.attributes.emplace_back(key, me.keep(attributes[1]));
    }
    me.events.push_back(event);
  }

  static void XMLCALL on_close(void* user, const XML_Char*) {
    Impl& me = self(user);
    me.heard = true;
    --me.parsed_depth;
    Event event;
    event.kind = Kind::close;
    me.events.push_back(event);
  }

  static void XMLCALL on_text(void* user, const XML_Char* text, int size) {
    Impl& me = self(user);
    me.heard = true;
    const std::string_view piece(text, static_cast<std::size_t>(size));
    // Expat gives a line end apart from the line; one event for both.
    if (!me.events.empty() && me.events.back().kind == Kind::text) {
      me.bytes.append(piece);
      me.events.back().text.size += static_cast<std::uint32_t>(piece.size());
      return;
    }
    Event event;
    event.kind = Kind::text;
    event.text = me.keep(piece);
    me.events.push_back(event);
  }

  /// Comments, processing instructions, blanks around the root.
  static void XMLCALL on_other(void* user, const XML_Char*, int) { self(user).heard = true; }

  static void XMLCALL on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(user).refuse({Errc::invalid_input, "has a DOCTYPE, which is not read"});
  }

  Span keep(std::string_view piece) {
    const Span span{static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(piece.size())};
    bytes.append(piece);
    return span;
  }
  Span keep_name(std::string_view name) {
    if (name.size() > limits.xml_name_bytes) over("xml_name_bytes", limits.xml_name_bytes, "a name is longer than");
    return keep(without_prefix(name));
  }

  void over(std::string_view field, std::uint64_t value, std::string_view what) {
    refuse({Errc::limit, std::string(what) + " " + std::string(field) + " (" + std::to_string(value) + ")"});
  }
  std::uint64_t parser_line() const { return XML_GetCurrentLineNumber(parser.get()); }
  /// From within a callback expat stops there; outside it does not matter.
  void refuse(Error why) {
    if (failed) return;
    failed = std::move(why).within("xml: line " + std::to_string(parser_line()));
    XML_StopParser(parser.get(), XML_FALSE);
  }

  /// Parses the next piece of the document into the queue.
  Result<> fill() {
    if (failed) return fail(*failed);
    events.clear();
    attributes.clear();
    bytes.clear();
    at = 0;
    void* buffer = XML_GetBuffer(parser.get(), static_cast<int>(kPieceBytes));
    if (buffer == nullptr) return fail(*(failed = Error{Errc::unavailable, "xml: out of memory"}));
    auto got = in.read_at(offset, {static_cast<char*>(buffer), kPieceBytes});
    if (!got) return fail(*(failed = got.error()));
    offset += *got;
    const bool last = *got < kPieceBytes;
    heard = false;
    const XML_Status status = XML_ParseBuffer(parser.get(), static_cast<int>(*got), last ? XML_TRUE : XML_FALSE);
    if (failed) return fail(*failed);
    if (status != XML_STATUS_OK) {
      const XML_Error code = XML_GetErrorCode(parser.get());
      failed = Error{code == XML_ERROR_NO_MEMORY ? Errc::unavailable : Errc::invalid_input,
                     "xml: line " + std::to_string(parser_line()) + ": " + XML_ErrorString(code)};
      return fail(*failed);
    }
    done = last;
    // A piece of which expat says nothing is the middle of one token, which it holds until its end.
    unheard = heard ? 0 : unheard + *got;
    if (unheard > limits.xml_tag_bytes) {
      over("xml_tag_bytes", limits.xml_tag_bytes, "a tag is longer than");
      return fail(*failed);
    }
    return {};
  }

  /// The next event; nullptr at the end of the document.
  Result<const Event*> next() {
    if (failed) return fail(*failed);
    while (at == events.size()) {
      if (done) return nullptr;
      ECLAIR_CHECK_OK(fill());
    }
    const Event& event = events[at++];
    if (event.kind == Kind::open) ++depth;
    if (event.kind == Kind::close) --depth;
    return &event;
  }

  std::string_view view(Span span) const { return std::string_view(bytes).substr(span.begin, span.size); }

  const ByteSource& in;
  const Limits limits;
  std::unique_ptr<XML_ParserStruct, ParserFree> parser;
  std::optional<Error> failed;
  std::uint64_t offset = 0;        ///< read from the source
  std::uint32_t parsed_depth = 0;  ///< where expat is; ahead of `depth`
  bool done = false, heard = false;
  std::uint64_t unheard = 0;       ///< bytes given since expat last said something
  std::vector<Event> events;       ///< of the piece, with what they point to
  std::vector<std::pair<Span, Span>> attributes;
  std::string bytes;
  std::size_t at = 0;
  std::uint32_t depth = 0;
  const Event* element = nullptr;  ///< where child() stands; nullptr once its text was read
};

Reader::Reader(const ByteSource& in, const Limits& limits) : impl_(std::make_unique<Impl>(in, limits)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<bool> Reader::child(std::uint32_t level) {
  impl_->element = nullptr;
  if (impl_->failed) return fail(*impl_->failed);
  if (impl_->depth < level) return false;  // text() of an element around it has left it already
  while (true) {
    ECLAIR_TRY(const Event* const event, impl_->next());
    if (event == nullptr) return false;
    if (event->kind == Kind::open && impl_->depth == level + 1) {
      impl_->element = event;
      return true;
    }
    if (event->kind == Kind::close && impl_->depth < level) return false;
  }
}

Result<std::string> Reader::text() {
  std::string out;
  const std::uint64_t line = this->line();
  if (std::exchange(impl_->element, nullptr) == nullptr) return out;
  const std::uint32_t outside = impl_->depth - 1;
  while (true) {
    ECLAIR_TRY(const Event* const event, impl_->next());
    if (event == nullptr) return out;
    if (event->kind == Kind::text) {
      if (event->text.size > impl_->limits.xml_text_bytes - out.size()) {
        impl_->failed = Error{Errc::limit, "xml: line " + std::to_string(line) + ": the text is longer than xml_text_bytes (" +
                                               std::to_string(impl_->limits.xml_text_bytes) + ")"};
        return fail(*impl_->failed);
      }
      out += impl_->view(event->text);
    }
    if (event->kind == Kind::close && impl_->depth == outside) return out;
  }
}

std::uint32_t Reader::depth() const { return impl_->depth; }

std::string_view Reader::name() const { return impl_->element == nullptr ? std::string_view{} : impl_->view(impl_->element->text); }

std::string_view Reader::attribute(std::string_view name) const {
  if (impl_->element == nullptr) return {};
  for (std::uint32_t i = 0; i < impl_->element->attributes; ++i) {
    const auto& [key, value] = impl_->attributes[impl_->element->first + i];
    if (impl_->view(key) == name) return impl_->view(value);
  }
  return {};
}

std::uint64_t Reader::line() const { return impl_->element == nullptr ? 0 : impl_->element->line; }

}  // namespace eclair::xml
