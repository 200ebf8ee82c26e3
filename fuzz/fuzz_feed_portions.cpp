// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Index documents of every feed (listings, csv, repomd.xml): whatever they say, what a feed then wants has an address and a name.
// Input: pieces divided by a line "----"; what a feed reads first is the first piece, and so on, around.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "util/text.h"

namespace {

class FuzzedSource final : public eclair::feeds::Lookup {
 public:
  FuzzedSource(const std::vector<std::string>& pieces, std::string cursor) : pieces_(pieces), cursor_(std::move(cursor)) {}
  const std::vector<std::string>& wanted() const override { return none_; }
  bool wants(std::string_view) const override { return true; }
  std::string cursor(std::string_view) const override { return cursor_; }
  eclair::UnixTime at() const override { return 1'785'830'400; }
  eclair::Result<std::unique_ptr<eclair::ByteSource>> read(const std::string& url) override {
    if (url.empty()) std::abort();
    if (++reads_ > 1000) return eclair::fail(eclair::Errc::not_found, "no more");
    const std::string& piece = pieces_[at_++ % pieces_.size()];
    if (piece.empty()) return eclair::fail(eclair::Errc::not_found, "answered 404");
    return std::unique_ptr<eclair::ByteSource>(std::make_unique<eclair::MemorySource>(piece));
  }
  eclair::Result<std::unique_ptr<eclair::ByteSource>> read_if_changed(std::string_view, const std::string& url) override { return read(url); }

 private:
  const std::vector<std::string>& pieces_;
  const std::string cursor_;
  const std::vector<std::string> none_;
  std::size_t at_ = 0, reads_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> pieces(1);
  for (const std::string_view line : eclair::text::split({reinterpret_cast<const char*>(data), size}, '\n')) {
    if (line == "----") {
      pieces.emplace_back();
    } else {
      pieces.back().append(line).append("\n");
    }
  }
  for (const eclair::feeds::Feed* const feed : eclair::feeds::feeds()) {
    for (const std::string& cursor : {std::string(), std::string("2026-08-01T00:00:00Z 1785830000"), pieces.back()}) {
      FuzzedSource source(pieces, cursor);
      const auto portions = feed->portions(source);
      if (!portions) continue;
      for (const eclair::feeds::Portion& portion : *portions) {
        for (const eclair::feeds::Document& document : portion.documents) {
          if (document.url.rfind("https://", 0) != 0 && document.url.rfind("http://", 0) != 0) std::abort();
        }
      }
    }
  }
  return 0;
}
