// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The advisories as one file.
#include <optional>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/data_set_file.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "feeds/clair_updates.h"
#include "image/artifact.h"
#include "store/data_set.h"
#include "util/byte_source.h"
#include "util/decompress.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_db_export_detail {

constexpr std::uint64_t kHeldBytes = 1u << 20;

std::string words_of(const store::DataSetSummary& done) {
  return counted(done.feeds, "feed", "feeds") + ", " + counted(done.records, "record", "records") + ", " + size_words(done.bytes) + ", " + done.sha256;
}

Result<> push(const Invocation& call, store::AdvisoryStore& store, const std::vector<std::string>& feeds, const std::string& place) {
  ECLAIR_TRY(const image::OpenOptions options, open_options(call));
  SpillBuffer held(kHeldBytes);
  ECLAIR_TRY(const store::DataSetSummary done, store::export_data_set(store, feeds, [&](std::string_view piece) { return held.append(piece); }, call.stop));
  const auto file = held.take();
  const image::Artifact artifact{.type = std::string(store::kDataSetArtifact), .layer_type = std::string(store::kDataSetMediaType), .title = "eclair-data.tar.zst", .created = ""};
  auto pushed = image::push_artifact(place, artifact, *file, options, [&](std::uint64_t sent, std::uint64_t total) {
    if (call.console.shows_progress()) call.console.progress("pushing  " + size_words(sent) + "/" + size_words(total));
  });
  call.console.clear_progress();
  if (!pushed) return fail(std::move(pushed).error());
  for (const std::string& note : pushed->notes) call.console.warning(note);
  call.console.note((pushed->was_there ? "was there already: " : "pushed ") + text::clean(place, 300) + " (" + words_of(done) + "), manifest " + pushed->manifest.text);
  return {};
}

/// Whether the advisories are wanted in Clair's form. What the environment and configuration files say of formats is about reports.
Result<bool> is_for_clair(const Invocation& call) {
  if (call.settings.origin("format") != Origin::flag) return false;
  const std::vector<std::string> formats = call.settings.list("format");
  if (formats.size() == 1 && formats.front() == "clair") return true;
  return fail(Error{Errc::invalid_input, "db export writes a data set, or Clair's updates: no format " + text::quoted(text::join(formats, ",")), "-f clair"});
}

Compression packed_as(const std::string& place) {
  if (place.ends_with(".gz")) return Compression::gzip;
  return place.ends_with(".zst") ? Compression::zstd : Compression::none;
}

Result<> write_for_clair(const Invocation& call, store::AdvisoryStore& store, const std::vector<std::string>& feeds, const std::string& place) {
  std::optional<NewFile> file;
  if (place != "-") {
    ECLAIR_TRY(NewFile made, NewFile::create(place));
    file.emplace(std::move(made));
  }
  const auto write = [&](std::string_view piece) { return file ? file->write(piece) : call.console.print(piece); };
  ECLAIR_TRY(const feeds::ClairSummary done, feeds::export_clair(store, feeds, packed_as(place), write, call.stop));
  if (file) ECLAIR_CHECK_OK(file->commit());
  for (const std::string& note : done.notes) call.console.note(note);
  call.console.note("wrote " + (file ? text::clean(place, 300) + ": " : std::string()) + counted(done.operations, "operation", "operations") + ", " +
                    counted(done.records, "record", "records") + ", " + size_words(done.bytes) + ", " + done.sha256);
  return {};
}

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "db export needs a file, or a place in a registry", "eclair db export data.tar.zst"});
  const std::string& place = call.arguments.front();
  const std::vector<std::string> feeds(call.arguments.begin() + 1, call.arguments.end());
  ECLAIR_TRY(const bool for_clair, is_for_clair(call));
  if (for_clair && is_registry_place(place)) return fail(Errc::invalid_input, "Clair's updates are a file; only a data set goes to a registry");
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  if (for_clair) {
    ECLAIR_CHECK_OK(write_for_clair(call, *store, feeds, place));
    return int{kOk};
  }
  if (is_registry_place(place)) {
    ECLAIR_CHECK_OK(push(call, *store, feeds, place));
    return int{kOk};
  }
  if (place == "-") {
    ECLAIR_TRY(const store::DataSetSummary done, store::export_data_set(*store, feeds, [&](std::string_view piece) { return call.console.print(piece); }, call.stop));
    call.console.note("wrote " + words_of(done));
    return int{kOk};
  }
  ECLAIR_TRY(NewFile file, NewFile::create(place));
  ECLAIR_TRY(const store::DataSetSummary done, store::export_data_set(*store, feeds, [&](std::string_view piece) { return file.write(piece); }, call.stop));
  ECLAIR_CHECK_OK(file.commit());
  call.console.note("wrote " + text::clean(place, 300) + ": " + words_of(done));
  return int{kOk};
}

}  // namespace command_db_export_detail

namespace command {
const Command& db_export() {
  static constexpr Command kOne = {
      .name = "db export",
      .aliases = "",
      .section = Section::data,
      .purpose = "Writes the advisories to one file, for machines without network.",
      .usage = "FILE|registry:NAME:TAG [FEED...] [options]",
      .examples = "eclair db export data.tar.zst                       # then elsewhere: eclair db import data.tar.zst\n"
                  "eclair db export data.tar.zst debian alpine         # only these\n"
                  "eclair db export registry:registry.example.org/acme/advisories:today --as-of 2026-11-01\n"
                  "eclair db export -f clair updates.json.gz           # for clairctl import-updaters",
      .notes = "The same content gives the same bytes. The file says when each feed was fetched; an import does not go back in time unless told.\n"
               "Some sources forbid to pass their data on: docs/user/feeds.md names the terms.",
      .run = &command_db_export_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
