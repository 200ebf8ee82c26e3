// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/http.h"

/// From what a handler answers to the bytes that are sent.
namespace eclair::service {

/// What the request says of how it is to be answered.
struct ReplyTerms {
  bool http_1_0 = false;
  bool keep_alive = true;
  bool head_only = false;      ///< of HEAD
  bool gzip = false;           ///< accepts_gzip()
  Compression compression = Compression::large;
  std::string_view request_id;
};

/// What is to be written: head, then body, then pieces; then what `stream` gives.
struct WireReply {
  int status = 0;
  std::string head, body;
  std::vector<std::shared_ptr<const std::string>> pieces;
  std::unique_ptr<Stream> stream;
  bool chunked = false;    ///< the stream's pieces; else they go as they are and closing ends them (HTTP/1.0)
  bool keep_alive = true;
};

/// accept: the header Accept-Encoding.
bool accepts_gzip(std::string_view accept, Compression how);

/// Compresses where that is agreed, and writes the head. What is no text of a header (line ends) is left out of it.
WireReply to_wire(Reply reply, const ReplyTerms& terms);

/// "Service Unavailable"; "" for what has no name.
std::string_view reason_of(int status);

/// The plain answers that old clients know, as Go's servers give them: "404 page not found\n", "Method Not Allowed\n".
Reply plain_not_found();
Reply plain_wrong_method();
/// One line of text.
Reply plain_text(int status, std::string_view text);

}  // namespace eclair::service
