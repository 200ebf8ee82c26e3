// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/habits.h"

#include <algorithm>
#include <iterator>

#include "util/text.h"

// sources: the flags of aquasecurity/trivy (pkg/flag), anchore/grype (cmd/grype/cli/options), docs.docker.com/reference/cli/docker/scout/cves,
// docs.snyk.io container test, as of 2026-08.
namespace eclair::cli {
namespace habits_detail {

constexpr std::string_view kOnlyVulnerabilities = "only vulnerabilities are looked for";

// clang-format off
constexpr ForeignFlag kFlags[] = {
  // Trivy
  {"detection-priority", "findings are what the sources say; there is no other mode", "drop the flag"},
  {"vuln-severity-source", "a severity comes from the distribution where it says one, else from NVD", "drop the flag"},
  {"secret-config", kOnlyVulnerabilities, "gitleaks and TruffleHog find secrets"},
  {"license-full", kOnlyVulnerabilities, "drop the flag"},
  {"ignored-licenses", kOnlyVulnerabilities, "drop the flag"},
  {"image-config-scanners", kOnlyVulnerabilities, "drop the flag"},
  {"compliance", "reports of compliance are not made", "say what fails with --fail-on"},
  {"report", "there is no such switch", "--summary shows counts alone"},
  {"include-dev-deps", "packages of languages are not read yet", "drop the flag"},
  {"dependency-tree", "packages of languages are not read yet", "drop the flag"},
  {"java-db-repository", "there is no database of Java archives", "drop the flag"},
  {"clear-cache", "known layers stay true for ever, as they are known by their digests", "drop the flag"},
  {"reset", "nothing has to be reset", "eclair db update --all fetches advisories anew"},
  {"docker-host", "not a flag here", "set DOCKER_HOST"},
  {"podman-host", "not a flag here", "set CONTAINER_HOST"},
  {"generate-default-config", "not a flag here", "eclair config init"},
  {"misconfig-scanners", kOnlyVulnerabilities, "drop the flag"},
  {"tf-vars", kOnlyVulnerabilities, "drop the flag"},
  {"helm-values", kOnlyVulnerabilities, "drop the flag"},
  {"module-dir", "there are no modules and plug-ins", "drop the flag"},
  // Grype
  {"add-cpes-if-none", "packages are judged by what their own sources say, not by CPEs", "drop the flag"},
  {"profile", "there are no profiles", "-c FILE names a configuration file"},
  {"file", "not a flag here", "-o FILE"},
  // Docker Scout
  {"epss", "not a flag here", "--columns +epss shows it, --sort-by epss orders by it, --min-epss 0.1 leaves out the unlikely"},
  {"epss-percentile", "not supported; the score is", "--min-epss 0.1"},
  {"details", "not a flag here", "--columns +title, -f json, or eclair explain ID IMAGE"},
  {"locations", "not a flag here", "--columns +path"},
  {"only-package-type", "not a flag here", "--pkg-types os,library"},
  {"only-vex-affected", "statements of VEX are followed without being asked", "drop the flag"},
  {"only-metric", "not supported", "--min-cvss 7"},
  {"org", "there are no accounts", "drop the flag"},
  // Snyk
  {"json-file-output", "not a flag here", "-f json=FILE"},
  {"sarif-file-output", "not a flag here", "-f sarif=FILE"},
  {"sarif", "not a flag here", "-f sarif"},
  {"app-vulns", "packages of languages are not read yet", "drop the flag"},
  {"project-name", "there are no accounts", "--name NAME is the name to show"},
};

constexpr FlagAlias kAliases[] = {
  {"compact", '\0', "pretty", "false"},
  {"local", 'l', "from", "docker"},
};

constexpr std::string_view kSelfEvident = "disable-telemetry skip-version-check skip-java-db-update skip-vex-repo-update no-vex-notice db-auto-update";

struct Meant {
  std::string_view option, words, meant;
};
constexpr Meant kMeant[] = {
  {"severity", "squashed all-layers", "--scope "},
  {"format", "negligible low medium moderate important high critical", "--fail-on "},
  {"format", "squashed all-layers", "--scope "},
};

constexpr ForeignCommand kCommands[] = {
  {"k8s", "running clusters are not walked", "eclair serve can be asked by a cluster before it starts an image: docs/user/admission.md"},
  {"kubernetes", "running clusters are not walked", "eclair serve can be asked by a cluster before it starts an image: docs/user/admission.md"},
  {"repo", "source code is not scanned", "eclair scan IMAGE"},
  {"repository", "source code is not scanned", "eclair scan IMAGE"},
  {"vm", "disks of virtual machines are not scanned", "mount one and: eclair scan rootfs:FOLDER"},
  {"plugin", "there are no plug-ins", "eclair help"},
  {"module", "there are no modules", "eclair help"},
  {"clean", "nothing has to be cleaned", "eclair db prune forgets past advisories"},
  {"server", "it is called serve", "eclair serve"},
  {"client", "a flag does that", "eclair scan --server URL IMAGE"},
  {"cves", "it is called scan", "eclair scan IMAGE"},
  {"quickview", "a flag does that", "eclair scan --summary IMAGE"},
  {"compare", "it is called diff", "eclair diff OLD NEW"},
  {"recommendations", "it is called fix", "eclair fix IMAGE"},
  {"analyze", "it is called scan", "eclair scan IMAGE"},
  {"report", "it is called scan", "eclair scan IMAGE -f html=report.html"},
};
// clang-format on

}  // namespace habits_detail
using namespace habits_detail;

const ForeignFlag* find_habit(std::string_view name) {
  const auto at = std::find_if(std::begin(kFlags), std::end(kFlags), [&](const ForeignFlag& one) { return one.name == name; });
  return at == std::end(kFlags) ? nullptr : at;
}

const FlagAlias* find_alias(std::string_view name) {
  const auto at = std::find_if(std::begin(kAliases), std::end(kAliases), [&](const FlagAlias& one) { return one.name == name; });
  return at == std::end(kAliases) ? nullptr : at;
}

const FlagAlias* find_alias(char letter) {
  const auto at = std::find_if(std::begin(kAliases), std::end(kAliases), [&](const FlagAlias& one) { return one.letter == letter && letter != '\0'; });
  return at == std::end(kAliases) ? nullptr : at;
}

bool goes_without_saying(std::string_view name) {
  const auto all = text::words(kSelfEvident);
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string_view meant_option(std::string_view option, std::string_view word) {
  for (const Meant& one : kMeant) {
    const auto words = text::words(one.words);
    if (one.option == option && std::find(words.begin(), words.end(), word) != words.end()) return one.meant;
  }
  return {};
}

const ForeignCommand* find_foreign_command(std::string_view name) {
  const auto at = std::find_if(std::begin(kCommands), std::end(kCommands), [&](const ForeignCommand& one) { return one.name == name; });
  return at == std::end(kCommands) ? nullptr : at;
}

}  // namespace eclair::cli
