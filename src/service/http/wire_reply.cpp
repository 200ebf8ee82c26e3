// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/wire_reply.h"

#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include "util/gzip.h"
#include "util/text.h"

namespace eclair::service {
namespace wire_reply_detail {

constexpr std::size_t kLarge = 1024;

/// "Sat, 28 Nov 2026 14:00:00 GMT", made once a second.
const std::string& date() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made) {
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char buffer[40];
    text.assign(buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    made = now;
  }
  return text;
}

void add_header(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) head += c;
  }
  head += "\r\n";
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void compress(WireReply& wire) {
  std::vector<std::string_view> parts{wire.body};
  parts.reserve(wire.pieces.size() + 1);
  for (const auto& piece : wire.pieces) parts.push_back(*piece);
  std::string packed = gzip(parts);
  wire.body = std::move(packed);
  wire.pieces.clear();
}

}  // namespace wire_reply_detail

bool accepts_gzip(std::string_view accept, Compression how) {
  if (how == Compression::never || accept.empty()) return false;
  if (how == Compression::always) return accept.find("gzip") != std::string_view::npos;
  std::optional<bool> any;
  for (const std::string_view part : text::split(accept, ',')) {
    const auto [coding, parameters] = text::cut(part, ';');
    const std::string_view name = text::trim(coding);
    std::string_view quality = text::trim(parameters);
    if (text::iequals(quality.substr(0, 2), "q=")) quality.remove_prefix(2);
    const bool wanted = quality.empty() || quality.find_first_of("123456789") != std::string_view::npos;
    if (text::iequals(name, "gzip") || text::iequals(name, "x-gzip")) return wanted;
    if (name == "*") any = wanted;
  }
  return any.value_or(false);
}

WireReply to_wire(Reply reply, const ReplyTerms& terms) {
  WireReply wire;
  wire.status = reply.status;
  wire.body = std::move(reply.body);
  wire.pieces = std::move(reply.pieces);
  wire.stream = std::move(reply.stream);
  wire.chunked = wire.stream != nullptr && !terms.http_1_0;
  wire.keep_alive = terms.keep_alive && (wire.stream == nullptr || wire.chunked);

  const bool with_body = wire_reply_detail::has_body(reply.status);
  if (!with_body) {
    wire.body.clear();
    wire.pieces.clear();
    wire.stream = nullptr;
    wire.chunked = false;
  }
  std::size_t bytes = wire.body.size();
  for (const auto& piece : wire.pieces) bytes += piece->size();
  bool encoded = false;
  for (const auto& [name, value] : reply.headers) encoded = encoded || text::iequals(name, "content-encoding");
  const bool worth = terms.compression == Compression::always ? bytes > 0 : bytes >= wire_reply_detail::kLarge;
  const bool packed = terms.gzip && terms.compression != Compression::never && worth && wire.stream == nullptr && !terms.head_only && !encoded;
  if (packed) {
    wire_reply_detail::compress(wire);
    bytes = wire.body.size();
  }

  std::string& head = wire.head;
  head.reserve(320);
  head += terms.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(reply.status);
  head += ' ';
  head += reason_of(reply.status);
  head += "\r\n";
  if (!reply.content_type.empty()) wire_reply_detail::add_header(head, "Content-Type", reply.content_type);
  for (const auto& [name, value] : reply.headers) wire_reply_detail::add_header(head, name, value);
  if (packed) head += "Content-Encoding: gzip\r\n";
  if (terms.compression != Compression::never && worth) head += "Vary: Accept-Encoding\r\n";
  if (!terms.request_id.empty()) wire_reply_detail::add_header(head, "X-Request-Id", terms.request_id);
  head += "Date: ";
  head += wire_reply_detail::date();
  head += "\r\n";
  if (wire.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (wire.stream == nullptr && with_body) {
    head += "Content-Length: ";
    head += std::to_string(bytes);
    head += "\r\n";
  }
  if (!wire.keep_alive) head += "Connection: close\r\n";
  else if (terms.http_1_0) head += "Connection: keep-alive\r\n";
  head += "\r\n";

  if (terms.head_only) {
    wire.body.clear();
    wire.pieces.clear();
    wire.stream = nullptr;
  } else if (wire.chunked && bytes > 0) {
    // Body and pieces are the first chunk.
    char size[24];
    head.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", bytes)));
    wire.pieces.push_back(std::make_shared<const std::string>("\r\n"));
  }
  return wire;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Request Entity Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";
  }
}

Reply plain_text(int status, std::string_view text) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/plain; charset=utf-8";
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply.body = std::string(text) + "\n";
  return reply;
}

Reply plain_not_found() { return plain_text(404, "404 page not found"); }
Reply plain_wrong_method() { return plain_text(405, "Method Not Allowed"); }

}  // namespace eclair::service
