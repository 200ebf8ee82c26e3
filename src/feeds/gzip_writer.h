// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "util/result.h"
#include "util/zstd_writer.h"

namespace eclair::feeds {

/// Writes one gzip member without name or time. The same bytes give the same file for one version of zlib, however they are cut into
/// pieces.
class GzipWriter {
 public:
  explicit GzipWriter(WriteFn to);
  ~GzipWriter();
  Result<> write(std::string_view bytes);
  Result<> finish();  ///< once

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::feeds
