// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

#include "util/text.h"

namespace eclair::service {
namespace request_reader_detail {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// A body that keeps what is allowed and tells when more comes.
struct BoundedBody {
  struct value_type {
    std::string bytes;
    std::uint64_t bound = 0;
    bool beyond = false;
  };
  class reader {
   public:
    template <bool kIsRequest, class Fields>
    reader(http::header<kIsRequest, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, error_code& ec) { ec = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& ec) {
      ec = {};
      std::size_t all = 0;
      for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
        const asio::const_buffer one = *it;
        const std::uint64_t room = body_.bound - body_.bytes.size();
        const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(room, one.size()));
        body_.bytes.append(static_cast<const char*>(one.data()), taken);
        if (taken < one.size()) body_.beyond = true;
        all += one.size();
      }
      return all;
    }
    void finish(error_code& ec) { ec = {}; }

   private:
    value_type& body_;
  };
};

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::head: return Method::head;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::delete_: return Method::del;
    default: return Method::other;
  }
}

std::string_view view(boost::beast::string_view s) { return {s.data(), s.size()}; }

}  // namespace request_reader_detail

struct RequestReader::Impl {
  boost::beast::http::request_parser<request_reader_detail::BoundedBody> parser;
  std::uint32_t head_bytes = 0;
  std::size_t head_used = 0;
  bool head_told = false;
};

RequestReader::RequestReader(std::uint32_t head_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->head_bytes = head_bytes;
  impl_->parser.header_limit(head_bytes);
  impl_->parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // BoundedBody has the bound
  impl_->parser.eager(false);
}
RequestReader::~RequestReader() = default;

RequestReader::Status RequestReader::take(std::string_view bytes, std::size_t& used) {
  namespace http = boost::beast::http;
  used = 0;
  while (used < bytes.size()) {
    boost::system::error_code ec;
    const std::size_t count = impl_->parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), ec);
    used += count;
    // Beast's own limit counts from where it last waited.
    if (!impl_->head_told && (impl_->head_used += count) > impl_->head_bytes) return Status::long_head;
    if (ec == http::error::need_more) return Status::more;
    if (ec == http::error::header_limit) return Status::long_head;
    if (ec) return Status::broken;
    if (!impl_->head_told && impl_->parser.is_header_done()) {
      impl_->head_told = true;
      return Status::head;
    }
    if (impl_->parser.get().body().beyond) return Status::beyond;
    if (impl_->parser.is_done()) return Status::done;
  }
  return Status::more;
}

RequestHead RequestReader::head() const {
  const auto& from = impl_->parser.get();
  RequestHead out;
  out.method = request_reader_detail::method_of(from.method());
  out.target = request_reader_detail::view(from.target());
  out.headers.reserve(8);
  for (const auto& field : from) {
    out.headers.emplace_back(text::lower(request_reader_detail::view(field.name_string())), request_reader_detail::view(field.value()));
  }
  out.http_1_0 = from.version() < 11;
  out.keep_alive = from.keep_alive();
  if (const auto length = impl_->parser.content_length()) out.length = *length;
  return out;
}

void RequestReader::allow_body(std::uint64_t bytes) { impl_->parser.get().body().bound = bytes; }
std::string RequestReader::take_body() { return std::move(impl_->parser.get().body().bytes); }
bool RequestReader::done() const { return impl_->parser.is_done(); }

}  // namespace eclair::service
