// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/gzip_writer.h"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <utility>

namespace eclair::feeds {
namespace gzip_writer_detail {

constexpr std::size_t kPieceBytes = 256u << 10;
constexpr int kWithGzipHeader = 16 + MAX_WBITS;
constexpr int kMemoryLevel = 8;  // zlib's own default

}  // namespace gzip_writer_detail

struct GzipWriter::Impl {
  WriteFn to;
  z_stream z{};
  bool good = false;
  std::string out = std::string(gzip_writer_detail::kPieceBytes, '\0');

  Result<> run(std::string_view bytes, int how) {
    if (!good) return fail(Errc::unavailable, "gzip: no memory");
    do {
      const std::string_view piece = bytes.substr(0, gzip_writer_detail::kPieceBytes);
      bytes.remove_prefix(piece.size());
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));  // zlib's interface is older than const
      z.avail_in = static_cast<uInt>(piece.size());
      while (true) {
        z.next_out = reinterpret_cast<Bytef*>(out.data());
        z.avail_out = static_cast<uInt>(out.size());
        const int code = deflate(&z, bytes.empty() ? how : Z_NO_FLUSH);
        const std::size_t made = out.size() - z.avail_out;
        if (made > 0) ECLAIR_CHECK_OK(to(std::string_view(out).substr(0, made)));
        if (code == Z_STREAM_ERROR) return fail(Errc::internal, "gzip: the stream is in no order");
        if (code == Z_STREAM_END || z.avail_out != 0) break;
      }
    } while (!bytes.empty());
    return {};
  }
};

GzipWriter::GzipWriter(WriteFn to) : impl_(std::make_unique<Impl>()) {
  impl_->to = std::move(to);
  impl_->good = deflateInit2(&impl_->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_writer_detail::kWithGzipHeader,
                             gzip_writer_detail::kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
}
GzipWriter::~GzipWriter() {
  if (impl_->good) deflateEnd(&impl_->z);
}
Result<> GzipWriter::write(std::string_view bytes) { return bytes.empty() ? Result<>{} : impl_->run(bytes, Z_NO_FLUSH); }
Result<> GzipWriter::finish() { return impl_->run({}, Z_FINISH); }

}  // namespace eclair::feeds
