// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/index.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "support/tar_writer.h"
#include "util/byte_stream.h"

using namespace eclair;

namespace index_image_test_detail {

/// An image in memory.
class FakeSource final : public image::Source {
 public:
  explicit FakeSource(std::vector<std::string> layers) : layers_(std::move(layers)) {
    for (const std::string& one : layers_) {
      LayerInfo info;
      info.index = static_cast<std::uint32_t>(image_.history.size() + 1);
      info.digest = sha256(one);
      info.size = one.size();
      image_.history.push_back(info);
      sources_.push_back(std::make_unique<MemorySource>(one));
    }
  }
  const Image& image() const override { return image_; }
  Image& described() { return image_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t index) const override {
    ++opened;
    if (before) before(index);
    return std::make_unique<SourceStream>(*sources_[index - 1]);
  }

  mutable std::atomic<int> opened{0};
  std::function<void(std::uint32_t)> before;  ///< called before a layer comes

 private:
  std::vector<std::string> layers_;
  std::vector<std::unique_ptr<MemorySource>> sources_;
  Image image_;
};

class FakeLayers final : public store::LayerStore {
 public:
  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    const auto found = records.find(digest.text);
    return found == records.end() ? std::nullopt : std::optional<LayerRecord>(found->second);
  }
  Result<> put_layer_record(const LayerRecord& record) override {
    records[record.digest.text] = record;
    return {};
  }
  std::map<std::string, LayerRecord> records;
};

std::string base_layer() {
  return test::TarWriter().file("etc/os-release", "ID=alpine\nVERSION_ID=3.19.1\n").file("lib/apk/db/installed", "P:musl\nV:1.2.4-r0\nA:x86_64\n\n").finish();
}
std::string layer(const std::string& name) { return test::TarWriter().file(name, "x").finish(); }

}  // namespace index_image_test_detail

using namespace index_image_test_detail;

TEST_CASE("who asks is told each layer once, with its record, whether it was known or read") {
  FakeSource source({base_layer(), layer("a"), layer("b"), layer("a")});
  source.described().history.insert(source.described().history.begin() + 1, LayerInfo{.empty = true});
  FakeLayers known;
  for (const int opened : {3, 0}) {
    CAPTURE(opened);
    std::map<std::uint32_t, std::string> told;
    index::IndexOptions options;
    options.layer_ready = [&](const LayerInfo& info, const LayerRecord& record) {
      CHECK(told.emplace(info.index, index::os_of(record).id).second);
      CHECK(record.digest == info.digest);
    };
    source.opened = 0;
    const auto read = index::index_image(source, &known, options, Cancel());
    REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
    CHECK(source.opened == opened);
    CHECK(told == std::map<std::uint32_t, std::string>{{1, "alpine"}, {2, ""}, {3, ""}});  // 4 equals 2
    CHECK(read->inventory.packages.size() == 1);
  }
}

TEST_CASE("a layer is told while another one is still on its way") {
  FakeSource source({base_layer(), layer("a")});
  std::atomic<bool> told{false}, waited{false};
  source.before = [&](std::uint32_t index) {
    if (index != 2) return;
    for (int i = 0; i < 2000 && !told; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    waited = told.load();
  };
  index::IndexOptions options;
  options.parallel = 2;
  options.layer_ready = [&](const LayerInfo& info, const LayerRecord&) {
    if (info.index == 1) told = true;
  };
  CHECK(index::index_image(source, nullptr, options, Cancel()).has_value());
  CHECK(waited);
}

TEST_CASE("a layer that cannot be read, or is not in the image, is not told") {
  FakeSource source({base_layer(), layer("a"), layer("b")});
  source.described().history[1].not_analysed = "foreign layer";
  source.described().history[2].digest = sha256("another");
  std::vector<std::uint32_t> told;
  index::IndexOptions options;
  options.parallel = 1;
  options.layer_ready = [&](const LayerInfo& info, const LayerRecord&) { told.push_back(info.index); };
  CHECK_FALSE(index::index_image(source, nullptr, options, Cancel()).has_value());
  CHECK(told == std::vector<std::uint32_t>{1});
}

TEST_CASE("what a listener throws ends in its layer") {
  FakeSource source({base_layer(), layer("a")});
  index::IndexOptions options;
  options.layer_ready = [&](const LayerInfo& info, const LayerRecord&) {
    if (info.index == 2) throw std::runtime_error("no");
  };
  const auto read = index::index_image(source, nullptr, options, Cancel());
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == Errc::internal);
  CHECK_MESSAGE(read.error().text.find("layer 2") != std::string::npos, read.error().text);
}
