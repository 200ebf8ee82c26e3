// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/data_set.h"
#include "util/byte_source.h"
#include "util/digest.h"
#include "util/json_writer.h"
#include "util/tar_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::store {
namespace data_set_export_detail {

constexpr std::uint64_t kHeldBytes = 256u << 10;
constexpr char kVersion = 1;

/// A member of the archive, put aside: its size and digest stand before it.
class Member {
 public:
  Member() : held_(kHeldBytes) {
    constexpr char first = kVersion;
    static_cast<void>(append(std::string_view(&first, 1)));  // in memory: cannot fail
  }
  Result<> append(std::string_view bytes) {
    hasher_.update(bytes);
    return held_.append(bytes);
  }
  void finish() {
    digest_ = hasher_.finish();
    bytes_ = held_.take();
  }
  const ByteSource& bytes() const { return *bytes_; }
  void describe(json::Writer& w, std::string_view key) const {
    w.key(key).begin_object().member("bytes", static_cast<std::int64_t>(bytes_->size())).member("sha256", digest_.hex()).end_object();
  }

 private:
  SpillBuffer held_;
  Hasher hasher_;
  Digest digest_;
  std::unique_ptr<ByteSource> bytes_;
};

struct Exported {
  FeedState state;
  Member rows, texts;
  std::uint64_t records = 0;
};

Result<> collect(AdvisoryStore& store, Exported& to, const Cancel& stop) {
  Encoder encoder;
  const auto group = [&](std::string_view name_space, std::string_view package, const std::vector<std::string>& rows) -> Result<> {
    if (stop.requested()) return fail(Errc::cancelled, "stopped");
    encoder.clear();
    encoder.text(name_space);
    encoder.text(package);
    encoder.number(rows.size());
    for (const std::string& row : rows) encoder.text(row);
    to.records += rows.size();
    return to.rows.append(encoder.bytes());
  };
  const auto text = [&](std::string_view id, std::string_view encoded) -> Result<> {
    encoder.clear();
    encoder.text(id);
    encoder.text(encoded);
    return to.texts.append(encoder.bytes());
  };
  ECLAIR_CHECK_OK(store.each(to.state.name, group, text));
  to.rows.finish();
  to.texts.finish();
  return {};
}

/// What is in the archive. Nothing of where or when it was made: equal content gives equal bytes.
std::string index_of(const std::vector<Exported>& all) {
  json::Writer w(true);
  w.begin_object().member("format", "eclair data set").member("version", std::int64_t{1}).key("feeds").begin_array();
  for (const Exported& one : all) {
    w.begin_object().member("name", one.state.name).member("snapshot", one.state.snapshot).member("fetched_at", rfc3339(one.state.fetched_at));
    w.member("records", static_cast<std::int64_t>(one.records));
    w.key("namespaces").begin_array();
    for (const std::string& name : one.state.namespaces) {
      w.begin_object().member("name", name).member("fetched_at", rfc3339(one.state.fetched_at_of(name))).end_object();
    }
    w.end_array();
    one.rows.describe(w, "rows");
    one.texts.describe(w, "texts");
    w.end_object();
  }
  w.end_array().end_object();
  return w.take() + "\n";
}

Result<> add(ZstdWriter& to, const std::string& name, const ByteSource& bytes) {
  ECLAIR_TRY(const std::string header, tar::file_header(name, bytes.size()));
  ECLAIR_CHECK_OK(to.write(header));
  SourceStream in(bytes);
  ECLAIR_TRY(std::string_view piece, in.next());
  while (!piece.empty()) {
    ECLAIR_CHECK_OK(to.write(piece));
    ECLAIR_TRY(piece, in.next());
  }
  return to.write(tar::padding(bytes.size()));
}

Result<std::vector<FeedState>> chosen(AdvisoryStore& store, const std::vector<std::string>& feeds) {
  ECLAIR_TRY(std::vector<FeedState> states, store.feeds());
  for (const std::string& name : feeds) {
    const bool there = std::any_of(states.begin(), states.end(), [&](const FeedState& one) { return one.name == name; });
    if (!there) return fail(Errc::not_found, "no advisories of " + text::quoted(name) + " are here");
  }
  const auto unwanted = [&](const FeedState& one) { return !feeds.empty() && std::find(feeds.begin(), feeds.end(), one.name) == feeds.end(); };
  states.erase(std::remove_if(states.begin(), states.end(), unwanted), states.end());
  if (states.empty()) return fail(Errc::not_found, "no advisories are here");
  return states;
}

}  // namespace data_set_export_detail

Result<DataSetSummary> export_data_set(AdvisoryStore& store, const std::vector<std::string>& feeds, const WriteFn& to, const Cancel& stop) {
  using namespace data_set_export_detail;
  ECLAIR_TRY(std::vector<FeedState> states, chosen(store, feeds));
  DataSetSummary out;
  std::vector<Exported> all;
  for (FeedState& state : states) {
    all.emplace_back().state = std::move(state);
    ECLAIR_CHECK_OK(collect(store, all.back(), stop));
    out.records += all.back().records;
  }
  out.feeds = all.size();
  Hasher hasher;
  ZstdWriter writer([&](std::string_view piece) {
    hasher.update(piece);
    out.bytes += piece.size();
    return to(piece);
  });
  ECLAIR_CHECK_OK(add(writer, "index.json", MemorySource(index_of(all))));
  for (const Exported& one : all) {
    if (stop.requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_CHECK_OK(add(writer, one.state.name + "/rows", one.rows.bytes()));
    ECLAIR_CHECK_OK(add(writer, one.state.name + "/texts", one.texts.bytes()));
  }
  ECLAIR_CHECK_OK(writer.write(tar::end()));
  ECLAIR_CHECK_OK(writer.finish());
  out.sha256 = hasher.finish().text;
  return out;
}

}  // namespace eclair::store
