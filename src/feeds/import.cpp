// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/import.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <system_error>

#include "feeds/feed.h"
#include "feeds/zip.h"
#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/decompress.h"
#include "util/digest.h"
#include "util/path.h"
#include "util/tar.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::feeds {
namespace import_detail {

constexpr std::uint64_t kRowsPerReport = 4096;
constexpr std::uint64_t kBytesPerReport = 4u << 20;

bool is_url(std::string_view origin) { return origin.rfind("http://", 0) == 0 || origin.rfind("https://", 0) == 0; }

bool ends_with(std::string_view s, std::string_view end) { return s.size() >= end.size() && s.substr(s.size() - end.size()) == end; }

/// A file's name without its folders and without what says that it is packed.
std::string_view plain_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  for (const std::string_view packed : {".gz", ".zst", ".bz2", ".xz"}) {
    if (ends_with(path, packed)) path.remove_suffix(packed.size());
  }
  return path;
}

/// By name: what is not one after all is told by its content.
bool is_archive(std::string_view path) {
  const std::string_view name = plain_name(path);
  return ends_with(name, ".zip") || ends_with(name, ".tar") || ends_with(name, ".tgz");
}

constexpr std::size_t kTarHeadBytes = 512;
/// Whether the first bytes of something are those of a tar archive, of the forms that have a mark.
bool is_tar(std::string_view head) { return head.size() >= kTarHeadBytes && head.substr(257, 5) == "ustar"; }

/// Bytes that were looked at already, and then the rest of their stream.
class PutBack final : public ByteStream {
 public:
  PutBack(std::string_view first, ByteStream& rest) : first_(first), rest_(rest) {}
  Result<std::string_view> next() override {
    if (!first_.empty()) return std::exchange(first_, {});
    return rest_.next();
  }

 private:
  std::string_view first_;
  ByteStream& rest_;
};

Error cancelled() { return Error{Errc::cancelled, "cancelled"}; }

/// Passes reads on and tells how far they are.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(const ByteSource& in, std::function<void(std::uint64_t)> reached) : in_(in), reached_(std::move(reached)) {}
  std::uint64_t size() const override { return in_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    ECLAIR_TRY(const std::size_t n, in_.read_at(offset, into));
    reached_(offset + n);
    return n;
  }

 private:
  const ByteSource& in_;
  std::function<void(std::uint64_t)> reached_;
};

/// Between parser and store: passes rows on, and works out which namespaces the import speaks for.
class Collector final : public AdvisorySink {
 public:
  Collector(const Feed& feed, store::AdvisoryStore::Import& import, std::function<void()> tick) : feed_(feed), import_(import), tick_(std::move(tick)) {}

  Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
    if (++rows % kRowsPerReport == 0) tick_();
    document_has_rows_ = true;
    return import_.advisory(name_space, package, std::move(row));
  }
  Result<> vulnerability(VulnerabilityText text) override { return import_.vulnerability(std::move(text)); }
  void complete(std::string_view name_space, std::string_view piece) override {
    if (feed_.document_is_record() && piece.empty()) {
      spoken_for_.emplace(name_space);
      import_.complete(name_space);
      return;
    }
    if (!feed_.document_is_record()) spoken_for_.emplace(name_space);
    pieces_[std::string(name_space)].emplace(piece);
    if (feed_.document_is_record()) of_document_.emplace(piece);
  }
  Result<> remove(std::string_view record) override {
    if (!feed_.document_is_record() || !may_be_whole_) return import_.remove(record);
    told_anew_.emplace_back(record);
    return {};
  }
  void bad_record(std::string message) override { import_.bad_record(std::move(message)); }

  /// A set of single records that came together. `name`: path or URL, whose last folder says the ecosystem.
  /// many: an archive or a folder. Of records that have kinds it may then turn out that all was told.
  void begin_set(bool many = false) {
    if (!feed_.document_is_record()) return;  // their pieces may come from several files
    may_be_whole_ = many && !feed_.pieces({}).empty();
    set_documents_ = 0;
    set_bases_.clear();
    pieces_.clear();
  }
  Result<> document_done() {
    if (may_be_whole_) {
      // A record that has no rows any more is void everywhere. Of others it shows at the end what they still speak of.
      if (!document_has_rows_) {
        for (const std::string& record : told_anew_) ECLAIR_CHECK_OK(import_.remove(record));
      } else {
        records_.insert(records_.end(), std::move_iterator(told_anew_.begin()), std::move_iterator(told_anew_.end()));
      }
      told_anew_.clear();
    }
    document_has_rows_ = false;
    if (of_document_.empty()) return {};  // a withdrawn record speaks of nothing
    ++set_documents_;
    for (const std::string& base : of_document_) ++set_bases_[base];
    of_document_.clear();
    return {};
  }
  void end_set(std::string_view name) {
    if (!feed_.document_is_record()) return;
    // Records speak of several ecosystems; the archive is that of the one that all of them speak of.
    std::vector<std::string> candidates;
    for (const auto& [base, documents] : set_bases_) {
      if (documents == set_documents_) candidates.push_back(base);
    }
    if (candidates.size() > 1) {
      const std::string lower = text::lower(name);
      const std::vector<std::string_view> components = text::split(lower, '/');
      const auto not_named = [&](const std::string& base) { return std::find(components.begin(), components.end(), base) == components.end(); };
      candidates.erase(std::remove_if(candidates.begin(), candidates.end(), not_named), candidates.end());
    }
    std::set<std::string> of_pieces;  // namespaces that are whole only with records of several kinds: what kinds came, is remembered
    for (const auto& [name_space, bases] : pieces_) {
      if (!feed_.pieces(name_space).empty()) of_pieces.insert(name_space);
    }
    if (!of_pieces.empty()) {
      for (const std::string& name_space : of_pieces) set_pieces_[name_space].insert(pieces_[name_space].begin(), pieces_[name_space].end());
      spoken_for_.insert(of_pieces.begin(), of_pieces.end());
    } else if (candidates.size() == 1) {
      for (const auto& [name_space, bases] : pieces_) {
        if (bases.count(candidates.front()) == 0) continue;
        import_.complete(name_space);
        spoken_for_.insert(name_space);
      }
    } else if (set_documents_ > 0) {
      notes.push_back(text::clean(name, 200) + ": no ecosystem that all its records speak of; absent records were not removed");
    }
    pieces_.clear();
  }

  /// The namespaces that loose records since the last set spoke of.
  std::vector<std::string> mentioned() const {
    std::vector<std::string> out;
    for (const auto& [name_space, bases] : pieces_) out.push_back(name_space);
    return out;
  }

  /// The namespaces that the documents since the last call speak for.
  std::set<std::string> take_spoken_for() { return std::exchange(spoken_for_, {}); }

  /// For feeds whose namespaces are whole when several documents, or kinds of them, were read; at the very end.
  Result<> complete_pieces() {
    // An archive of one kind is that kind of every namespace, also of those about which it has nothing to say.
    std::set<std::string> kinds;
    for (const auto& [name_space, seen] : set_pieces_) kinds.insert(seen.begin(), seen.end());
    std::map<std::string, std::vector<std::string>> incomplete;  // namespaces by what is missing
    for (const auto& [name_space, seen] : feed_.document_is_record() ? set_pieces_ : pieces_) {
      std::string missing;
      const std::vector<std::string_view> pieces = feed_.pieces(name_space);
      const bool whole = seen.count("") > 0 || (feed_.document_is_record() && std::any_of(seen.begin(), seen.end(), [&](const std::string& kind) {
                                                 return std::find(pieces.begin(), pieces.end(), kind) == pieces.end();
                                               }));
      const std::set<std::string>& came = feed_.document_is_record() ? kinds : seen;
      if (!whole) {
        for (const std::string_view piece : pieces) {
          if (came.count(std::string(piece)) == 0) missing += (missing.empty() ? "" : ", ") + std::string(piece);
        }
      }
      if (missing.empty()) {
        import_.complete(name_space);
      } else {
        incomplete[missing].push_back(name_space);
      }
    }
    for (const auto& [missing, spaces] : incomplete) {
      const std::string others = spaces.size() == 1 ? "" : spaces.size() == 2 ? " and " + text::clean(spaces[1], 100) : " and " + std::to_string(spaces.size() - 1) + " others";
      notes.push_back(text::clean(spaces.front(), 100) + others + ": no " + missing + " in this import; absent records were not removed");
    }
    // Where all was told, absence says what went, and only of releases that are still told of: rows of one that the source dropped stay.
    if (!incomplete.empty()) {
      for (const std::string& record : records_) ECLAIR_CHECK_OK(import_.remove(record));
    }
    return {};
  }

  std::uint64_t rows = 0;
  std::vector<std::string> notes;

 private:
  const Feed& feed_;
  store::AdvisoryStore::Import& import_;
  std::function<void()> tick_;
  std::map<std::string, std::set<std::string>> pieces_;  ///< by namespace
  std::map<std::string, std::set<std::string>> set_pieces_;  ///< the same, of sets of single records that were read to their end
  std::set<std::string> of_document_;
  bool may_be_whole_ = false, document_has_rows_ = false;
  std::vector<std::string> told_anew_, records_;  ///< of the document, and of those before it: AdvisorySink::remove
  std::uint64_t set_documents_ = 0;
  std::map<std::string, std::uint64_t> set_bases_;
  std::set<std::string> spoken_for_;
};

class Importer {
 public:
  Importer(const Feed& feed, store::AdvisoryStore::Import& import, const ImportRequest& request, const Limits& limits, const Cancel& stop,
           const ImportProgressFn& progress)
      : feed_(feed), request_(request), limits_(limits), stop_(stop), progress_(progress), sink_(feed, import, [this] { report(); }) {}

  Result<> origin(const std::string& origin) {
    sink_.begin_set();
    if (is_url(origin)) return url(origin);
    std::error_code error;
    if (std::filesystem::is_directory(origin, error)) return folder(origin);
    ECLAIR_TRY(const auto file, FileSource::open(origin));
    return bytes(origin, origin, *file);
  }

  Result<> portion(const FetchedPortion& portion, store::AdvisoryStore::Import& import) {
    sink_.begin_set();
    newer_.clear();
    for (const FetchedDocument& one : portion.documents) newer_.insert(text::lower(one.name));
    for (const Portion::Withdrawn& one : portion.withdrawn) {
      newer_.insert(text::lower(one.document));
      ECLAIR_CHECK_OK(sink_.remove(one.record));
    }
    for (const FetchedDocument& one : portion.documents) {
      content_digest_ = one.content_digest;
      ECLAIR_CHECK_OK(bytes(one.name, one.name, *one.bytes));
    }
    newer_.clear();
    changes_only_ = changes_only_ || portion.documents.empty();
    store::PortionState state = portion.state;
    // Changes of single records speak for nothing: what the last whole spoke for stays.
    if (const std::set<std::string> spoken_for = sink_.take_spoken_for(); !spoken_for.empty()) state.namespaces.assign(spoken_for.begin(), spoken_for.end());
    // Where there never was a whole, as in a source of pages, what its records speak of is all that it has.
    if (state.namespaces.empty() && feed_.document_is_record()) state.namespaces = sink_.mentioned();
    import.keep(std::move(state));
    return {};
  }

  Result<> finish(ImportReport& report) {
    if (documents_ == 0 && !changes_only_) return fail(Errc::invalid_input, "nothing to import: no document in it");
    if (good_ == 0 && documents_ > 0) return fail(first_error_);
    ECLAIR_CHECK_OK(sink_.complete_pieces());
    report.documents = documents_;
    report.notes = sink_.notes;
    return {};
  }

 private:
  Result<> url(const std::string& url) {
    net::Options options = request_.network;
    options.stop = &stop_;
    const net::Client client(options);
    net::Request get;
    get.url = url;
    get.max_bytes = limits_.feed_bytes;
    get.limit_name = "feed_bytes";
    get.what = "fetching the " + std::string(feed_.id()) + " feed";
    get.progress = [&](std::uint64_t done, std::uint64_t total) { reached(url, done, total); };
    ECLAIR_TRY(const net::Download download, client.fetch(get, limits_.spill_bytes));
    if (download.bytes == nullptr) return fail(Errc::unavailable, "no document at " + text::quoted(url));
    // The path says what the document does not ("v3.19/main.json").
    std::string_view path = std::string_view(url).substr(url.find("//") + 2);
    path = path.substr(0, path.find_first_of("?#"));
    return bytes(std::string(path), url, *download.bytes);
  }

  Result<> folder(const std::string& root) {
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<std::string> files;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;  // by folder
    const std::vector<std::string_view> listings = feed_.listings();
    auto at = fs::recursive_directory_iterator(root, fs::directory_options::none, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (stop_.requested()) return fail(cancelled());
      std::error_code ignored;
      if (at->is_symlink(ignored) || !at->is_regular_file(ignored)) continue;
      const std::string path = at->path().string();
      const std::string_view name = plain_name(path);
      const bool is_listing = std::find(listings.begin(), listings.end(), name) != listings.end();
      if (is_listing) lists[std::string(path::parent(path))].push_back(path);
      if (is_listing || (!feed_.is_document(name) && !is_archive(name))) continue;
      files.push_back(path);
      if (files.size() > limits_.feed_documents) {
        return fail(Errc::limit, root + ": more files than feed_documents (" + std::to_string(limits_.feed_documents) + ")");
      }
    }
    if (error) return fail(Errc::unavailable, "cannot list the folder " + text::quoted(root) + ": " + error.message());
    std::sort(files.begin(), files.end());
    // Loose records of a folder are one set; archives in it are sets of their own, so they come first.
    const auto first_loose = std::stable_partition(files.begin(), files.end(), [](const std::string& f) { return is_archive(f); });
    for (auto file = files.begin(); file != files.end(); ++file) {
      ECLAIR_TRY(const auto source, FileSource::open(*file));
      if (file == first_loose) sink_.begin_set(true);
      in_set_ = file >= first_loose;
      newer_.clear();
      if (!in_set_ && feed_.document_is_record()) ECLAIR_CHECK_OK(find_newer(std::string(path::parent(*file)), first_loose, files.end(), lists));
      ECLAIR_CHECK_OK(bytes(*file, *file, *source));
    }
    if (first_loose != files.end()) sink_.end_set(root + "/");
    in_set_ = false;
    newer_.clear();
    return {};
  }

  /// What tells members of an archive in this folder anew: the loose documents beside and below it, and the lists of what is withdrawn.
  template <class It>
  Result<> find_newer(const std::string& folder, It file, It end, const std::map<std::string, std::vector<std::string>, std::less<>>& lists) {
    for (; file != end; ++file) {
      if (path::is_below(*file, folder)) newer_.insert(text::lower(std::string_view(*file).substr(folder.size() + 1)));
    }
    const auto here = lists.find(folder);
    if (here == lists.end()) return {};
    std::map<std::string, std::unique_ptr<ByteSource>, std::less<>> sources;
    for (const std::string& list : here->second) {
      ECLAIR_TRY(sources[std::string(plain_name(list))], FileSource::open(list));
    }
    auto withdrawn = feed_.withdrawn(sources);
    if (!withdrawn) return fail(std::move(withdrawn).error().within(text::quoted(folder)));
    for (const Portion::Withdrawn& one : *withdrawn) {
      if (!newer_.insert(text::lower(one.document)).second) continue;  // the document is there all the same
      ECLAIR_CHECK_OK(sink_.remove(one.record));
    }
    return {};
  }

  /// One file, as it lies there.
  Result<> bytes(const std::string& part, const std::string& origin, const ByteSource& in) {
    std::array<char, 8> head{};
    ECLAIR_TRY(const std::size_t n, in.read_at(0, head));
    const std::string_view first(head.data(), n);
    const Compression packing = sniff_compression(first);
    if (is_zip(first) || packing == Compression::none) ECLAIR_CHECK_OK(check_content(part, in));
    if (is_zip(first)) return archive(part, origin, in);
    if (packing == Compression::none) {
      std::string start(kTarHeadBytes, '\0');
      ECLAIR_TRY(const std::size_t m, in.read_at(0, start));
      if (!is_tar(std::string_view(start).substr(0, m))) return document(part, in);
      SourceStream stream(in);
      return tar(part, origin, stream);
    }
    SpillBuffer plain(limits_.spill_bytes);
    const WatchedSource watched(in, [&](std::uint64_t done) { reached(part, done, in.size()); });
    SourceStream packed(watched);
    const auto stream = decompress(packed, limits_);
    std::string start;
    while (start.size() < kTarHeadBytes) {
      auto piece = stream->next();
      if (!piece) return fail(std::move(piece).error().within(text::quoted(part)));
      if (piece->empty()) break;
      start.append(*piece);
    }
    // A tar of many gigabytes goes by without being put aside, unless all of it must be seen first.
    if (is_tar(start) && content_digest_.empty()) {
      PutBack whole(start, *stream);
      return tar(part, origin, whole);
    }
    ECLAIR_CHECK_OK(plain.append(start));
    while (true) {
      if (stop_.requested()) return fail(cancelled());
      auto piece = stream->next();
      if (!piece) return fail(std::move(piece).error().within(text::quoted(part)));
      if (piece->empty()) break;
      if (plain.size() + piece->size() > limits_.feed_bytes) {
        return fail(Errc::limit, text::quoted(part) + ": more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ") uncompressed");
      }
      ECLAIR_CHECK_OK(plain.append(*piece));
    }
    const auto source = plain.take();
    ECLAIR_CHECK_OK(check_content(part, *source));
    std::string name = part;
    name.resize(name.size() - (ends_with(name, ".gz") || ends_with(name, ".xz") ? 3 : ends_with(name, ".zst") || ends_with(name, ".bz2") ? 4 : 0));
    ECLAIR_TRY(const std::size_t m, source->read_at(0, head));
    if (is_zip({head.data(), m})) return archive(name, origin, *source);
    if (!is_tar(start)) return document(name, *source);
    SourceStream whole(*source);
    return tar(part, origin, whole);
  }

  /// The documents of a tar archive.
  Result<> tar(const std::string& part, const std::string& origin, ByteStream& plain) {
    const auto entries = tar_reader(plain, limits_);
    sink_.begin_set(true);
    const bool was_in_set = std::exchange(in_set_, true);
    std::uint64_t total = 0, members = 0;
    while (true) {
      if (stop_.requested()) return fail(cancelled());
      auto next = entries->next();
      if (!next) return fail(std::move(next).error().within(text::quoted(part)));
      const Entry* entry = *next;
      if (entry == nullptr) break;
      if (entry->kind != PathKind::file || !feed_.is_document(plain_name(entry->path)) || is_outdated(entry->path)) continue;
      if (++members > limits_.feed_documents) {
        return fail(Errc::limit, text::quoted(part) + ": more documents than feed_documents (" + std::to_string(limits_.feed_documents) + ")");
      }
      const std::string name(entry->path);
      SpillBuffer body(limits_.spill_bytes);
      while (true) {
        auto piece = entries->read();
        if (!piece) return fail(std::move(piece).error().within(text::quoted(part)));
        if (piece->empty()) break;
        if (total += piece->size(); total > limits_.feed_bytes) {
          return fail(Errc::limit, text::quoted(part) + ": more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ") unpacked");
        }
        ECLAIR_CHECK_OK(body.append(*piece));
      }
      const auto source = body.take();
      ECLAIR_CHECK_OK(document(name, *source));
    }
    in_set_ = was_in_set;
    sink_.end_set(origin);
    return {};
  }

  /// Against the digest that the source publishes of what is packed, if it does.
  Result<> check_content(const std::string& part, const ByteSource& in) {
    if (content_digest_.empty()) return {};
    ECLAIR_TRY(const Digest wanted, Digest::parse(std::exchange(content_digest_, {})));
    Hasher hasher(wanted.algorithm());
    SourceStream stream(in);
    while (true) {
      if (stop_.requested()) return fail(cancelled());
      ECLAIR_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      hasher.update(piece);
    }
    const Digest got = hasher.finish();
    if (got == wanted) return {};
    return fail(Errc::invalid_input, text::quoted(part) + ": its content has the digest " + got.text + ", not " + wanted.text + " as published");
  }

  /// Whether a document beside the archive tells this member anew, or it was withdrawn.
  bool is_outdated(std::string_view member) const {
    if (newer_.empty()) return false;
    const std::string name = text::lower(member);
    for (std::string_view end = name;; end.remove_prefix(end.find('/') + 1)) {
      if (newer_.count(std::string(end)) > 0) return true;
      if (end.find('/') == std::string_view::npos) return false;
    }
  }

  Result<> archive(const std::string& part, const std::string& origin, const ByteSource& in) {
    auto zip = ZipReader::open(in, limits_);
    if (!zip) return fail(std::move(zip).error().within(text::quoted(part)));
    sink_.begin_set(true);
    const bool was_in_set = std::exchange(in_set_, true);
    std::uint64_t total = 0;
    ZipMember member;
    while (true) {
      if (stop_.requested()) return fail(cancelled());
      auto more = zip->next(member);
      if (!more) return fail(std::move(more).error().within(text::quoted(part)));
      if (!*more) break;
      if (member.is_folder() || !feed_.is_document(plain_name(member.name)) || is_outdated(member.name)) continue;
      total += std::min(member.size, limits_.feed_bytes + 1);
      if (total > limits_.feed_bytes) {
        return fail(Errc::limit, text::quoted(part) + ": more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ") unpacked");
      }
      auto bytes = zip->read(member, stop_);
      if (!bytes) return fail(std::move(bytes).error().within(text::quoted(part)));
      ECLAIR_CHECK_OK(document(member.name, **bytes));
    }
    in_set_ = was_in_set;
    sink_.end_set(origin);
    return {};
  }

  Result<> document(const std::string& part, const ByteSource& in) {
    if (in.size() > limits_.feed_bytes) {
      return fail(Errc::limit, text::quoted(part) + ": more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ")");
    }
    ++documents_;
    part_ = part;
    const WatchedSource watched(in, [&](std::uint64_t done) { reached(part, done, in.size()); });
    auto parsed = feed_.parse(part, watched, limits_, stop_, sink_);
    ECLAIR_CHECK_OK(sink_.document_done());
    if (parsed) {
      ++good_;
      return {};
    }
    // One broken record of an archive of thousands is dropped and said; a document that speaks for a namespace must be whole.
    if (!feed_.document_is_record() || !in_set_ || parsed.error().code != Errc::invalid_input) return parsed;
    if (first_error_.text.empty()) first_error_ = parsed.error();
    sink_.bad_record(std::string(feed_.id()) + ": " + parsed.error().text);
    return {};
  }

  void reached(std::string_view part, std::uint64_t done, std::uint64_t total) {
    const std::uint64_t step = done / kBytesPerReport;
    bytes_ = done;
    bytes_total_ = total;
    if (step == std::exchange(last_step_, step)) return;
    part_ = part;
    report();
  }
  void report() {
    if (progress_) progress_({part_, documents_, sink_.rows, bytes_, bytes_total_});
  }

  const Feed& feed_;
  const ImportRequest& request_;
  const Limits& limits_;
  const Cancel& stop_;
  const ImportProgressFn& progress_;
  Collector sink_;
  bool in_set_ = false;  ///< the document is one of a set of records
  bool changes_only_ = false;        ///< a portion has nothing but withdrawn records
  std::set<std::string> newer_;      ///< lower case names of the documents that stand beside an archive, or are withdrawn
  std::string content_digest_;       ///< of the next file; "" = not known
  std::uint64_t documents_ = 0, good_ = 0, bytes_ = 0, bytes_total_ = 0, last_step_ = 0;
  std::string part_;
  Error first_error_;
};

}  // namespace import_detail

namespace import_detail {

/// From the first document to the commit.
Result<ImportReport> run_import(store::AdvisoryStore& store, const ImportRequest& request, const Limits& limits, const Cancel& stop,
                                const ImportProgressFn& progress,
                                const std::function<Result<>(Importer& importer, store::AdvisoryStore::Import& import)>& read) {
  const Feed* feed = find_feed(request.feed);
  if (feed == nullptr) {
    std::string known;
    for (const Feed* one : feeds()) known += (known.empty() ? "" : ", ") + std::string(one->id());
    return fail(Errc::unsupported, "no feed named " + text::quoted(request.feed) + " (known: " + known + ")");
  }
  ECLAIR_TRY(const auto import, store.begin_import(feed->id(), text::join(request.origins, " "), request.at != 0 ? request.at : now()));
  Importer importer(*feed, *import, request, limits, stop, progress);
  ECLAIR_CHECK_OK(read(importer, *import));
  ImportReport report;
  ECLAIR_CHECK_OK(importer.finish(report));
  if (stop.requested()) return fail(cancelled());
  ECLAIR_TRY(report.summary, import->commit(request.allow_shrink));
  return report;
}

}  // namespace import_detail

Result<ImportReport> import_feed(store::AdvisoryStore& store, const ImportRequest& request, const Limits& limits, const Cancel& stop,
                                 const ImportProgressFn& progress) {
  return import_detail::run_import(store, request, limits, stop, progress,
                                   [&](import_detail::Importer& importer, store::AdvisoryStore::Import&) -> Result<> {
                                     for (const std::string& origin : request.origins) ECLAIR_CHECK_OK(importer.origin(origin));
                                     return {};
                                   });
}

Result<ImportReport> import_portions(store::AdvisoryStore& store, const ImportRequest& request, const std::vector<FetchedPortion>& portions,
                                     const Limits& limits, const Cancel& stop, const ImportProgressFn& progress) {
  return import_detail::run_import(store, request, limits, stop, progress,
                                   [&](import_detail::Importer& importer, store::AdvisoryStore::Import& import) -> Result<> {
                                     for (const FetchedPortion& one : portions) ECLAIR_CHECK_OK(importer.portion(one, import));
                                     return {};
                                   });
}

}  // namespace eclair::feeds
