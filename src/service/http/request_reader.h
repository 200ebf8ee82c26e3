// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/http.h"

namespace eclair::service {

/// What the head of a request says.
struct RequestHead {
  Method method = Method::other;
  std::string target;  ///< as sent
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in order
  bool http_1_0 = false;
  bool keep_alive = false;
  std::optional<std::uint64_t> length;  ///< of the body, where it is told beforehand
};

/// Reads one request of HTTP/1.0 or 1.1 from bytes as they come. The only door to Beast. Two lengths, or a length and chunks, are refused:
/// a proxy before us may have read them otherwise.
class RequestReader {
 public:
  enum class Status : std::uint8_t {
    more,    ///< what was not used must be given again, with more behind it
    head,    ///< the head is there, once; the body comes next
    done,    ///< the request is whole; what was not used belongs to the next one
    beyond,  ///< the body is larger than allow_body() said
    broken,  ///< not HTTP
    long_head,
  };
  explicit RequestReader(std::uint32_t head_bytes);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// bytes: not empty. used: how many of them were taken. After beyond, broken, long_head and done it must not be called again.
  Status take(std::string_view bytes, std::size_t& used);
  RequestHead head() const;                ///< after Status::head
  void allow_body(std::uint64_t bytes);    ///< after Status::head; nothing before
  std::string take_body();                 ///< what of it came, at most what is allowed
  bool done() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
