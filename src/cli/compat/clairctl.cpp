// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/compat/arguments.h"
#include "cli/compat/classic_image.h"
#include "cli/compat/go_text.h"
#include "cli/compat/verb.h"
#include "cli/compat/white_list.h"
#include "cli/output.h"
#include "service/classic/classic_replies.h"
#include "util/go_json.h"
#include "util/text.h"

/// clairctl of 2018: counts by severity, and reports in files.
/// source: jgsqware/clairctl: cmd/analyze.go, cmd/report.go, clair/report.go, clair/clair.go, clair/layering.go
namespace eclair::cli::compat {
namespace clairctl_detail {

enum Exit : int { kNothingFound = 0, kFound = 1, kFailed = 1 };

constexpr std::string_view kHelp =
    "Usage: clairctl analyze IMAGE [flags]    counts by severity\n"
    "       clairctl report IMAGE [flags]     reports/FORMAT/analysis-NAME-TAG.FORMAT\n"
    "\n"
    "  -f, --filters LIST    analyze: severities to count, by comma, as in High,Critical\n"
    "      --format FORMAT   analyze: plain, json\n"
    "  -n, --noFail          analyze: exit 0 whatever was found\n"
    "  -f, --format FORMAT   report: html, json\n"
    "  -w, --whitelist FILE  vulnerabilities that do not count\n"
    "  -l, --local           images of the local Docker engine\n"
    "      --config, --log-level, --no-clean are taken and not looked at; a server: ECLAIR_SERVER\n"
    "\n"
    "Exit codes: 0, 1 something was counted, or an error.\n";

constexpr Flag kCommon[] = {{"config"},         {"log-level"},         {"no-clean", '\0', false},
                            {"whitelist", 'w'}, {"local", 'l', false}, {"help", 'h', false}};

/// What is left of an image when the white list has been over it.
struct Analysis {
  report::Report report;
  std::vector<ClassicFeature> features;
  ClassicName name;
};

Result<Analysis> analysis(const Invocation& call, const Arguments& arguments) {
  ECLAIR_TRY(WhiteList white_list, WhiteList::read(call, arguments.text("whitelist")));
  Settings settings = call.settings;
  if (arguments.flag("local")) ECLAIR_CHECK_OK(settings.put(find_option("from"), "docker", Origin::flag, "--local"));
  Analysis out;
  const std::string& target = arguments.rest().front();
  ECLAIR_TRY(out.report, scanned({settings, call.arguments, call.console, call.stop, call.version}, target));
  ECLAIR_TRY(out.report, white_list.applied(call, target, std::move(out.report)));
  out.features = classic_features(out.report);
  out.name = classic_name(out.report, target);
  return out;
}

using Counts = std::array<std::size_t, std::size(kPriorities)>;

std::size_t place(std::string_view priority) {
  return static_cast<std::size_t>(std::find(std::begin(kPriorities), std::end(kPriorities), priority) - std::begin(kPriorities));
}

/// Those that are counted: all, unless the list has a word that is exactly one of the seven. Others pass without a word.
std::vector<bool> counted(std::string_view filters) {
  std::vector<bool> out(std::size(kPriorities), false);
  bool any = false;
  for (const std::string_view word : text::split(filters, ',')) {
    if (const std::size_t at = place(word); at < out.size()) out[at] = any = true;
  }
  return any ? out : std::vector<bool>(out.size(), true);
}

/// Packages times vulnerabilities; or, with distinct, each name once.
Counts count(const std::vector<ClassicFeature>& features, bool distinct) {
  Counts out{};
  std::set<std::string_view> names;
  for (const ClassicFeature& feature : features) {
    for (const auto& one : feature.vulnerabilities) {
      if (!distinct || names.insert(one.name).second) ++out[place(priority_of(one))];
    }
  }
  return out;
}

std::string as_plain(const ClassicName& name, const Counts& counts, const std::vector<bool>& shown, bool color) {
  static constexpr std::string_view kColors[] = {"37", "97", "33", "93", "35", "31", "91"};
  std::string full = name.is_name ? name.registry + "/" + name.name : name.name;
  if (!name.tag.empty()) full += ":" + name.tag;
  std::string out = "\nImage: " + text::clean(full) + "\n ";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!shown[i]) continue;
    const std::string text = std::string(kPriorities[i]) + ": " + std::to_string(counts[i]);
    out += "\n " + (color ? "\x1b[" + std::string(kColors[i]) + "m" + text + "\x1b[0m" : text);
  }
  return out + "\n";
}

std::string as_counts(const ClassicName& name, const Counts& counts, const std::vector<bool>& shown) {
  std::string out;
  go_json::Object outer(out);
  outer.string("Image", name.name);
  std::string& list = outer.key("Vulns");
  char before = '[';
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!shown[i]) continue;
    list += std::exchange(before, ',');
    go_json::Object one(list);
    one.string("Priority", kPriorities[i]).number("Count", static_cast<std::int64_t>(counts[i])).end();
  }
  list += ']';
  outer.end();
  return indented(out, "    ") + "\n";
}

Result<int> analyze(const Invocation& call) {
  std::vector<Flag> flags(std::begin(kCommon), std::end(kCommon));
  flags.insert(flags.end(), {{"filters", 'f'}, {"format"}, {"noFail", 'n', false}});
  ECLAIR_TRY(const Arguments arguments, Arguments::read(std::span(call.arguments).subspan(1), flags));
  if (arguments.flag("help")) {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return int{kNothingFound};
  }
  if (arguments.rest().size() != 1) return fail(Errc::invalid_input, "clairctl: \"analyze\" requires a minimum of 1 argument");
  const std::string format = arguments.text("format", "plain");
  if (format != "plain" && format != "json") return fail(Errc::invalid_input, "Bad format type '" + format + "'");
  ECLAIR_TRY(const Analysis found, analysis(call, arguments));

  const std::vector<bool> shown = counted(arguments.text("filters"));
  const Counts all = count(found.features, false);
  ECLAIR_CHECK_OK(call.console.print(format == "plain" ? as_plain(found.name, all, shown, call.console.color())
                                                       : as_counts(found.name, count(found.features, true), shown)));
  bool any = false;
  for (std::size_t i = 0; i < all.size(); ++i) any = any || (shown[i] && all[i] > 0);
  return int{any && !arguments.flag("noFail") ? kFound : kNothingFound};
}

/// The name that the original knew a layer by.
std::string layer_name(const LayerInfo& layer) { return layer.digest.empty() ? layer.diff_id.text : layer.digest.text; }

/// One envelope for each layer, the top first, each with all that is seen there. What a layer had and a later one removed is not known
/// here.
std::string as_layers(const Analysis& found) {
  std::vector<const LayerInfo*> layers;
  for (const LayerInfo& one : found.report.image.history) {
    if (!one.empty) layers.push_back(&one);
  }
  std::string out;
  go_json::Object outer(out);
  outer.string("Registry", found.name.registry).string("ImageName", found.name.name).string("Tag", found.name.tag);
  std::string& list = outer.key("Layers");
  list += '[';
  for (std::size_t top = layers.size(); top-- > 0;) {
    if (top + 1 < layers.size()) list += ',';
    go_json::Object envelope(list);
    go_json::Object layer(envelope.key("Layer"));
    std::string space;
    for (const ClassicFeature& one : found.features) space = one.layer <= layers[top]->index && space.empty() ? one.name_space : space;
    layer.string("Name", layer_name(*layers[top])).string_if("NamespaceName", space);
    if (top > 0) layer.string("ParentName", layer_name(*layers[top - 1]));
    layer.number("IndexedByVersion", service::classic::kEngineVersion);
    std::string features;
    for (const ClassicFeature& one : found.features) {
      if (one.layer > layers[top]->index) continue;
      features += features.empty() ? '[' : ',';
      go_json::Object feature(features);
      feature.string("Name", one.name).string_if("NamespaceName", one.name_space).string("Version", one.version);
      if (!one.vulnerabilities.empty()) {
        std::string& to = feature.key("Vulnerabilities");
        char before = '[';
        for (const auto& v : one.vulnerabilities) {
          to += std::exchange(before, ',');
          go_json::Object object(to);
          object.string_if("Name", v.name).string_if("NamespaceName", v.name_space).string_if("Description", v.description);
          object.string_if("Link", v.link).string("Severity", priority_of(v));
          if (const std::string metadata = sorted_members(v.metadata); !metadata.empty()) object.raw("Metadata", metadata);
          object.string_if("FixedBy", v.fixed_by).end();
        }
        to += ']';
      }
      if (one.layer >= 1 && one.layer <= layers.size()) feature.string("AddedBy", layer_name(*layers[one.layer - 1]));
      feature.end();
    }
    if (!features.empty()) layer.raw("Features", features + "]");
    layer.end();
    envelope.end();
  }
  list += ']';
  outer.end();
  return indented(out, "\t");
}

/// The page of `eclair scan -f html`.
Result<std::string> as_page(const Invocation& call, const Analysis& found) {
  const report::Format& html = *report::find_format("html");
  report::Document document;
  document.reports.push_back(found.report);
  report::View view = view_of(call);
  view.terminal = view.color = false;
  std::string out;
  ECLAIR_CHECK_OK(html.render(document, view, [&](std::string_view piece) -> Result<> {
    out += piece;
    return {};
  }));
  return out;
}

Result<> make_folder(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST)
      return fail(Errc::unavailable, "cannot make the folder " + part + ": " + std::strerror(errno));
    if (at == std::string::npos) return {};
  }
}

Result<int> report(const Invocation& call) {
  std::vector<Flag> flags(std::begin(kCommon), std::end(kCommon));
  flags.push_back({"format", 'f'});
  ECLAIR_TRY(const Arguments arguments, Arguments::read(std::span(call.arguments).subspan(1), flags));
  if (arguments.flag("help")) {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return int{kNothingFound};
  }
  if (arguments.rest().size() != 1) return fail(Errc::invalid_input, "clairctl: \"report\" requires a minimum of 1 argument");
  const std::string format = arguments.text("format", "html");
  if (format != "html" && format != "json") return fail(Errc::invalid_input, "Unsupported Report format: " + format);
  ECLAIR_TRY(const Analysis found, analysis(call, arguments));

  std::string content;
  if (format == "json") {
    content = as_layers(found);
  } else {
    ECLAIR_TRY(content, as_page(call, found));
  }
  std::string name = found.name.name;
  std::replace(name.begin(), name.end(), '/', '-');
  if (!found.name.tag.empty()) name += "-" + found.name.tag;
  const std::string folder = "reports/" + format;
  const std::string file = folder + "/analysis-" + name + "." + format;
  ECLAIR_CHECK_OK(make_folder(folder));
  ECLAIR_CHECK_OK(write_file(file, content));
  ECLAIR_CHECK_OK(call.console.print((format == "json" ? "JSON" : "HTML") + std::string(" report at ") + text::clean(file) + "\n"));
  return int{kNothingFound};
}

Result<int> run(const Invocation& call) {
  const std::string command = call.arguments.empty() ? "--help" : call.arguments.front();
  if (command == "analyze" || command == "analyse") return analyze(call);
  if (command == "report") return report(call);
  if (command == "--help" || command == "-h" || command == "help") {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return int{kNothingFound};
  }
  return fail(Error{Errc::unsupported, "clairctl " + text::quoted(command) + " has no counterpart here",
                    "analyze and report have; push is not needed"});
}

}  // namespace clairctl_detail

namespace verb {
const Verb& clairctl() {
  static constexpr Verb kOne = {.name = "clairctl",
                                .purpose = "jgsqware/clairctl: counts by severity, reports in files.",
                                .help = clairctl_detail::kHelp,
                                .error_code = clairctl_detail::kFailed,
                                .run = &clairctl_detail::run};
  return kOne;
}
}  // namespace verb
}  // namespace eclair::cli::compat
