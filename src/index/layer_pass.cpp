// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/layer_pass.h"

#include <algorithm>
#include <map>
#include <set>

#include "util/tar.h"
#include "index/digest_stream.h"
#include "index/evidence_set.h"
#include "util/decompress.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::index {
namespace layer_pass_detail {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::string_view kMetadata = ".wh..wh.";
/// Buffers of one layer in flight: read, inflate, path run, one held file.
constexpr std::uint64_t kLayerBytes = 5u << 20;

class FactPatterns {
 public:
  explicit FactPatterns(const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
      if (pattern.find_first_of("*?[") == std::string::npos) {
        exact_.insert(path::clean(pattern));
      } else {
        globs_.push_back(pattern);
      }
    }
  }
  bool match(std::string_view path) const {
    if (exact_.empty() && globs_.empty()) return false;
    return exact_.find(path) != exact_.end() || std::any_of(globs_.begin(), globs_.end(), [&](const std::string& g) { return text::glob(g, path); });
  }

 private:
  std::set<std::string, std::less<>> exact_;
  std::vector<std::string> globs_;
};

/// One walk over the entries of a layer.
class Pass {
 public:
  Pass(const PassOptions& options, PassCounters& counters, const Cancel& stop, std::set<std::string, std::less<>> also_wanted)
      : options_(options), counters_(counters), stop_(stop), interests_(extract::InterestIndex::standard()),
        evidence_(interests_, options.limits, stop), facts_(options.fact_patterns), also_wanted_(std::move(also_wanted)) {}

  Result<> run(EntryReader& entries) {
    while (true) {
      if ((++record_.entries & 0xff) == 0 && stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const Entry* entry, entries.next());
      for (Note& n : entries.take_notes()) evidence_.note(n.code, n.path, std::move(n.message));
      if (entry == nullptr) break;
      std::string_view path = entry->path;
      if (!options_.path_prefix.empty()) {
        if (path == options_.path_prefix || !path::is_below(path, options_.path_prefix)) continue;
        path.remove_prefix(options_.path_prefix.size() + 1);
      }
      ECLAIR_CHECK_OK(one(*entry, path, entries));
    }
    --record_.entries;  // the end is no entry
    return {};
  }

  /// Wanted hard links whose targets were not kept: another pass has to keep these.
  std::set<std::string, std::less<>> missing_targets() const {
    std::set<std::string, std::less<>> out;
    for (const auto& [target, links] : waiting_) out.insert(target);
    return out;
  }

  Result<LayerRecord> finish() {
    for (const auto& [target, links] : waiting_) {
      for (const Link& link : links) evidence_.note("incomplete", link.path, "is a hard link to " + text::quoted(target) + ", which this layer does not hold");
    }
    ECLAIR_CHECK_OK(evidence_.finish(record_));
    record_.paths = paths_.finish();
    record_.revisions = extract::current_revisions();
    record_.facts_digest = facts_digest(options_.fact_patterns);
    std::sort(record_.named_files.begin(), record_.named_files.end(), [](const NamedFile& a, const NamedFile& b) { return a.path < b.path; });
    return std::move(record_);
  }

 private:
  struct Link {
    std::string path;
    std::uint32_t mode = 0;
    std::vector<extract::InterestIndex::Hit> hits;
  };

  Result<> one(const Entry& entry, std::string_view path, EntryReader& entries) {
    if (entry.kind == PathKind::whiteout || entry.kind == PathKind::opaque) {
      paths_.add(entry.kind, path);
      return {};
    }
    if (options_.path_prefix.empty() && whiteout(path)) return {};
    paths_.add(entry.kind, path, entry.kind == PathKind::hardlink ? strip_prefix(entry.target) : entry.target);
    evidence_.replaced(path, entry.kind == PathKind::directory);
    switch (entry.kind) {
      case PathKind::file: return file(entry, path, entries);
      case PathKind::hardlink: return hard_link(entry, path);
      default: return {};
    }
  }

  std::string_view strip_prefix(std::string_view target) const {
    if (!options_.path_prefix.empty() && path::is_below(target, options_.path_prefix) && target.size() > options_.path_prefix.size()) {
      target.remove_prefix(options_.path_prefix.size() + 1);
    }
    return target;
  }

  /// Whether the name is a mark instead of a file; then it is recorded.  source: image-spec layer.md, moby/go-archive
  bool whiteout(std::string_view path) {
    const std::string_view name = path::base_name(path);
    if (name.substr(0, kWhiteout.size()) != kWhiteout) return false;
    const std::string_view folder = path::parent(path);
    if (name == kOpaque) {
      paths_.add(PathKind::opaque, folder);
    } else if (name.substr(0, kMetadata.size()) != kMetadata) {
      const std::string_view hidden = name.substr(kWhiteout.size());
      if (hidden.empty() || hidden == "." || hidden == "..") {
        evidence_.note("bad_record", path, "a whiteout of nothing");
      } else {
        paths_.add(PathKind::whiteout, path::join(folder, hidden));
      }
    }
    return true;
  }

  Result<> file(const Entry& entry, std::string_view path, EntryReader& entries) {
    if (facts_.match(path)) record_.named_files.push_back({std::string(path), entry.size, entry.mode});
    std::string first;
    std::string_view pending;
    bool has_pending = false;
    if (interests_.magic_bytes() > 0 && entry.size >= interests_.magic_bytes()) {
      while (first.size() < interests_.magic_bytes()) {
        ECLAIR_TRY(pending, entries.read());
        if (pending.empty()) break;
        if (first.empty() && pending.size() >= interests_.magic_bytes()) {
          has_pending = true;
          break;
        }
        first.append(pending);
      }
    }
    interests_.match(path, has_pending ? pending : std::string_view(first), hits_);
    const auto links = waiting_.find(path);
    const bool linked = links != waiting_.end() || also_wanted_.count(path) > 0;
    if (hits_.empty() && !linked) return {};
    if (++record_files_ > options_.limits.evidence_files) {
      if (record_files_ == options_.limits.evidence_files + 1) {
        evidence_.note("limit", path, "more wanted files than the limit evidence_files of " + std::to_string(options_.limits.evidence_files));
      }
      return {};
    }
    if (entry.size > options_.limits.evidence_bytes) {
      evidence_.note("limit", path, std::to_string(entry.size) + " bytes, more than the limit evidence_bytes of " + std::to_string(options_.limits.evidence_bytes));
      return {};
    }
    // The views of the entry end with the next read.
    const extract::FileMeta meta{std::string(path), entry.size, entry.mode};
    SpillBuffer body(options_.limits.spill_bytes);
    ECLAIR_CHECK_OK(body.append(has_pending ? pending : std::string_view(first)));
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const std::string_view piece, entries.read());
      if (piece.empty()) break;
      ECLAIR_CHECK_OK(body.append(piece));
    }
    std::unique_ptr<ByteSource> bytes = body.take();
    if (linked) {
      const auto shared = std::make_shared<Shared>(std::move(bytes));
      if (links != waiting_.end()) {
        for (const Link& link : links->second) {
          ECLAIR_CHECK_OK(evidence_.add({link.path, meta.size, link.mode}, link.hits, std::make_unique<Borrowed>(shared)));
        }
        waiting_.erase(links);
      }
      if (also_wanted_.count(meta.path) > 0) kept_[meta.path] = shared;
      bytes = std::make_unique<Borrowed>(shared);
    }
    if (!hits_.empty()) ECLAIR_CHECK_OK(evidence_.add(meta, hits_, std::move(bytes)));
    if (evidence_.packages() > counted_) {
      counters_.packages += evidence_.packages() - counted_;
      counted_ = evidence_.packages();
      if (counters_.changed) counters_.changed();
    }
    return {};
  }

  Result<> hard_link(const Entry& entry, std::string_view path) {
    interests_.match(path, {}, hits_);
    const std::string target(strip_prefix(entry.target));
    if (facts_.match(path)) record_.named_files.push_back({std::string(path), 0, entry.mode});
    if (hits_.empty() || path == target) return {};
    if (evidence_.add_link(path, target, hits_)) return {};
    if (const auto kept = kept_.find(target); kept != kept_.end()) {
      return evidence_.add({std::string(path), kept->second->bytes->size(), entry.mode}, hits_, std::make_unique<Borrowed>(kept->second));
    }
    waiting_[target].push_back({std::string(path), entry.mode, hits_});  // it may come later in the archive
    return {};
  }

  struct Shared {
    explicit Shared(std::unique_ptr<ByteSource> b) : bytes(std::move(b)) {}
    std::unique_ptr<ByteSource> bytes;
  };
  /// One file under several names: owned by all of them.
  class Borrowed final : public ByteSource {
   public:
    explicit Borrowed(std::shared_ptr<Shared> from) : from_(std::move(from)) {}
    std::uint64_t size() const override { return from_->bytes->size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override { return from_->bytes->read_at(offset, into); }

   private:
    std::shared_ptr<Shared> from_;
  };

  const PassOptions& options_;
  PassCounters& counters_;
  const Cancel& stop_;
  const extract::InterestIndex& interests_;
  EvidenceSet evidence_;
  FactPatterns facts_;
  std::set<std::string, std::less<>> also_wanted_;
  LayerRecord record_;
  PathListBuilder paths_;
  std::vector<extract::InterestIndex::Hit> hits_;
  std::map<std::string, std::vector<Link>, std::less<>> waiting_;  // wanted links, by the target they wait for
  std::map<std::string, std::shared_ptr<Shared>, std::less<>> kept_;
  std::uint64_t record_files_ = 0, counted_ = 0;
};

std::string mib(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

/// Stops a blob that unpacks to absurdly more than it is.
class RatioGuard final : public ByteStream {
 public:
  RatioGuard(ByteStream& in, const DigestStream& packed, const Limits& limits) : in_(in), packed_(packed), limits_(limits) {}
  Result<std::string_view> next() override {
    ECLAIR_TRY(const std::string_view piece, in_.next());
    bytes_ += piece.size();
    if (bytes_ > limits_.image_bytes) {
      return fail(Errc::limit, "unpacks to more than the limit image_bytes of " + mib(limits_.image_bytes));
    }
    if (bytes_ > limits_.ratio_floor_bytes && bytes_ / limits_.ratio > packed_.bytes()) {
      return fail(Errc::limit, "unpacks to " + mib(bytes_) + ", more than the limit ratio of " + std::to_string(limits_.ratio) + " to 1");
    }
    return piece;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  ByteStream& in_;
  const DigestStream& packed_;
  const Limits& limits_;
  std::uint64_t bytes_ = 0;
};

/// Counts what arrives, for progress.
class Counted final : public ByteStream {
 public:
  Counted(std::unique_ptr<ByteStream> in, PassCounters& counters, const Cancel& stop) : in_(std::move(in)), counters_(counters), stop_(stop) {}
  Result<std::string_view> next() override {
    if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
    if (!first_.empty()) return std::exchange(first_, {});
    ECLAIR_TRY(const std::string_view piece, in_->next());
    counters_.bytes += piece.size();
    if (counters_.changed) counters_.changed();
    return piece;
  }
  /// The first piece, which next() will give again.
  Result<std::string_view> peek() {
    ECLAIR_TRY(first_, next());
    return first_;
  }

 private:
  std::unique_ptr<ByteStream> in_;
  PassCounters& counters_;
  const Cancel& stop_;
  std::string_view first_;
};

}  // namespace layer_pass_detail

using namespace layer_pass_detail;

std::string facts_digest(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return {};
  Encoder bytes;
  for (const std::string& pattern : patterns) bytes.text(pattern);
  return sha256(bytes.bytes()).text;
}

Result<LayerRecord> read_layer(const StreamOpener& open, const Digest& expected, std::uint64_t size, const PassOptions& options,
                               MemoryBudget& budget, PassCounters& counters, const Cancel& stop) {
  std::set<std::string, std::less<>> also_wanted;
  for (int round = 0;; ++round) {
    ECLAIR_TRY(auto blob, open());
    Counted counted(std::move(blob), counters, stop);
    ECLAIR_TRY(const std::string_view first, counted.peek());
    const auto lease = budget.lease(kLayerBytes + zstd_window_bytes(first));
    const bool is_plain = sniff_compression(first) == Compression::none;
    DigestStream packed(counted, expected.empty() ? "sha256" : expected.algorithm());
    const auto inflated = decompress(packed, options.limits);
    RatioGuard guarded(*inflated, packed, options.limits);
    DigestStream plain(guarded, options.compute_diff_id && !is_plain ? "sha256" : "");
    const auto entries = tar_reader(plain, options.limits);
    Pass pass(options, counters, stop, also_wanted);
    ECLAIR_CHECK_OK(pass.run(*entries));
    ECLAIR_CHECK_OK(packed.drain());
    if (size > 0 && packed.bytes() != size) {
      return fail(Errc::invalid_input, "is damaged: " + std::to_string(packed.bytes()) + " bytes, its manifest says size " + std::to_string(size));
    }
    const Digest digest = packed.finish();
    if (!expected.empty() && digest != expected) return fail(Errc::invalid_input, "is damaged: its bytes have digest " + digest.text);
    // Beyond this point the bytes are what the manifest means.
    auto missing = pass.missing_targets();
    if (round == 0 && !missing.empty()) {
      also_wanted = std::move(missing);
      continue;
    }
    ECLAIR_TRY(LayerRecord record, pass.finish());
    record.digest = digest;
    record.diff_id = is_plain && digest.algorithm() == "sha256" ? digest : plain.finish();
    record.blob_bytes = packed.bytes();
    record.uncompressed_bytes = plain.bytes();
    return record;
  }
}

Result<LayerRecord> read_entries(const WalkOpener& open, const PassOptions& options, MemoryBudget& budget, PassCounters& counters,
                                 const Cancel& stop) {
  std::set<std::string, std::less<>> also_wanted;
  for (int round = 0;; ++round) {
    const auto lease = budget.lease(kLayerBytes);
    ECLAIR_TRY(const auto entries, open());
    Pass pass(options, counters, stop, also_wanted);
    ECLAIR_CHECK_OK(pass.run(*entries));
    auto missing = pass.missing_targets();
    if (round == 0 && !missing.empty()) {
      also_wanted = std::move(missing);
      continue;
    }
    ECLAIR_TRY(LayerRecord record, pass.finish());
    record.digest = sha256(record.paths.stored() + encode(record));
    return record;
  }
}

}  // namespace eclair::index
