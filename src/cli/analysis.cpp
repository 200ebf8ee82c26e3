// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iterator>
#include <set>

#include "cli/as_of.h"
#include "cli/narrow.h"
#include "cli/policy_file.h"
#include "cli/opened_target.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "image/reference.h"
#include "match/match.h"
#include "report/judged.h"
#include "util/plural.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace analysis_detail {

constexpr std::size_t kMostPasswordBytes = 64u << 10;

Result<std::string> read_password() {
  std::string out;
  char buffer[1024];
  while (out.size() <= kMostPasswordBytes) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::unavailable, "reading the password: standard input cannot be read");
    if (got == 0) break;
    out.append(buffer, static_cast<std::size_t>(got));
  }
  if (out.size() > kMostPasswordBytes) return fail(Errc::limit, "reading the password: more than 64 KiB on standard input");
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  if (out.empty()) return fail(Errc::invalid_input, "reading the password: standard input is empty");
  return out;
}

/// Whether somebody sends something: a pipe or a file, not a terminal or /dev/null.
bool has_input() {
  struct stat st {};
  return ::fstat(STDIN_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || (S_ISREG(st.st_mode) && st.st_size > 0));
}

/// Whether something comes within two seconds; a pipe that nobody writes to is else waited for without a word.
bool comes_soon() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 2000) != 0;
}

/// Counts what another store knew.
class CountingLayers final : public store::LayerStore {
 public:
  explicit CountingLayers(store::LayerStore& inner) : inner_(inner) {}
  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    auto found = inner_.layer_record(digest);
    if (found && found->has_value()) known_.fetch_add(1, std::memory_order_relaxed);
    return found;
  }
  Result<> put_layer_record(const LayerRecord& record) override { return inner_.put_layer_record(record); }
  unsigned known() const { return known_.load(std::memory_order_relaxed); }

 private:
  store::LayerStore& inner_;
  std::atomic<unsigned> known_{0};  // layers are looked up from several threads
};

/// The feeds that know what a message about missing or old data names; for a hint.
std::string feeds_for(const Inventory& inventory) {
  std::set<std::string> families;
  for (const Occurrence& one : inventory.packages) {
    families.emplace(text::cut(match::name_space(one.package, one.os < inventory.systems.size() ? inventory.systems[one.os] : Os{}), ':').first);
  }
  std::vector<std::string> out;
  for (const feeds::Feed* const feed : feeds::feeds()) {
    const std::vector<std::string_view> of = feed->families();
    if (std::any_of(of.begin(), of.end(), [&](std::string_view f) { return families.count(std::string(f)) > 0; })) out.emplace_back(feed->id());
  }
  return text::join(out, " ");
}

}  // namespace analysis_detail

Result<std::vector<std::string>> targets_of(const Invocation& call) {
  std::vector<std::string> out;
  const std::string input = call.settings.text("input");
  const bool is_path = !input.empty() && (input[0] == '/' || input[0] == '.');
  if (!input.empty()) out.push_back(is_path ? input : "./" + input);  // a file, whatever image has the same name
  for (const std::string& one : call.arguments) {
    if (one.empty()) return fail(Errc::invalid_input, "an empty word is no target");
    out.push_back(one);
  }
  if (out.empty() && analysis_detail::has_input()) {
    out.emplace_back("-");
    if (!analysis_detail::comes_soon()) call.console.note("no target is named: waiting for an image or an SBOM on standard input");
  }
  if (out.empty()) return fail(Error{Errc::invalid_input, "no image named", "eclair scan alpine:3.19, or eclair scan image.tar"});
  return out;
}

Result<image::OpenOptions> open_options(const Invocation& call) {
  const Settings& settings = call.settings;
  image::OpenOptions out;
  out.platform = settings.text("platform");
  out.insecure = settings.flag("insecure");
  out.ca_file = settings.text("cacert");
  out.username = settings.text("username");
  out.password = settings.text("password");
  out.registry_token = settings.text("registry-token");
  out.name = settings.text("name");
  out.stall_seconds = static_cast<unsigned>(settings.number("stall-timeout").value_or(60));
  const std::string from = settings.text("from");
  for (const std::string_view one : text::split(from, ',')) {
    if (const std::string_view word = text::trim(one); !word.empty()) out.from.emplace_back(word == "remote" ? "registry" : word);
  }
  out.local_engines = true;
  for (const std::string& one : settings.list("registry-mirror")) {
    const auto [registry, host] = text::cut(one, '=');
    const auto reference = image::parse_reference(std::string(host) + "/x");
    if (registry.empty() || host.empty() || !reference || reference->domain != host) {
      return fail(Error{Errc::invalid_input, "--registry-mirror " + text::clean(one, 200) + ": needs REGISTRY=HOST", "--registry-mirror docker.io=mirror.example.com"});
    }
    out.mirrors.insert_or_assign(std::string(registry), std::string(host));
  }
  out.network = settings.flag("network");
  out.limits = index_options(settings).limits;
  out.stop = &call.stop;
  if (settings.flag("password-stdin")) {
    ECLAIR_TRY(out.password, analysis_detail::read_password());
  }
  return out;
}

index::IndexOptions index_options(const Settings& settings) {
  index::IndexOptions out;
  out.limits.image_bytes = settings.number("max-image-size").value_or(out.limits.image_bytes);
  out.limits.layers = static_cast<std::uint32_t>(std::min<std::uint64_t>(settings.number("max-layers").value_or(out.limits.layers), UINT32_MAX));
  out.limits.evidence_bytes = settings.number("max-file-size").value_or(out.limits.evidence_bytes);
  out.fact_patterns = wanted_files(settings);
  out.verify_diff_ids = settings.flag("verify-diff-ids");
  out.parallel = static_cast<unsigned>(std::min<std::uint64_t>(settings.number("parallel").value_or(0), 256));
  return out;
}

std::unique_ptr<store::LayerStore> open_known_layers(const Invocation& call) {
  const auto folder = data_folder(call.settings);
  auto opened = folder ? store::open_layers(*folder) : fail(folder.error());
  if (opened) return *std::move(opened);
  call.console.warning("layers are read anew each time: " + opened.error().text, opened.error().hint);
  return nullptr;
}

Result<KnownAdvisories> open_known_advisories(const Invocation& call, std::string_view as_of_option) {
  ECLAIR_TRY(const std::string folder, data_folder(call.settings));
  const auto open = [&]() -> Result<KnownAdvisories> {
    KnownAdvisories out;
    ECLAIR_TRY(out.store, store::open_advisories(folder));
    ECLAIR_TRY(out.as_of, as_of(call.settings, *out.store, as_of_option));
    if (out.as_of) {
      ECLAIR_TRY(out.store, store::open_advisories_as_of(folder, *out.as_of));
    }
    return out;
  };
  auto opened = open();
  if (!opened && opened.error().hint.empty() && opened.error().code == Errc::unavailable) {
    Error error = std::move(opened).error();
    error.hint = "advisories are kept in " + text::quoted(folder) + "; another place: --data-dir FOLDER";
    return fail(std::move(error));
  }
  return opened;
}

Result<index::IndexedImage> read_image(const Invocation& call, const std::string& target, const image::OpenOptions& options,
                                       store::LayerStore* known, bool deltas,
                                       std::function<void(const LayerInfo&, const LayerRecord&)> layer_ready) {
  ReadingProgress progress(call.console, text::clean(target, 200));
  ECLAIR_TRY(OpenedTarget opened, open_target(target, options));
  if (opened.list) {
    call.console.detail(text::clean(target, 200) + ": " + opened.list->image.source + ", " + std::to_string(opened.list->inventory.packages.size()) + " packages");
    ECLAIR_CHECK_OK(narrow(call.settings, opened.list->inventory));
    return *std::move(opened.list);
  }
  const std::unique_ptr<image::Source> source = std::move(opened.image);
  const Image& found = source->image();
  call.console.detail(text::clean(target, 200) + ": " + found.source + ", " + text::plural(found.history.size(), "step") +
                      (found.platform.os.empty() ? "" : ", " + found.platform.text()));

  for (const std::string& one : found.notes) {
    if (one.starts_with("using local image")) call.console.note(one);
  }

  std::optional<analysis_detail::CountingLayers> counting;
  if (known != nullptr) counting.emplace(*known);
  index::IndexOptions how = index_options(call.settings);
  how.deltas = deltas;
  how.all_layers = call.settings.text("scope") == "all-layers";
  how.layer_ready = std::move(layer_ready);
  how.progress = [&](const index::IndexOptions::Progress& at) { progress.update(at); };
  auto read = index::index_image(*source, counting ? &*counting : nullptr, how, call.stop);
  if (!read) return fail(std::move(read).error().within(text::quoted(target, 300)));
  ECLAIR_CHECK_OK(narrow(call.settings, read->inventory));
  if (counting) {
    const auto layers = std::count_if(found.history.begin(), found.history.end(), [](const LayerInfo& l) { return !l.empty; });
    call.console.detail("layers known already: " + std::to_string(counting->known()) + " of " + std::to_string(layers));
  }
  return read;
}

bool may_not_fetch(const Settings& settings) { return settings.flag("offline") || !settings.flag("network"); }

std::string known_feeds() {
  std::vector<std::string> names;
  for (const feeds::Feed* feed : feeds::feeds()) names.emplace_back(feed->id());
  return text::join(names, ", ");
}

Result<report::Report> judge_image(const Invocation& call, index::IndexedImage read, const KnownAdvisories& advisories) {
  report::JudgeOptions how;
  how.tool_version = call.version;
  how.generated_at = now();
  how.max_age_seconds = static_cast<UnixTime>(call.settings.number("max-db-age").value_or(5 * 86400));
  how.judged_at = advisories.as_of.value_or(how.generated_at);
  how.offline = may_not_fetch(call.settings);
  ECLAIR_TRY(report::Report out, report::judged(std::move(read.image), std::move(read.inventory), *advisories, how, call.stop));
  tell_narrowing(out);
  for (const store::FeedState& feed : out.feeds) {
    call.console.detail("feed " + feed.name + ": snapshot " + feed.snapshot.substr(0, 12) + ", imported " + rfc3339(feed.fetched_at) + ", " +
                        text::plural(feed.records, "record"));
  }
  return out;
}

report::Report list_image(const Invocation& call, index::IndexedImage read) {
  report::Report out;
  out.tool_version = call.version;
  out.generated_at = out.judged_at = now();
  out.image = std::move(read.image);
  out.inventory = std::move(read.inventory);
  out.coverage = {{"not_asked", "vulnerabilities were not looked for", static_cast<std::uint32_t>(out.inventory.packages.size()), true}};
  return out;
}

void warn_of_gaps(const Invocation& call, const report::Report& report) {
  bool hinted = !call.settings.text("server").empty();  // what a server knows is its own affair
  for (const Coverage& one : report.coverage) {
    if (one.code == "not_asked") continue;  // as it was wished
    std::string hint;
    const std::string feeds = one.code == "no_data" || one.code == "stale" ? analysis_detail::feeds_for(report.inventory) : std::string();
    if (one.code == "no_data" && !hinted && !feeds.empty()) {
      hint = may_not_fetch(call.settings) ? "eclair db import --feed " + feeds.substr(0, feeds.find(' ')) + " FILE" : "eclair db update " + feeds;
    }
    if (one.code == "stale" && !hinted) hint = "eclair db update " + feeds + " brings newer ones; --max-db-age changes the limit";
    hinted = hinted || !hint.empty();
    const bool said = one.message.find("not judged") != std::string::npos;
    call.console.warning((report::means_not_judged(one) && !said ? "not judged: " : "") + one.message, hint);
  }
  for (const std::string& one : report.image.notes) call.console.detail(one);
}

}  // namespace eclair::cli
