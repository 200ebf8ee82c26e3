// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "image/source.h"
#include "index/index.h"
#include "report/report.h"
#include "store/interface.h"

/// What scan, layers and explain have in common: from a target's name to what is in it, and what is known about that.
namespace eclair::cli {

/// What was named: the arguments, or --input; without either, standard input where it is a pipe or a file ("-"). errors: invalid_input (none).
Result<std::vector<std::string>> targets_of(const Invocation& call);

/// errors: unavailable, invalid_input (a password that cannot be read).
Result<image::OpenOptions> open_options(const Invocation& call);
index::IndexOptions index_options(const Settings& settings);

/// Layers that are known already. A store that cannot be opened costs speed, not the report: nullptr, with a warning.
std::unique_ptr<store::LayerStore> open_known_layers(const Invocation& call);
/// What is known now; with as_of, what was known then.
struct KnownAdvisories {
  std::unique_ptr<store::AdvisoryStore> store;
  std::optional<UnixTime> as_of;
  store::AdvisoryStore* operator->() const { return store.get(); }
  store::AdvisoryStore& operator*() const { return *store; }
};
/// By --as-of, or another option of its kind. errors: unavailable, unsupported; with a hint; those of as_of().
Result<KnownAdvisories> open_known_advisories(const Invocation& call, std::string_view as_of_option = "as-of");

/// Opens a target and reads its layers, with progress on a terminal. errors: those of image::open and index::index_image, naming the target.
/// layer_ready: as index::IndexOptions has it.
Result<index::IndexedImage> read_image(const Invocation& call, const std::string& target, const image::OpenOptions& options,
                                       store::LayerStore* known, bool deltas = false,
                                       std::function<void(const LayerInfo&, const LayerRecord&)> layer_ready = {});

/// --offline, or --no-network, which includes it.
bool may_not_fetch(const Settings& settings);

/// The ids of all feeds, by comma.
std::string known_feeds();

/// Judges what was read by what is known. The report has no policy yet.
Result<report::Report> judge_image(const Invocation& call, index::IndexedImage read, const KnownAdvisories& advisories);

/// The same without judging: a list of packages. A coverage says that nobody looked for vulnerabilities.
report::Report list_image(const Invocation& call, index::IndexedImage read);

/// Says on stderr what could not be judged, once for each thing, with the way out where there is one.
void warn_of_gaps(const Invocation& call, const report::Report& report);

/// How a report is to be shown, by the settings and the terminal.
report::View view_of(const Invocation& call);
/// The same report in a file, which is no terminal. view: of view_of(), perhaps changed.
report::View file_view(const Invocation& call, report::View view);

}  // namespace eclair::cli
