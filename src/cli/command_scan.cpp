// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/command.h"
#include "cli/fetching.h"
#include "cli/next_step.h"
#include "cli/old_findings.h"
#include "cli/output.h"
#include "cli/policy_file.h"
#include "cli/recent.h"
#include "cli/remote_images.h"
#include "cli/report_output.h"
#include "cli/server_scan.h"
#include "cli/server_settings.h"
#include "cli/suppressions.h"
#include "cli/template_file.h"
#include "report/policy.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_scan_detail {

/// How bad a target turned out; of several, the worst decides.
enum class Verdict : std::uint8_t { passed, reservations, failed, error };

/// Everything that was asked for, checked before anything is read.
struct Plan {
  std::vector<std::string> targets;
  std::vector<Output> outputs;
  std::vector<report::Rule> rules;
  std::optional<std::uint64_t> exit_code, exit_on_eol;
  report::View view;
  image::OpenOptions open;
  std::optional<Image> base;  ///< that of --base
};

Result<Plan> plan(const Invocation& call) {
  Plan out;
  ECLAIR_TRY(out.rules, rules_of(call.settings));
  ECLAIR_TRY(out.outputs, plan_report_outputs(call.settings));
  ECLAIR_TRY(out.targets, targets_of(call));
  out.exit_code = call.settings.number("exit-code");
  out.exit_on_eol = call.settings.number("exit-on-eol");
  for (const auto& code : {out.exit_code, out.exit_on_eol}) {
    if (code && *code > 255) return fail(Errc::invalid_input, "exit code " + std::to_string(*code) + ": exit codes end at 255");
  }
  out.view = view_of(call);
  ECLAIR_CHECK_OK(read_template(call.settings, out.outputs, out.view));
  ECLAIR_TRY(out.open, open_options(call));
  ECLAIR_TRY(out.base, given_base(call, out.open));
  return out;
}

/// One target: open, read, judge, set aside. The report is complete then, but for the policy.
Result<report::Report> scan(const Invocation& call, const Plan& plan, const std::string& target, store::LayerStore* known,
                            const KnownAdvisories& advisories, NeededAdvisories& needed, Suppressions& suppressions) {
  auto read = read_image(call, target, plan.open, known, false, needed.foreseer());
  if (!read) {
    needed.give_up();
    return fail(std::move(read).error());
  }
  needed.fetch(read->inventory);
  ECLAIR_TRY(report::Report report, judge_image(call, *std::move(read), advisories));
  ECLAIR_CHECK_OK(find_base(call, known, plan.base, report));
  ECLAIR_CHECK_OK(suppressions.apply(call, target, report));
  return report;
}

/// What is in it, and no more: no advisories are needed.
Result<report::Report> list(const Invocation& call, const Plan& plan, const std::string& target, store::LayerStore* known) {
  ECLAIR_TRY(index::IndexedImage read, read_image(call, target, plan.open, known));
  report::Report report = list_image(call, std::move(read));
  ECLAIR_CHECK_OK(find_base(call, known, plan.base, report));
  return report;
}

/// The same through a server, which keeps the image.
Result<report::Report> scan(const Invocation& call, const Plan& plan, const std::string& target, store::LayerStore* known, service::Images& server,
                            Suppressions& suppressions) {
  ECLAIR_TRY(report::Report report, scan_by_server(call, target, plan.open, server, known));
  ECLAIR_CHECK_OK(find_base(call, known, plan.base, report));
  ECLAIR_CHECK_OK(suppressions.apply(call, target, report));
  return report;
}

bool is_past_eol(const report::Report& report) { return report.eol && report.eol->past; }

/// Says which rules failed, and gives the verdict.
Verdict weigh(const Invocation& call, const Plan& plan, const report::Report& report) {
  Verdict verdict = Verdict::passed;
  const std::string of = plan.targets.size() > 1 ? " for " + text::clean(report.image.name, 200) : "";
  for (std::size_t i = 0; i < report.policy.size(); ++i) {
    if (report.policy[i].passed) continue;
    call.console.verdict("policy failed" + of + ": " + report::failure_line(report.policy[i], report));
    verdict = std::max(verdict, report::is_reservation(plan.rules[i]) ? Verdict::reservations : Verdict::failed);
  }
  if (plan.exit_on_eol && is_past_eol(report)) {
    call.console.verdict("policy failed" + of + ": end of life since " + report.eol->date);
    verdict = std::max(verdict, Verdict::reservations);
  }
  // Without a policy, --exit-code looks at what is shown, as a line pasted from elsewhere expects.
  if (plan.exit_code && !call.settings.is_set("fail-on") && !call.settings.is_set("policy")) {
    const auto visible = std::count_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return report::shown(report, f, plan.view); });
    if (visible > 0) verdict = Verdict::failed;
  }
  return verdict;
}

int code_of(Verdict verdict, const Plan& plan, bool any_past_eol) {
  switch (verdict) {
    case Verdict::passed: return kOk;
    case Verdict::reservations: return plan.exit_on_eol && any_past_eol ? static_cast<int>(*plan.exit_on_eol) : int{kReservations};
    case Verdict::failed: return plan.exit_code ? static_cast<int>(*plan.exit_code) : int{kPolicyFailed};
    case Verdict::error: return kError;
  }
  return kError;
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const Plan plan, command_scan_detail::plan(call));
  ECLAIR_TRY(Suppressions suppressions, Suppressions::load(call));
  ECLAIR_TRY(const std::string server_url, server_of(call));
  std::unique_ptr<service::Images> server;
  std::optional<KnownAdvisories> advisories;
  std::optional<NeededAdvisories> needed;
  const bool judge = call.settings.flag("vulns");
  if (!server_url.empty()) {
    if (!judge) return fail(Errc::invalid_input, "--no-vulns and --server: a list of packages needs no server");
    ECLAIR_CHECK_OK(check_server_scan(call));
    if (const auto files = report::files_of(plan.rules); !files.empty()) {
      return fail(Error{Errc::unsupported, "a rule about a file (" + text::clean(files[0], 100) + ") cannot be had with --server", "scan without it"});
    }
    ECLAIR_TRY(const std::string token, secret_of(call.settings, "token"));
    server = remote_images(call, server_url, token);
  } else {
    if (call.settings.flag("server-fetch")) return fail(Errc::invalid_input, "--server-fetch needs --server URL");
    if (judge) {
      ECLAIR_TRY(advisories, open_known_advisories(call));
      needed.emplace(call, **advisories);
    }
  }
  const auto known = call.settings.flag("server-fetch") ? nullptr : open_known_layers(call);

  const auto report_of = [&](const std::string& target) {
    return !judge   ? list(call, plan, target, known.get())
           : server ? scan(call, plan, target, known.get(), *server, suppressions)
                    : scan(call, plan, target, known.get(), *advisories, *needed, suppressions);
  };
  ECLAIR_TRY(const report::OldFindings old, read_old_findings(call, plan.rules, report_of));
  report::Document document;
  for (const std::string& target : plan.targets) {
    auto report = report_of(target);
    if (report) {
      report->policy = report::evaluate(plan.rules, *report, old);
      warn_of_gaps(call, *report);
      if (const auto folder = data_folder(call.settings)) remember_image(*folder, target);
      document.reports.push_back(*std::move(report));
      continue;
    }
    // One target: there is nothing to report. Several: the others are still wanted.
    if (plan.targets.size() == 1 || report.error().code == Errc::cancelled) return fail(std::move(report).error());
    call.console.error(report.error());
    document.failures.push_back({target, report.error().text});
  }
  suppressions.tell_unused(call);
  // Beyond this point nothing is looked up any more: the reports are what they are.
  ECLAIR_CHECK_OK(write_reports(call, plan.outputs, plan.view, document));

  Verdict worst = document.failures.empty() ? Verdict::passed : Verdict::error;
  for (const report::Report& report : document.reports) worst = std::max(worst, weigh(call, plan, report));
  if (call.settings.flag("no-fail") && worst != Verdict::error) return int{kOk};
  if (worst == Verdict::passed && !call.settings.is_set("fail-on")) suggest_next_step(call, document);
  return code_of(worst, plan, std::any_of(document.reports.begin(), document.reports.end(), is_past_eol));
}

}  // namespace command_scan_detail

namespace command {
const Command& scan() {
  static constexpr Command kOne = {
      .name = "scan",
      .aliases = "image i",
      .section = Section::scan,
      .purpose = "Tells which vulnerabilities threaten an image.",
      .usage = "TARGET... [options]",
      .examples = "eclair scan alpine:3.19 -f json=report.json      # from its registry; a file for programs, and the table\n"
                  "eclair scan image.tar --severity '>=high'        # a saved image; shows only the grave\n"
                  "eclair scan IMAGE --fail-on high,fixable         # exit 2 when something grave can be fixed\n"
                  "eclair scan IMAGE --server https://eclair:6060   # a server keeps it and judges it",
      .notes = "A TARGET is an image of a registry, a file or folder (docker save, OCI layout or archive), or SCHEME:PLACE with\n"
               "oci-dir:, oci:, oci-archive:, docker-archive:, rootfs:, registry:, docker:, podman:, containers-storage:, sbom:.\n"
               "An SBOM (CycloneDX, SPDX, Syft) is taken for one wherever it comes from. \"-\" reads either from standard input.",
      .run = &command_scan_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
