// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "store/data_set.h"
#include "util/decompress.h"
#include "util/digest.h"
#include "util/json.h"
#include "util/tar.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::store {
namespace data_set_import_detail {

constexpr std::string_view kFormat = "eclair data set";
constexpr std::string_view kIndex = "index.json";
constexpr std::int64_t kVersion = 1;
constexpr std::uint64_t kIndexBytes = 8u << 20;
constexpr std::uint64_t kNameBytes = 64u << 10;  // of a namespace, a package, an id

Error damaged(const std::string& where, const std::string& why) { return Error{Errc::invalid_input, "data set: " + where + ": " + why}; }

/// What the index says of a member.
struct Member {
  std::uint64_t bytes = 0;
  std::string sha256;
};
struct Feed {
  std::string name, snapshot;
  UnixTime fetched_at = 0;
  std::uint64_t records = 0;
  std::vector<std::pair<std::string, UnixTime>> namespaces;
  Member rows, texts;
};

Result<UnixTime> time_of(json::Value value, const std::string& where) {
  auto out = parse_time(value.string());
  if (!out) return fail(damaged(where, out.error().text));
  return *out;
}

Result<Member> member_of(json::Value value, const std::string& where) {
  const std::optional<std::int64_t> bytes = value["bytes"].integer();
  Member out;
  out.sha256 = value["sha256"].string();
  if (!bytes || *bytes < 1 || !Digest::parse("sha256:" + out.sha256)) return fail(damaged(where, "a member without size or digest"));
  out.bytes = static_cast<std::uint64_t>(*bytes);
  return out;
}

/// Names of feeds become paths and words on a terminal.
bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || text::is_digit(c) || c == '-' || c == '_'; });
}

Result<Feed> feed_of(json::Value value) {
  Feed out;
  out.name = value["name"].string();
  if (!is_name(out.name)) return fail(damaged(std::string(kIndex), "a feed without a proper name"));
  const std::string where = std::string(kIndex) + ", feed " + out.name;
  out.snapshot = value["snapshot"].string();
  ECLAIR_TRY(out.fetched_at, time_of(value["fetched_at"], where));
  out.records = static_cast<std::uint64_t>(std::max<std::int64_t>(value["records"].integer().value_or(0), 0));
  ECLAIR_TRY(out.rows, member_of(value["rows"], where));
  ECLAIR_TRY(out.texts, member_of(value["texts"], where));
  std::optional<Error> fault;
  value["namespaces"].each([&](json::Value one) {
    const std::string_view name = one["name"].string();
    auto at = time_of(one["fetched_at"], where);
    if (name.empty() || name.size() > kNameBytes || !at) {
      fault = damaged(where, "a namespace without name or time");
      return false;
    }
    out.namespaces.emplace_back(name, *at);
    return true;
  });
  if (fault) return fail(*std::move(fault));
  return out;
}

Result<std::vector<Feed>> read_index(EntryReader& reader) {
  ECLAIR_TRY(const Entry* const entry, reader.next());
  if (entry == nullptr || entry->path != kIndex || entry->kind != PathKind::file) return fail(Errc::invalid_input, "not a data set: it does not begin with index.json");
  if (entry->size > kIndexBytes) return fail(Errc::limit, "data set: index.json takes more than " + std::to_string(kIndexBytes) + " bytes");
  std::string text;
  ECLAIR_TRY(std::string_view piece, reader.read());
  while (!piece.empty()) {
    text += piece;
    ECLAIR_TRY(piece, reader.read());
  }
  json::Document document;
  auto value = document.parse(text);
  if (!value) return fail(damaged(std::string(kIndex), value.error().text));
  if ((*value)["format"].string() != kFormat) return fail(Errc::invalid_input, "not a data set: index.json is of something else");
  if (const auto version = (*value)["version"].integer(); version != kVersion) {
    return fail(Errc::unsupported, "a data set of form " + std::to_string(version.value_or(0)) + " is newer than this program, which reads form " + std::to_string(kVersion));
  }
  std::vector<Feed> out;
  std::optional<Error> fault;
  (*value)["feeds"].each([&](json::Value one) {
    auto feed = feed_of(one);
    if (!feed) {
      fault = std::move(feed).error();
      return false;
    }
    out.push_back(*std::move(feed));
    return true;
  });
  if (fault) return fail(*std::move(fault));
  return out;
}

/// Reads a member's numbers and texts while it comes, and checks its digest at the end.
class Pull {
 public:
  static Result<Pull> begin(EntryReader& reader, const std::string& name, const Member& wanted) {
    ECLAIR_TRY(const Entry* const entry, reader.next());
    if (entry == nullptr || entry->path != name) return fail(damaged(name, "missing"));
    if (entry->kind != PathKind::file || entry->size != wanted.bytes) return fail(damaged(name, "its size is not what index.json says"));
    Pull out(reader, name, wanted);
    ECLAIR_TRY(const std::uint64_t version, out.number());
    if (version != static_cast<std::uint64_t>(kVersion)) return fail(Errc::unsupported, "data set: " + name + " is of form " + std::to_string(version));
    return out;
  }

  Result<bool> done() {
    ECLAIR_CHECK_OK(fill());
    return piece_.empty();
  }

  Result<std::uint64_t> number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      ECLAIR_CHECK_OK(fill());
      if (piece_.empty()) return fail(at("it ends within a number"));
      const auto byte = static_cast<unsigned char>(piece_.front());
      take(1);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return fail(at("a number of more than 64 bits"));
  }

  /// Good until the next call.
  Result<std::string_view> text(std::uint64_t max_bytes) {
    ECLAIR_TRY(const std::uint64_t size, number());
    if (size > max_bytes) return fail(Errc::limit, at("a text of " + std::to_string(size) + " bytes, more than the limit of " + std::to_string(max_bytes)).text);
    if (size > left_) return fail(at("it ends within a text"));
    held_.clear();
    while (held_.size() < size) {
      ECLAIR_CHECK_OK(fill());
      if (piece_.empty()) return fail(at("it ends within a text"));
      const std::size_t part = std::min<std::size_t>(size - held_.size(), piece_.size());
      held_ += piece_.substr(0, part);
      take(part);
    }
    return std::string_view(held_);
  }

  Result<> finish() {
    if (hasher_.finish().hex() != sha256_) return fail(damaged(name_, "its checksum is not what index.json says"));
    return {};
  }

  Error at(const std::string& why) const { return damaged(name_ + ", byte " + std::to_string(size_ - left_), why); }

 private:
  Pull(EntryReader& reader, std::string name, const Member& wanted)
      : reader_(&reader), name_(std::move(name)), sha256_(wanted.sha256), size_(wanted.bytes), left_(wanted.bytes) {}

  Result<> fill() {
    if (!piece_.empty()) return {};
    ECLAIR_TRY(piece_, reader_->read());
    hasher_.update(piece_);
    return {};
  }
  void take(std::size_t bytes) {
    piece_.remove_prefix(bytes);
    left_ -= std::min<std::uint64_t>(left_, bytes);
  }

  EntryReader* reader_;
  std::string name_, sha256_;
  std::uint64_t size_, left_;
  std::string_view piece_;
  std::string held_;
  Hasher hasher_;
};

struct Context {
  const DataSetOptions& options;
  const Cancel& stop;
  const DataSetProgress& progress;
};

Result<> read_rows(EntryReader& reader, const Feed& feed, AdvisoryStore::Import& to, const Context& how) {
  ECLAIR_TRY(Pull in, Pull::begin(reader, feed.name + "/rows", feed.rows));
  std::uint64_t rows = 0;
  ECLAIR_TRY(bool done, in.done());
  while (!done) {
    if (how.stop.requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_TRY(const std::string_view space, in.text(kNameBytes));
    const std::string name_space(space);
    ECLAIR_TRY(const std::string_view called, in.text(kNameBytes));
    const std::string package(called);
    ECLAIR_TRY(std::uint64_t count, in.number());
    for (; count > 0; --count, ++rows) {
      ECLAIR_TRY(const std::string_view encoded, in.text(kMaxRowBytes));
      Decoder row(encoded);
      Advisory advisory = decode_advisory(row);
      if (!row.ok() || !row.done() || advisory.vulnerability.empty()) return fail(in.at("a row that does not read back"));
      ECLAIR_CHECK_OK(to.advisory(name_space, package, std::move(advisory)));
    }
    if (how.progress) how.progress(feed.name, rows);
    ECLAIR_TRY(done, in.done());
  }
  ECLAIR_CHECK_OK(in.finish());
  if (rows != feed.records) return fail(damaged(feed.name + "/rows", std::to_string(rows) + " records, and index.json says " + std::to_string(feed.records)));
  return {};
}

Result<> read_texts(EntryReader& reader, const Feed& feed, AdvisoryStore::Import& to, const Context& how) {
  ECLAIR_TRY(Pull in, Pull::begin(reader, feed.name + "/texts", feed.texts));
  ECLAIR_TRY(bool done, in.done());
  while (!done) {
    if (how.stop.requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_TRY(const std::string_view called, in.text(kNameBytes));
    const std::string id(called);
    ECLAIR_TRY(const std::string_view encoded, in.text(kMaxRowBytes));
    Decoder text(encoded);
    VulnerabilityText one = decode_vulnerability(text);
    if (!text.ok() || !text.done() || one.id != id) return fail(in.at("a text that does not read back"));
    ECLAIR_CHECK_OK(to.vulnerability(std::move(one)));
    ECLAIR_TRY(done, in.done());
  }
  return in.finish();
}

Result<ImportSummary> read_feed(EntryReader& reader, const Feed& feed, const FeedState* here, AdvisoryStore::Batch& batch, const Context& how) {
  const bool newer_here = here != nullptr && here->fetched_at > feed.fetched_at;
  const bool same = here != nullptr && here->snapshot == feed.snapshot;
  if (newer_here && !same && !how.options.allow_older) {
    return fail(Errc::conflict, feed.name + ": what is here is of " + rfc3339(here->fetched_at) + ", and the data set of " + rfc3339(feed.fetched_at));
  }
  const auto import = batch.begin_import(feed.name, how.options.origin, how.options.at);
  ECLAIR_CHECK_OK(read_rows(reader, feed, *import, how));
  ECLAIR_CHECK_OK(read_texts(reader, feed, *import, how));
  import->fetched("", same && newer_here ? here->fetched_at : feed.fetched_at);
  for (const auto& [name, at] : feed.namespaces) {
    import->complete(name);
    import->fetched(name, same && newer_here ? std::max(here->fetched_at_of(name), at) : at);
  }
  ECLAIR_TRY(ImportSummary done, import->commit(how.options.allow_shrink));
  const auto spoken_for = [&](const std::string& name) {
    return std::any_of(feed.namespaces.begin(), feed.namespaces.end(), [&](const auto& one) { return one.first == name; });
  };
  // Where the data set speaks for all that is here, its content is the store's, and so is its name.
  const bool whole = here == nullptr || std::all_of(here->namespaces.begin(), here->namespaces.end(), spoken_for);
  if (whole && done.snapshot != feed.snapshot) return fail(damaged(feed.name, "its content is snapshot " + done.snapshot + ", and index.json says " + feed.snapshot));
  return done;
}

}  // namespace data_set_import_detail

bool is_data_set(std::string_view first_bytes) {
  constexpr std::string_view kName("index.json\0", 11);
  return first_bytes.size() >= 512 && first_bytes.substr(0, kName.size()) == kName && first_bytes.substr(257, 5) == "ustar";
}

Result<std::vector<std::pair<std::string, ImportSummary>>> import_data_set(AdvisoryStore& store, std::unique_ptr<ByteStream> in, const DataSetOptions& options,
                                                                           const Limits& limits, const Cancel& stop, const DataSetProgress& progress) {
  using namespace data_set_import_detail;
  const auto reader = tar_reader(decompress(std::move(in), limits), limits);
  ECLAIR_TRY(const std::vector<Feed> feeds, read_index(*reader));
  ECLAIR_TRY(const std::vector<FeedState> states, store.feeds());
  ECLAIR_TRY(const auto batch, store.begin_batch());
  std::vector<std::pair<std::string, ImportSummary>> out;
  const Context how{options, stop, progress};
  for (const Feed& feed : feeds) {
    if (std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.first == feed.name; })) return fail(damaged(std::string(kIndex), feed.name + " comes twice"));
    const auto here = std::find_if(states.begin(), states.end(), [&](const FeedState& one) { return one.name == feed.name; });
    ECLAIR_TRY(ImportSummary done, read_feed(*reader, feed, here == states.end() ? nullptr : &*here, *batch, how));
    out.emplace_back(feed.name, std::move(done));
  }
  ECLAIR_TRY(const Entry* const more, reader->next());
  if (more != nullptr) return fail(damaged(std::string(more->path), "index.json does not speak of it"));
  ECLAIR_CHECK_OK(batch->commit());
  return out;
}

}  // namespace eclair::store
