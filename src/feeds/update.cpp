// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/update.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <thread>

#include "feeds/feed.h"
#include "feeds/import.h"
#include "net/url.h"
#include "util/byte_stream.h"
#include "util/decompress.h"
#include "util/digest.h"
#include "util/text.h"

// An update of one feed.
//
// The feed names its portions, and may look at index documents for that. Portions are taken in batches: a batch is downloaded (each
// document with the validators of the last time) while the batch before is imported, in one transaction with what is to be kept. Of a
// portion in which something changed all documents are needed, for a namespace is closed by absence only when all that speaks of it was
// read; nothing is kept on disk, so those that had not changed are asked for again without a condition.
// A batch that cannot be imported is tried again portion by portion, so that one that is broken does not hold up the others.
namespace eclair::feeds {
namespace update_detail {

constexpr unsigned kRequestsAtOnce = 4;        // of one feed, which mostly means: to one server
constexpr std::size_t kBatchDocuments = 64;
constexpr std::uint64_t kPoolMemory = 1u << 20;
constexpr unsigned kWholeRetries = 2;          // of a body that broke where the server cannot continue

std::string part_name(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("//") == std::string_view::npos ? 0 : url.find("//") + 2));
  return std::string(url.substr(0, url.find_first_of("?#")));
}

/// A mirror's address may hold a name and password, which are not for reports.
std::string without_login(std::string url) {
  const std::size_t host = url.find("//") == std::string::npos ? 0 : url.find("//") + 2;
  const std::size_t at = url.substr(0, url.find('/', host)).rfind('@');
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  return url;
}

/// Calls fn(0) to fn(n - 1), some of them at the same time. fn throws nothing.
template <class Fn>
void at_once(std::size_t n, const Fn& fn) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t at = next++; at < n; at = next++) fn(at);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(kRequestsAtOnce, n); ++i) others.emplace_back(take);
  take();
  for (std::thread& one : others) one.join();
}

/// A document as it was downloaded, or not.
struct Fetched {
  bool modified = true;
  bool absent = false;                ///< not there, which is an answer
  std::unique_ptr<ByteSource> bytes;  ///< null: as before, or not there
  std::uint64_t pooled_at = 0, pooled_size = 0;  ///< once they moved to Work::pool
  bool pooled = false;
  store::PortionState::Document kept;
};

/// A portion on its way.
struct Work {
  Portion portion;
  const store::PortionState* before = nullptr;  ///< what was kept, if it can be used
  store::PortionState after;
  std::vector<Fetched> fetched;
  /// Small documents lie in one file: thousands of changes must cost neither memory nor descriptors.
  SpillBuffer pool{kPoolMemory};
  std::unique_ptr<ByteSource> pool_bytes;
  std::optional<Error> failed;
  bool changed = false;
};

/// What is kept of index documents that a feed looked at, for the portion that they are about.
struct Looked {
  std::string portion;
  store::PortionState::Document kept;
};

/// Sums of all threads, and the one door to the caller's progress function.
class Meter {
 public:
  explicit Meter(const UpdateProgressFn& fn) : fn_(fn) {}
  void set_stage(UpdateProgress::Stage stage) {
    const std::lock_guard lock(mutex_);
    at_.stage = stage;
    tell();
  }
  void expect(std::uint64_t documents) {
    const std::lock_guard lock(mutex_);
    at_.documents_total += documents;
    tell();
  }
  void asked() {
    const std::lock_guard lock(mutex_);
    ++at_.documents;
    tell();
  }
  /// done, total: of one body; `seen`: what its caller told last.
  void received(std::uint64_t done, std::uint64_t total, std::pair<std::uint64_t, std::uint64_t>& seen) {
    const std::lock_guard lock(mutex_);
    at_.bytes += done - seen.first;
    at_.bytes_total += total - seen.second;
    seen = {done, total};
    tell();
  }
  void imported(std::uint64_t rows) {
    const std::lock_guard lock(mutex_);
    at_.rows = rows;
    tell();
  }
  std::uint64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return at_.bytes;
  }

 private:
  void tell() {
    if (fn_) fn_(at_);
  }
  const UpdateProgressFn& fn_;
  mutable std::mutex mutex_;
  UpdateProgress at_;
};

/// One document from the network.
class Downloader {
 public:
  Downloader(const Feed& feed, const UpdateRequest& request, const Limits& limits, const Cancel& stop, Meter& meter)
      : feed_(feed), request_(request), limits_(limits), stop_(stop), meter_(meter), client_(request.network) {}

  /// before: what was kept of it; nullptr: ask without a condition.
  /// errors: those of net::Client::fetch; conflict: older than what is kept; invalid_input: not what the source published.
  Result<Fetched> fetch(const Document& document, const store::PortionState::Document* before) const {
    Fetched out;
    out.kept.url = request_.mirrors.resolve(feed_.id(), feed_.url(), document.url);
    if (before != nullptr && !document.digest.empty() && before->digest == document.digest) {
      out.modified = false;
      out.kept = *before;
      return out;
    }
    net::Request get;
    get.url = out.kept.url;
    get.max_bytes = limits_.feed_bytes;
    get.limit_name = "feed_bytes";
    get.what = "fetching " + text::clean(part_name(document.url), 200);
    if (before != nullptr && !before->etag.empty()) get.headers.push_back({"If-None-Match", before->etag});
    if (before != nullptr && !before->last_modified.empty()) get.headers.push_back({"If-Modified-Since", before->last_modified});
    std::pair<std::uint64_t, std::uint64_t> seen;
    get.progress = [&](std::uint64_t done, std::uint64_t total) { meter_.received(done, total, seen); };
    auto download = client_.fetch(get, limits_.spill_bytes);
    for (unsigned again = 0; !download && download.error().code == Errc::unavailable && seen.first > 0 && again < kWholeRetries; ++again) {
      meter_.received(0, 0, seen);
      download = client_.fetch(get, limits_.spill_bytes);
    }
    if (!download) {
      const bool is_absent = document.optional && download.error().code == Errc::not_found;
      out.absent = is_absent;
      if (is_absent) return out;
      return fail(std::move(download).error().within(what(document)));
    }
    out.modified = download->modified;
    out.kept.etag = download->etag;
    out.kept.last_modified = download->last_modified;
    if (!download->modified) {  // a 304 need not repeat them
      if (before == nullptr) return fail(Errc::unavailable, what(document) + ": " + net::host_of(out.kept.url) + " answered 304 to a request without a condition");
      if (out.kept.etag.empty()) out.kept.etag = before->etag;
      if (out.kept.last_modified.empty()) out.kept.last_modified = before->last_modified;
      out.kept.digest = before->digest;
      return out;
    }
    out.bytes = std::move(download->bytes);
    ECLAIR_CHECK_OK(check_age(document, before, out.kept));
    ECLAIR_CHECK_OK(check_bytes(document, *out.bytes));
    out.kept.digest = document.digest;
    return out;
  }

  std::uint64_t bytes_received() const { return client_.bytes_received(); }

 private:
  static std::string what(const Document& document) { return text::clean(part_name(document.url), 200); }

  Result<> check_age(const Document& document, const store::PortionState::Document* before, const store::PortionState::Document& now) const {
    if (before == nullptr || request_.allow_older) return {};
    const auto then = net::http_date(before->last_modified), told = net::http_date(now.last_modified);
    if (!then || !told || *told >= *then) return {};
    return fail(Errc::conflict, what(document) + ": " + net::host_of(now.url) + " has it as of " + rfc3339(*told) +
                                    ", which is older than what is known (" + rfc3339(*then) + ")");
  }

  Result<> check_bytes(const Document& document, const ByteSource& bytes) const {
    if (document.bytes > 0 && bytes.size() != document.bytes) {
      return fail(Errc::invalid_input, what(document) + ": " + std::to_string(bytes.size()) + " bytes came, " + std::to_string(document.bytes) +
                                           " were published");
    }
    if (document.digest.empty()) return {};
    ECLAIR_TRY(const Digest wanted, Digest::parse(document.digest));
    Hasher hasher(wanted.algorithm());
    SourceStream stream(bytes);
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      hasher.update(piece);
    }
    const Digest got = hasher.finish();
    if (got == wanted) return {};
    return fail(Errc::invalid_input, what(document) + ": digest " + got.text + " came, " + wanted.text + " was published");
  }

  const Feed& feed_;
  const UpdateRequest& request_;
  const Limits& limits_;
  const Cancel& stop_;
  Meter& meter_;
  const net::Client client_;
};

class LookupOfUpdate final : public Lookup {
 public:
  LookupOfUpdate(const Downloader& downloader, const UpdateRequest& request, const std::map<std::string, store::PortionState>& before,
                 const Limits& limits)
      : downloader_(downloader), request_(request), before_(before), limits_(limits) {}

  const std::vector<std::string>& wanted() const override { return request_.wanted; }
  bool wants(std::string_view name_space) const override {
    return request_.wanted.empty() || std::find(request_.wanted.begin(), request_.wanted.end(), name_space) != request_.wanted.end();
  }
  std::string cursor(std::string_view portion) const override {
    const auto found = before_.find(std::string(portion));
    return found == before_.end() ? std::string() : found->second.cursor;
  }
  UnixTime at() const override { return request_.at; }
  Result<std::unique_ptr<ByteSource>> read(const std::string& url) override {
    ECLAIR_TRY(Fetched fetched, downloader_.fetch({.url = url}, nullptr));
    return unpacked(std::move(fetched.bytes), url);
  }
  std::vector<Result<std::unique_ptr<ByteSource>>> read_each(const std::vector<std::string>& urls) override {
    std::vector<Result<std::unique_ptr<ByteSource>>> out;
    for (std::size_t i = 0; i < urls.size(); ++i) out.emplace_back(fail(Errc::cancelled, "cancelled"));
    at_once(urls.size(), [&](std::size_t i) { out[i] = read(urls[i]); });
    return out;
  }
  Result<std::unique_ptr<ByteSource>> read_if_changed(std::string_view portion, const std::string& url) override {
    const store::PortionState::Document* known = nullptr;
    const std::string asked = request_.mirrors.resolve(request_.feed, find_feed(request_.feed)->url(), url);
    if (const auto found = before_.find(std::string(portion)); found != before_.end()) {
      for (const auto& one : found->second.documents) known = one.url == asked ? &one : known;
    }
    ECLAIR_TRY(Fetched fetched, downloader_.fetch({.url = url}, known));
    looked.push_back({std::string(portion), fetched.kept});
    if (!fetched.modified) return std::unique_ptr<ByteSource>();
    return unpacked(std::move(fetched.bytes), url);
  }

  std::vector<Looked> looked;

 private:
  Result<std::unique_ptr<ByteSource>> unpacked(std::unique_ptr<ByteSource> in, const std::string& url) const {
    std::array<char, 8> head{};
    ECLAIR_TRY(const std::size_t n, in->read_at(0, head));
    if (sniff_compression({head.data(), n}) == Compression::none) return in;
    SourceStream packed(*in);
    const auto stream = decompress(packed, limits_);
    SpillBuffer plain(limits_.spill_bytes);
    while (true) {
      auto piece = stream->next();
      if (!piece) return fail(std::move(piece).error().within(text::clean(part_name(url), 200)));
      if (piece->empty()) return plain.take();
      if (plain.size() + piece->size() > limits_.feed_bytes) {
        return fail(Errc::limit, text::clean(part_name(url), 200) + ": more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ") uncompressed");
      }
      ECLAIR_CHECK_OK(plain.append(*piece));
    }
  }

  const Downloader& downloader_;
  const UpdateRequest& request_;
  const std::map<std::string, store::PortionState>& before_;
  const Limits& limits_;
};

/// A batch of portions, downloaded: what every one of `works` lacks to be imported, or why it cannot be had.
class Batch {
 public:
  Batch(const Downloader& downloader, const Cancel& stop, Meter& meter) : downloader_(downloader), stop_(stop), meter_(meter) {}

  void run(std::span<Work> works) {
    each_document(works, [&](Work& work, std::size_t i) { ask(work, i, true); });
    for (Work& work : works) {
      work.changed = !work.portion.withdrawn.empty();
      for (const Fetched& one : work.fetched) work.changed = work.changed || one.bytes != nullptr || one.pooled;
    }
    // What is imported must be whole.
    each_document(works, [&](Work& work, std::size_t i) {
      if (work.changed && !work.fetched[i].modified && !work.portion.documents[i].once) ask(work, i, false);
    });
    for (Work& work : works) {
      work.pool_bytes = work.pool.take();
      for (std::size_t i = 0; i < work.fetched.size(); ++i) {
        if (!work.portion.documents[i].once && !work.fetched[i].kept.url.empty()) work.after.documents.push_back(work.fetched[i].kept);
      }
    }
  }

 private:
  template <class Fn>
  void each_document(std::span<Work> works, const Fn& fn) {
    std::vector<std::pair<Work*, std::size_t>> all;
    for (Work& work : works) {
      for (std::size_t i = 0; i < work.portion.documents.size(); ++i) all.emplace_back(&work, i);
    }
    at_once(all.size(), [&](std::size_t at) { fn(*all[at].first, all[at].second); });
  }

  void ask(Work& work, std::size_t i, bool conditional) {
    {
      const std::lock_guard lock(mutex_);
      if (work.failed || stop_.requested()) return;
    }
    const Document& document = work.portion.documents[i];
    const store::PortionState::Document* known = nullptr;
    // Where the source says that the content is another one, the file as it was would not do: it is only not there yet.
    if (conditional && work.before != nullptr && !document.once && document.content_digest.empty()) {
      const std::string asked = work.fetched[i].kept.url;
      for (const auto& one : work.before->documents) known = one.url == asked ? &one : known;
    }
    auto fetched = downloader_.fetch(document, known);
    meter_.asked();
    const std::lock_guard lock(mutex_);
    auto put = fetched ? keep(work, i, *std::move(fetched)) : Result<>(fail(std::move(fetched).error()));
    if (!put && !work.failed) work.failed = std::move(put).error();
  }

  static Result<> keep(Work& work, std::size_t i, Fetched fetched) {
    Fetched& to = work.fetched[i] = std::move(fetched);
    if (to.bytes == nullptr || !work.portion.documents[i].once) return {};
    to.pooled = true;
    to.pooled_at = work.pool.size();
    to.pooled_size = to.bytes->size();
    SourceStream stream(*to.bytes);
    while (true) {
      ECLAIR_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      ECLAIR_CHECK_OK(work.pool.append(piece));
    }
    to.bytes.reset();
    return {};
  }

  const Downloader& downloader_;
  const Cancel& stop_;
  Meter& meter_;
  std::mutex mutex_;
};

void add(store::ImportSummary& sum, const store::ImportSummary& one) {
  sum.rows += one.rows;
  sum.added += one.added;
  sum.changed += one.changed;
  sum.closed += one.closed;
  sum.vulnerabilities += one.vulnerabilities;
  sum.bad_records += one.bad_records;
  sum.bad.insert(sum.bad.end(), one.bad.begin(), one.bad.end());
  if (!one.snapshot.empty()) sum.snapshot = one.snapshot;
}

class Updater {
 public:
  Updater(const Feed& feed, store::AdvisoryStore& store, const UpdateRequest& request, const Limits& limits, const Cancel& stop,
          const UpdateProgressFn& progress)
      : feed_(feed), store_(store), request_(request), limits_(limits), stop_(stop), meter_(progress),
        downloader_(feed, request_, limits, stop, meter_) {}

  Result<UpdateReport> run() {
    report_.summary.unchanged = true;
    ECLAIR_CHECK_OK(load_kept());
    ECLAIR_CHECK_OK(plan());
    report_.portions = works_.size();
    // While one batch is imported the next one is downloaded.
    std::size_t at = 0;
    std::span<Work> ready = next_batch(at);
    if (!ready.empty()) download(ready);
    while (!ready.empty() && !stop_.requested()) {
      const std::span<Work> following = next_batch(at);
      std::future<void> coming;
      if (!following.empty()) coming = std::async(std::launch::async, [this, following] { download(following); });
      auto imported = import(ready);
      if (coming.valid()) coming.get();
      ECLAIR_CHECK_OK(std::move(imported));
      for (Work& work : ready) {
        work.fetched.clear();
        work.pool_bytes.reset();
      }
      ready = following;
    }
    if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
    if (!confirmed_.empty()) ECLAIR_CHECK_OK(store_.confirm(feed_.id(), confirmed_, request_.at));
    report_.bytes = downloader_.bytes_received();
    report_.summary.unchanged = report_.unchanged;
    return std::move(report_);
  }

 private:
  Result<> load_kept() {
    ECLAIR_TRY(std::vector<store::PortionState> kept, store_.portions(feed_.id()));
    for (store::PortionState& one : kept) {
      if (one.revision == feed_.revision()) before_.emplace(one.name, std::move(one));  // else the parser may understand more now
    }
    return {};
  }

  Result<> plan() {
    LookupOfUpdate look(downloader_, request_, before_, limits_);
    meter_.set_stage(UpdateProgress::Stage::asking);
    ECLAIR_TRY(std::vector<Portion> portions, feed_.portions(look));
    for (Portion& portion : portions) {
      Work work;
      work.portion = std::move(portion);
      const auto found = before_.find(work.portion.name);
      work.before = found == before_.end() ? nullptr : &found->second;
      if (work.before != nullptr) work.after.namespaces = work.before->namespaces;
      work.after.name = work.portion.name;
      work.after.revision = feed_.revision();
      work.after.cursor = work.portion.cursor;
      for (const Looked& one : look.looked) {
        if (one.portion == work.portion.name) work.after.documents.push_back(one.kept);
      }
      work.fetched.resize(work.portion.documents.size());
      for (std::size_t i = 0; i < work.fetched.size(); ++i) {
        work.fetched[i].kept.url = request_.mirrors.resolve(feed_.id(), feed_.url(), work.portion.documents[i].url);
      }
      keep_unasked(work);
      meter_.expect(work.portion.documents.size());
      works_.push_back(std::move(work));
    }
    return {};
  }

  /// Validators of documents that this time need not be asked for (an archive, while single changes come) stay.
  static void keep_unasked(Work& work) {
    if (work.before == nullptr) return;
    for (const store::PortionState::Document& one : work.before->documents) {
      const auto is_it = [&](const std::string& url) { return url == one.url; };
      const bool asked = std::any_of(work.fetched.begin(), work.fetched.end(), [&](const Fetched& f) { return is_it(f.kept.url); }) ||
                         std::any_of(work.after.documents.begin(), work.after.documents.end(), [&](const auto& d) { return is_it(d.url); });
      if (!asked) work.after.documents.push_back(one);
    }
  }

  std::span<Work> next_batch(std::size_t& at) {
    const std::size_t begin = at;
    std::size_t documents = 0;
    const auto fits = [&](const Work& next) {
      const bool apart = feed_.document_is_record() || next.portion.alone || works_[begin].portion.alone;
      return at == begin || (!apart && documents + next.portion.documents.size() <= kBatchDocuments);
    };
    while (at < works_.size() && fits(works_[at])) {
      documents += works_[at++].portion.documents.size();
    }
    return std::span<Work>(works_).subspan(begin, at - begin);
  }

  void download(std::span<Work> works) {
    meter_.set_stage(UpdateProgress::Stage::downloading);
    Batch(downloader_, stop_, meter_).run(works);
  }

  /// Whether the source has nothing of a portion (any more): none of the documents that it is made of is there.
  static bool is_gone(const Work& work) {
    bool any = false;
    for (std::size_t i = 0; i < work.fetched.size(); ++i) {
      if (work.portion.documents[i].once) continue;
      if (!work.fetched[i].absent) return false;
      any = true;
    }
    return any;
  }

  /// What was downloaded of a batch goes into the store.
  Result<> import(std::span<Work> works) {
    std::vector<Work*> changed;
    for (Work& work : works) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      if (work.failed) {
        failed(work, *std::move(work.failed));
      } else if (work.changed) {
        changed.push_back(&work);
      } else if (is_gone(work)) {
        continue;  // what the store has of it stays, and grows old
      } else if (work.before != nullptr || !work.portion.documents.empty()) {
        // The archive's old state stays in force; only what was asked now is noted.
        confirmed_.push_back(work.after);
      }
    }
    if (changed.empty()) return {};
    meter_.set_stage(UpdateProgress::Stage::importing);
    auto done = import_some(changed);
    if (done || done.error().code == Errc::cancelled) return done;
    if (changed.size() == 1) {
      failed(*changed.front(), std::move(done).error());
      return {};
    }
    for (Work* const one : changed) {
      std::vector<Work*> alone = {one};
      done = import_some(alone);
      if (!done && done.error().code == Errc::cancelled) return done;
      if (!done) failed(*one, std::move(done).error());
    }
    return {};
  }

  Result<> import_some(const std::vector<Work*>& works) {
    std::vector<FetchedPortion> portions;
    for (Work* const work : works) {
      FetchedPortion one;
      one.state = work->after;
      one.withdrawn = work->portion.withdrawn;
      for (std::size_t i = 0; i < work->fetched.size(); ++i) {
        const Fetched& fetched = work->fetched[i];
        if (fetched.bytes == nullptr && !fetched.pooled) continue;
        const Document& document = work->portion.documents[i];
        // Lent: a batch that cannot be imported is tried again in parts.
        one.documents.push_back({document.name.empty() ? part_name(document.url) : document.name, document.content_digest,
                                 fetched.pooled ? std::make_unique<SliceSource>(*work->pool_bytes, fetched.pooled_at, fetched.pooled_size)
                                                : std::make_unique<SliceSource>(*fetched.bytes, 0, fetched.bytes->size())});
      }
      portions.push_back(std::move(one));
    }
    ImportRequest import;
    import.feed = feed_.id();
    import.origins = {without_login(request_.mirrors.resolve(feed_.id(), feed_.url(), std::string(feed_.url())))};
    import.allow_shrink = request_.allow_shrink;
    import.at = request_.at;
    ECLAIR_TRY(const ImportReport report, import_portions(store_, import, portions, limits_, stop_, [&](const ImportProgress& p) { meter_.imported(p.rows); }));
    report_.documents += report.documents;
    add(report_.summary, report.summary);
    report_.unchanged = report_.unchanged && report.summary.unchanged;
    report_.notes.insert(report_.notes.end(), report.notes.begin(), report.notes.end());
    return {};
  }

  void failed(const Work& work, Error error) {
    const std::string of = work.portion.name.empty() ? std::string(feed_.id()) : std::string(feed_.id()) + " " + text::clean(work.portion.name, 80);
    report_.failures.push_back(std::move(error).within(of));
  }

  const Feed& feed_;
  store::AdvisoryStore& store_;
  const UpdateRequest& request_;
  const Limits& limits_;
  const Cancel& stop_;
  Meter meter_;
  const Downloader downloader_;
  std::map<std::string, store::PortionState> before_;
  std::vector<Work> works_;
  std::vector<store::PortionState> confirmed_;
  UpdateReport report_;
};

}  // namespace update_detail

std::string Mirrors::resolve(std::string_view feed, std::string_view feed_url, const std::string& url) const {
  const auto own = feed_urls.find(std::string(feed));
  if (own != feed_urls.end() && url.size() >= feed_url.size() && std::string_view(url).substr(0, feed_url.size()) == feed_url) {
    std::string base = own->second;
    const bool folder = !feed_url.empty() && feed_url.back() == '/';
    if (folder && base.back() != '/') base += '/';
    return base + url.substr(feed_url.size());
  }
  const std::size_t scheme = url.find("://");
  if (tree.empty() || scheme == std::string::npos) return url;
  return tree + (tree.back() == '/' ? "" : "/") + url.substr(scheme + 3);
}

Result<UpdateReport> update_feed(store::AdvisoryStore& store, const UpdateRequest& request, const Limits& limits, const Cancel& stop,
                                 const UpdateProgressFn& progress) {
  const Feed* const feed = find_feed(request.feed);
  if (feed == nullptr) return fail(Errc::unsupported, "no feed named " + text::quoted(request.feed));
  UpdateRequest whole = request;
  if (whole.at == 0) whole.at = now();
  whole.network.stop = &stop;
  return update_detail::Updater(*feed, store, whole, limits, stop, progress).run();
}

Result<std::vector<std::string>> present_namespaces(store::AdvisoryStore& store, std::string_view feed) {
  ECLAIR_TRY(const std::vector<store::PortionState> portions, store.portions(feed));
  std::set<std::string> out;
  for (const store::PortionState& one : portions) out.insert(one.namespaces.begin(), one.namespaces.end());
  if (portions.empty()) {
    ECLAIR_TRY(const std::vector<store::FeedState> states, store.feeds());
    for (const store::FeedState& one : states) {
      if (one.name == feed) out.insert(one.namespaces.begin(), one.namespaces.end());
    }
  }
  return std::vector<std::string>(out.begin(), out.end());
}

}  // namespace eclair::feeds
