// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "util/result.h"

namespace eclair {

/// Takes bytes piece by piece. An error ends the writing and is passed on.
using WriteFn = std::function<Result<>(std::string_view)>;

/// Writes one zstd frame with a checksum. The same bytes give the same frame for one version of libzstd, however they are cut into pieces.
class ZstdWriter {
 public:
  explicit ZstdWriter(WriteFn to);
  ~ZstdWriter();
  Result<> write(std::string_view bytes);
  Result<> finish();  ///< once

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair
