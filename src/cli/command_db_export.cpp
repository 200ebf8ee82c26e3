// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The advisories as one file.
#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/data_set_file.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "image/artifact.h"
#include "store/data_set.h"
#include "util/byte_source.h"
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

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "db export needs a file, or a place in a registry", "eclair db export data.tar.zst"});
  const std::string& place = call.arguments.front();
  const std::vector<std::string> feeds(call.arguments.begin() + 1, call.arguments.end());
  ECLAIR_TRY(const auto store, open_known_advisories(call));
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
                  "eclair db export registry:registry.example.org/acme/advisories:today\n"
                  "eclair db export data.tar.zst --as-of 2026-11-01    # as they were known then",
      .notes = "The same content gives the same bytes. The file says when each feed was fetched; an import does not go back in time unless told.\n"
               "Some sources forbid to pass their data on: docs/user/feeds.md names the terms.",
      .run = &command_db_export_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
