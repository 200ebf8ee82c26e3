// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/data_set_file.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/analysis.h"
#include "cli/db_words.h"
#include "cli/fetching.h"
#include "cli/progress.h"
#include "feeds/clair_updates.h"
#include "image/artifact.h"
#include "net/client.h"
#include "store/data_set.h"
#include "util/decompress.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace data_set_file_detail {

constexpr std::uint64_t kHeldBytes = 1u << 20;

using Imported = Result<std::vector<std::pair<std::string, store::ImportSummary>>>;

bool is_url(const std::string& place) { return place.starts_with("http://") || place.starts_with("https://"); }

Result<std::unique_ptr<ByteSource>> standard_input(const Invocation& call) {
  SpillBuffer held(kHeldBytes);
  std::array<char, 64u << 10> piece{};
  while (true) {
    if (call.stop.requested()) return fail(Errc::cancelled, "stopped");
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::unavailable, "standard input cannot be read");
    if (got == 0) return held.take();
    if (held.size() > Limits{}.spool_bytes) return fail(Errc::limit, "standard input is larger than " + std::to_string(Limits{}.spool_bytes) + " bytes");
    ECLAIR_CHECK_OK(held.append(std::string_view(piece.data(), static_cast<std::size_t>(got))));
  }
}

std::function<void(std::uint64_t, std::uint64_t)> show_transfer(const Invocation& call, const std::string& what) {
  return [&call, what](std::uint64_t done, std::uint64_t total) {
    if (call.console.shows_progress()) call.console.progress(what + "  " + size_words(done) + (total > 0 ? "/" + size_words(total) : ""));
  };
}

Result<std::unique_ptr<ByteSource>> download(const Invocation& call, const std::string& url) {
  net::Options how = feed_network(call.settings);
  how.stop = &call.stop;
  net::Request request;
  request.url = url;
  request.max_bytes = Limits{}.spool_bytes;
  request.limit_name = "spool_bytes";
  request.what = "downloading the data set";
  request.progress = show_transfer(call, "downloading");
  ECLAIR_TRY(net::Download got, net::Client(how).fetch(request));
  return std::move(got.bytes);
}

Result<std::unique_ptr<ByteSource>> pull(const Invocation& call, const std::string& place) {
  ECLAIR_TRY(const image::OpenOptions options, open_options(call));
  ECLAIR_TRY(image::PulledArtifact got, image::pull_artifact(place, store::kDataSetArtifact, store::kDataSetMediaType, options, show_transfer(call, "pulling")));
  for (const std::string& note : got.notes) call.console.warning(note);
  call.console.detail(text::clean(place, 300) + " is " + got.manifest.text);
  return std::move(got.file);
}

/// The beginning of what is packed in a file.
Result<std::string> beginning(const ByteSource& bytes) {
  constexpr std::size_t kEnough = feeds::kClairHeadBytes;
  const auto in = decompress(std::make_unique<SourceStream>(bytes), Limits{});
  std::string out;
  while (out.size() < kEnough) {
    ECLAIR_TRY(const std::string_view piece, in->next());
    if (piece.empty()) break;
    out += piece.substr(0, kEnough - out.size());
  }
  return out;
}

}  // namespace data_set_file_detail

bool is_registry_place(const std::string& place) { return place.starts_with("registry:") || place.starts_with("docker://"); }

Result<std::unique_ptr<ByteSource>> data_set_bytes(const Invocation& call, const std::string& place) {
  using namespace data_set_file_detail;
  if (place == "-") return standard_input(call);
  auto got = is_registry_place(place) ? pull(call, place) : is_url(place) ? download(call, place) : Result<std::unique_ptr<ByteSource>>(FileSource::open(place));
  call.console.clear_progress();
  return got;
}

Result<int> import_data_set_file(const Invocation& call, const std::string& place) {
  using namespace data_set_file_detail;
  ECLAIR_TRY(const auto bytes, data_set_bytes(call, place));
  const auto first = beginning(*bytes);
  const bool for_clair = first && feeds::is_clair_updates(*first);
  if (!first || (!for_clair && !store::is_data_set(*first))) {
    return fail(Error{Errc::invalid_input, text::quoted(place, 300) + " is not a data set of eclair db export, nor updates of clairctl; what a source publishes needs its name",
                      "--feed NAME, one of: " + known_feeds()});
  }
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  store::DataSetOptions how;
  how.origin = place == "-" ? std::string("standard input") : place;
  how.at = now();
  how.allow_shrink = call.settings.flag("allow-shrink");
  how.allow_older = call.settings.flag("allow-older");
  const auto progress = [&](std::string_view feed, std::uint64_t rows) {
    if (call.console.shows_progress()) call.console.progress("importing " + std::string(feed) + "  rows " + with_commas(rows));
  };
  std::vector<std::string> notes;
  Imported done;
  if (for_clair) {
    auto taken = feeds::import_clair(*store, std::make_unique<SourceStream>(*bytes), how, Limits{}, call.stop, progress);
    if (taken) notes = std::move(taken->notes);
    done = taken ? Imported(std::move(taken->feeds)) : fail(std::move(taken).error());
  } else {
    done = store::import_data_set(*store, std::make_unique<SourceStream>(*bytes), how, Limits{}, call.stop, progress);
  }
  call.console.clear_progress();
  if (!done) {
    Error error = std::move(done).error();
    if (error.code == Errc::conflict) error.hint = "to take it all the same: the same command with --allow-older or --allow-shrink";
    return fail(error.code == Errc::cancelled ? std::move(error) : std::move(error).within("nothing was imported"));
  }
  for (const std::string& note : notes) call.console.warning(note);
  for (const auto& [feed, summary] : *done) {
    for (const std::string& bad : summary.bad) call.console.detail("dropped " + bad);
    call.console.note(summary_line(feed, summary));
  }
  return int{kOk};
}

}  // namespace eclair::cli
