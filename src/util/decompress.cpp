// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/decompress.h"

#include "util/codecs.h"

namespace eclair {
namespace decompress_detail {

/// Gives back the bytes that were read to sniff, then the rest.
class Rewound final : public ByteStream {
 public:
  explicit Rewound(ByteStream& in) : in_(in) {}

  Result<std::string_view> sniff() {
    while (head_.size() < 6) {
      ECLAIR_TRY(const std::string_view more, in_.next());
      if (more.empty()) break;
      if (head_.empty() && more.size() >= 6) {  // the common case: no copy
        first_ = more;
        return first_;
      }
      head_.append(more);
    }
    first_ = head_;
    return first_;
  }

  Result<std::string_view> next() override {
    if (!first_.empty()) return std::exchange(first_, {});
    return in_.next();
  }

 private:
  ByteStream& in_;
  std::string head_;
  std::string_view first_;
};

class Decompressor final : public ByteStream {
 public:
  Decompressor(std::unique_ptr<ByteStream> owned, ByteStream& in, const Limits& limits) : owned_(std::move(owned)), rewound_(in), limits_(limits) {}

  Result<std::string_view> next() override {
    if (!started_) {
      started_ = true;
      ECLAIR_TRY(const std::string_view first, rewound_.sniff());
      switch (sniff_compression(first)) {
        case Compression::gzip: codec_ = codecs::gzip(rewound_); break;
        case Compression::zstd: codec_ = codecs::zstd(rewound_, limits_); break;
        case Compression::bzip2: codec_ = codecs::bzip2(rewound_); break;
        case Compression::xz: codec_ = codecs::xz(rewound_, limits_); break;
        case Compression::none: break;
      }
    }
    return codec_ ? codec_->next() : rewound_.next();
  }

 private:
  std::unique_ptr<ByteStream> owned_;
  Rewound rewound_;
  Limits limits_;
  std::unique_ptr<ByteStream> codec_;
  bool started_ = false;
};

}  // namespace decompress_detail

std::string_view name(Compression compression) {
  switch (compression) {
    case Compression::gzip: return "gzip";
    case Compression::zstd: return "zstd";
    case Compression::bzip2: return "bzip2";
    case Compression::xz: return "xz";
    case Compression::none: break;
  }
  return "plain";
}

Compression sniff_compression(std::string_view b) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(b[i]); };
  if (b.size() >= 2 && at(0) == 0x1f && at(1) == 0x8b) return Compression::gzip;
  if (b.size() >= 4 && at(0) == 0x28 && at(1) == 0xb5 && at(2) == 0x2f && at(3) == 0xfd) return Compression::zstd;
  if (b.size() >= 4 && (at(0) & 0xf0) == 0x50 && at(1) == 0x2a && at(2) == 0x4d && at(3) == 0x18) return Compression::zstd;
  if (b.size() >= 4 && b.substr(0, 3) == "BZh" && b[3] >= '1' && b[3] <= '9') return Compression::bzip2;
  if (b.size() >= 6 && b.substr(0, 6) == std::string_view("\xfd" "7zXZ\0", 6)) return Compression::xz;
  return Compression::none;
}

std::unique_ptr<ByteStream> decompress(std::unique_ptr<ByteStream> in, const Limits& limits) {
  ByteStream& borrowed = *in;
  return std::make_unique<decompress_detail::Decompressor>(std::move(in), borrowed, limits);
}

std::unique_ptr<ByteStream> decompress(ByteStream& in, const Limits& limits) {
  return std::make_unique<decompress_detail::Decompressor>(nullptr, in, limits);
}

}  // namespace eclair
