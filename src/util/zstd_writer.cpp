// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/zstd_writer.h"

#include <zstd.h>

#include <string>

namespace eclair {
namespace zstd_writer_detail {

// Of 151 MB of advisories (`zstd -9 -T1` against `-3`): 31.4 MB instead of 35.0, in 2.9 s instead of 0.6. Written once, carried often.
constexpr int kLevel = 9;

}  // namespace zstd_writer_detail

struct ZstdWriter::Impl {
  WriteFn to;
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context{ZSTD_createCCtx(), &ZSTD_freeCCtx};
  std::string out = std::string(ZSTD_CStreamOutSize(), '\0');

  Result<> run(std::string_view bytes, ZSTD_EndDirective how) {
    if (!context) return fail(Errc::unavailable, "zstd: no memory");
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer piece{out.data(), out.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context.get(), &piece, &in, how);
      if (ZSTD_isError(left) != 0) return fail(Errc::internal, std::string("zstd: ") + ZSTD_getErrorName(left));
      if (piece.pos > 0) ECLAIR_CHECK_OK(to(std::string_view(out).substr(0, piece.pos)));
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }
};

ZstdWriter::ZstdWriter(WriteFn to) : impl_(std::make_unique<Impl>()) {
  impl_->to = std::move(to);
  if (!impl_->context) return;
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_compressionLevel, zstd_writer_detail::kLevel);
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_checksumFlag, 1);
}
ZstdWriter::~ZstdWriter() = default;
Result<> ZstdWriter::write(std::string_view bytes) { return impl_->run(bytes, ZSTD_e_continue); }
Result<> ZstdWriter::finish() { return impl_->run({}, ZSTD_e_end); }

}  // namespace eclair
