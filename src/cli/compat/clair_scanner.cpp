// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/compat/arguments.h"
#include "cli/compat/classic_image.h"
#include "cli/compat/go_table.h"
#include "cli/compat/go_text.h"
#include "cli/compat/verb.h"
#include "cli/compat/white_list.h"
#include "cli/output.h"
#include "util/go_json.h"
#include "util/text.h"
#include "util/time.h"

/// clair-scanner: what is not on a white list and at or above a severity is unapproved, and fails.
/// source: arminc/clair-scanner 12: main.go, scanner.go, reporter.go, clair.go, utils.go
namespace eclair::cli::compat {
namespace clair_scanner_detail {

enum Exit : int { kApproved = 0, kUnapproved = 1, kFailed = 1, kNoFeatures = 5 };

constexpr std::string_view kHelp =
    "Usage: clair-scanner [OPTIONS] IMAGE\n"
    "\n"
    "  -w, --whitelist FILE        vulnerabilities that are approved\n"
    "  -t, --threshold SEVERITY    least severity that can be unapproved (Unknown)\n"
    "  -r, --report FILE           report as JSON\n"
    "  -l, --log FILE              what is told on standard error, in a file too\n"
    "      --all, --reportAll      show what is approved too (true)\n"
    "  -q, --quiet                 no table\n"
    "      --exit-when-no-features exit code 5 when no packages are found\n"
    "  -c, --clair URL; --ip ADDR  taken and not looked at: images are judged here, or by ECLAIR_SERVER\n"
    "\n"
    "Exit codes: 0 all is approved, 1 something is not, or an error, 5 no packages, where that was asked for.\n";

constexpr Flag kFlags[] = {{"whitelist", 'w'},
                           {"threshold", 't'},
                           {"clair", 'c'},
                           {"ip"},
                           {"log", 'l'},
                           {"all reportAll", '\0', false},
                           {"report", 'r'},
                           {"quiet", 'q', false},
                           {"exit-when-no-features", '\0', false},
                           {"help", 'h', false}};

struct Info {
  std::string feature, version;
  report::FeatureVulnerability vulnerability;
  bool approved = false;
};

std::size_t rank(std::string_view priority) {
  return static_cast<std::size_t>(std::find(std::begin(kPriorities), std::end(kPriorities), priority) - std::begin(kPriorities));
}

/// What the original told on standard error, and in a file of --log.
class Log {
 public:
  explicit Log(Console& console) : console_(console) {}
  void say(std::string_view level, const std::string& text) {
    const std::time_t at = static_cast<std::time_t>(now());
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    char when[32];
    std::strftime(when, sizeof when, "%Y/%m/%d %H:%M:%S", &parts);
    const std::string line = std::string(when) + " [" + std::string(level) + "] \xE2\x96\xB6 " + text::clean(text);
    console_.verdict(line);
    lines_ += line + "\n";
  }
  const std::string& lines() const { return lines_; }

 private:
  Console& console_;
  std::string lines_;
};

std::string as_table(const std::vector<Info>& list, bool all, bool color) {
  std::vector<std::vector<std::string>> rows;
  for (const Info& one : list) {
    if (one.approved && !all) continue;
    std::string status = one.approved ? "Approved" : "Unapproved";
    if (color) status = std::string(one.approved ? "\x1b[1;36m" : "\x1b[1;31m") + status + "\x1b[0m";
    rows.push_back({status, std::string(priority_of(one.vulnerability)) + " " + one.vulnerability.name, one.feature, one.version,
                    text::clean(one.vulnerability.description) + "\n\n" + one.vulnerability.link});
  }
  return go_table({"Status", "CVE Severity", "Package Name", "Package Version", "CVE Description"}, rows, Words::by_blank);
}

std::string as_json(const std::string& image, const std::vector<std::string>& unapproved, const std::vector<Info>& list) {
  std::string out;
  go_json::Object outer(out);
  outer.string("image", image);
  std::string& names = outer.key("unapproved");
  names += '[';
  for (std::size_t i = 0; i < unapproved.size(); ++i) {
    if (i > 0) names += ',';
    go_json::append_string(names, unapproved[i]);
  }
  names += ']';
  std::string& all = outer.key("vulnerabilities");
  all += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) all += ',';
    const auto& v = list[i].vulnerability;
    go_json::Object one(all);
    one.string("featurename", list[i].feature).string("featureversion", list[i].version).string("vulnerability", v.name);
    one.string("namespace", v.name_space).string("description", v.description).string("link", v.link);
    one.string("severity", priority_of(v)).string("fixedby", v.fixed_by).end();
  }
  all += ']';
  outer.end();
  return indented(out, "    ");
}

/// A package and a vulnerability of it.
std::string key(const ClassicFeature& feature, const report::FeatureVulnerability& vulnerability) {
  return feature.name + "\n" + feature.version + "\n" + feature.name_space + "\n" + std::to_string(feature.layer) + "\n" + vulnerability.name;
}

/// What of the features is at or above the threshold, and among those that no white list has. Like the original, which shows a name as
/// unapproved wherever it occurs once it is anywhere.
std::vector<Info> judge(const std::vector<ClassicFeature>& features, const std::vector<ClassicFeature>& left, std::size_t threshold,
                        std::vector<std::string>& unapproved) {
  std::set<std::string> counted;
  for (const ClassicFeature& feature : left) {
    for (const auto& one : feature.vulnerabilities) counted.insert(key(feature, one));
  }
  std::vector<Info> out;
  for (const ClassicFeature& feature : features) {
    for (const auto& one : feature.vulnerabilities) {
      out.push_back({feature.name, feature.version, one, false});
      if (rank(priority_of(one)) >= threshold && counted.count(key(feature, one)) > 0) unapproved.push_back(one.name);
    }
  }
  for (Info& one : out) one.approved = std::find(unapproved.begin(), unapproved.end(), one.vulnerability.name) == unapproved.end();
  return out;
}

Result<int> scan(const Invocation& call, const Arguments& arguments, Log& log) {
  const std::string threshold = arguments.text("threshold", "Unknown");
  if (rank(threshold) == std::size(kPriorities)) return fail(Errc::invalid_input, "Invalid CVE severity threshold " + threshold + " given");
  ECLAIR_TRY(WhiteList white_list, WhiteList::read(call, arguments.text("whitelist")));
  log.say("INFO", "Start clair-scanner");
  const std::string& image = arguments.rest().front();
  ECLAIR_TRY(const report::Report report, scanned(call, image));
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty) log.say("INFO", "Analyzing " + std::string(layer.digest.empty() ? layer.diff_id.hex() : layer.digest.hex()));
  }
  const std::vector<ClassicFeature> features = classic_features(report);
  if (features.empty() && arguments.flag("exit-when-no-features")) {
    log.say("CRIT",
            "Could not fetch vulnerabilities. No features have been detected in the image. This usually means that the image isn't "
            "supported by Clair");
    return int{kNoFeatures};
  }
  std::vector<std::string> unapproved;
  ECLAIR_TRY(const report::Report left, white_list.applied(call, image, report));
  std::vector<Info> list = judge(features, classic_features(left), rank(threshold), unapproved);

  const bool all = arguments.flag("all", true), quiet = arguments.flag("quiet");
  std::string table;
  if (!quiet) {
    if (!list.empty()) log.say("WARN", "Image [" + image + "] contains " + std::to_string(list.size()) + " total vulnerabilities");
    if (unapproved.empty()) {
      log.say("INFO", "Image [" + image + "] contains NO unapproved vulnerabilities");
    } else {
      log.say("ERRO", "Image [" + image + "] contains " + std::to_string(unapproved.size()) + " unapproved vulnerabilities");
    }
    std::vector<Info> sorted = list;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Info& a, const Info& b) { return rank(priority_of(a.vulnerability)) > rank(priority_of(b.vulnerability)); });
    if (!list.empty() && (!unapproved.empty() || all)) table = as_table(sorted, all, call.console.color());
    if (all) list = std::move(sorted);  // the original sorted in place, so its file is sorted then
  }
  ECLAIR_CHECK_OK(call.console.print(table));
  if (const std::string file = arguments.text("report"); !file.empty()) ECLAIR_CHECK_OK(write_file(file, as_json(image, unapproved, list)));
  return int{unapproved.empty() ? kApproved : kUnapproved};
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const Arguments arguments, Arguments::read(call.arguments, kFlags));
  if (arguments.flag("help")) {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return int{kApproved};
  }
  if (arguments.rest().size() != 1) return fail(Error{Errc::invalid_input, "incorrect usage", "clair-scanner [OPTIONS] IMAGE"});
  Log log(call.console);
  Result<int> out = scan(call, arguments, log);
  if (const std::string file = arguments.text("log"); !file.empty()) {
    const Result<> written = write_file(file, log.lines() + (out ? "" : "error: " + out.error().text + "\n"));
    if (out && !written) return fail(written.error());
  }
  return out;
}

}  // namespace clair_scanner_detail

namespace verb {
const Verb& clair_scanner() {
  static constexpr Verb kOne = {.name = "clair-scanner",
                                .purpose = "arminc/clair-scanner: white lists, a table, exit 1 for what is unapproved.",
                                .help = clair_scanner_detail::kHelp,
                                .error_code = clair_scanner_detail::kFailed,
                                .run = &clair_scanner_detail::run};
  return kOne;
}
}  // namespace verb
}  // namespace eclair::cli::compat
