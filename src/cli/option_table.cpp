// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/option_table.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "cli/display_options.h"
#include "cli/habits.h"
#include "cli/server_options.h"
#include "util/text.h"

namespace eclair::cli {
namespace option_table_detail {

constexpr std::string_view kImage = "scan,sbom,layers,explain,fix,diff,graph";     // commands that read an image
constexpr std::string_view kRegistry = "scan,sbom,layers,explain,fix,diff,graph,db import,db export,login";  // commands that may log in to a registry
constexpr std::string_view kReport = "scan,sbom,convert,layers,explain,fix,diff,graph,find,images,db status,db search,config show";  // commands that write a report
constexpr std::string_view kFormat = "scan,sbom,convert,layers,explain,fix,diff,graph,find,images,db status,db search,config show,db export";  // and one that writes data
constexpr std::string_view kJudge = "scan,explain,fix,diff,graph";            // commands that need advisories
constexpr std::string_view kIgnoring = "scan,explain,fix,diff,graph,ignore add,ignore list,ignore lint,ignore prune";  // commands that read ignore files
constexpr std::string_view kFetch = "scan,explain,fix,diff,graph,db update,serve,config check";  // commands that may fetch them
constexpr std::string_view kData = "scan,sbom,layers,explain,fix,diff,graph,find,images,delete,db update,db import,db export,db status,db search,db prune,serve,config check";

constexpr std::string_view kClient = "scan,find,images,delete,health,watch";  // commands that may ask a server

// clang-format off
constexpr Option kOptions[] = {
  // ---- target
  {.name = "platform", .letters = "", .synonyms = "", .kind = Kind::text, .value = "OS/ARCH", .fallback = "", .choices = "",
   .group = Group::target, .commands = kImage, .config = "scan.platform",
   .help = "which image of a multi-platform one: os/arch[/variant]; default linux and this machine's"},
  {.name = "input", .letters = "", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::target, .commands = kImage, .config = "",
   .help = "the image is this archive or layout"},
  {.name = "name", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::target, .commands = kImage, .config = "",
   .help = "name to show instead of the target"},
  {.name = "exclude", .letters = "", .synonyms = "skip-dirs skip-files", .kind = Kind::list, .value = "GLOB", .fallback = "", .choices = "",
   .group = Group::target, .commands = kJudge, .config = "scan.exclude",
   .help = "leave out packages that are found at these paths alone, or below them: 'usr/share/doc/**'; repeatable"},
  {.name = "pkg-types", .letters = "", .synonyms = "vuln-type", .kind = Kind::choices, .value = "LIST", .fallback = "", .choices = "os library",
   .group = Group::target, .commands = kJudge, .config = "scan.pkg-types",
   .help = "only packages of the distribution (os), or of languages (library)"},
  {.name = "distro", .letters = "", .synonyms = "", .kind = Kind::text, .value = "ID:VERSION", .fallback = "", .choices = "",
   .group = Group::target, .commands = kJudge, .config = "scan.distro",
   .help = "judge as this distribution, whatever the image says: debian:12"},
  {.name = "facts", .letters = "", .synonyms = "", .kind = Kind::list, .value = "PATTERN", .fallback = "", .choices = "",
   .group = Group::target, .commands = "scan,layers,explain", .config = "scan.facts facts",
   .help = "files whose presence is reported: usr/bin/nc, **/id_rsa; repeatable"},
  {.name = "scope", .letters = "", .synonyms = "", .kind = Kind::choice, .value = "WHICH", .fallback = "squashed", .choices = "squashed all-layers",
   .group = Group::target, .commands = "scan", .config = "scan.scope",
   .help = "squashed: what the image holds; all-layers: also what a later layer removed or replaced"},
  {.name = "base", .letters = "", .synonyms = "base-image", .kind = Kind::text, .value = "IMAGE", .fallback = "", .choices = "",
   .group = Group::target, .commands = "scan,sbom,layers,explain,fix,graph", .config = "scan.base",
   .help = "the image that it was built on; else one that was scanned here before and has its lowest layers"},
  {.name = "vulns", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "true", .choices = "",
   .group = Group::target, .commands = "scan", .config = "",
   .help = "only list what is there, without looking for vulnerabilities; fetches and needs no advisories", .shown = "--no-vulns"},
  // ---- policy
  {.name = "fail-on", .letters = "", .synonyms = "severity-threshold", .kind = Kind::rules, .value = "RULE", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "scan,diff", .config = "policy.fail-on",
   .help = "exit 2 when a finding matches: high; high,fixable; kev; epss>0.5; cvss>=9; own, base; count:high>5; id:CVE-2024-3094; pkg:xz-utils; "
           "av:network; new:high@OLD; unknown; or the image: repo:NAME, file:PATH, no-file:PATH; eol, stale, incomplete (exit 3); none. Repeatable: any rule fails"},
  {.name = "policy", .letters = "", .synonyms = "", .kind = Kind::list, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "scan,diff", .config = "policy.policy",
   .help = "rules with names, in a file; repeatable, and beside --fail-on"},
  {.name = "no-fail", .letters = "n", .synonyms = "noFail", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::policy, .commands = "scan", .config = "",
   .help = "say what fails, and exit 0 all the same", .hidden = true},
  {.name = "exit-code", .letters = "", .synonyms = "", .kind = Kind::number, .value = "N", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "scan,diff", .config = "policy.exit-code",
   .help = "exit code of a failed policy; without --fail-on: whatever is shown fails"},
  {.name = "exit-on-eol", .letters = "", .synonyms = "", .kind = Kind::number, .value = "N", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "scan", .config = "policy.exit-on-eol",
   .help = "exit N when the distribution is past its end of life"},
  // ---- suppression
  {.name = "ignorefile", .letters = "w", .synonyms = "whitelist", .kind = Kind::list, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::policy, .commands = kIgnoring, .config = "policy.ignorefile",
   .help = "what is accepted: .eclairignore.yaml, Trivy's ignore files, white lists of clairctl, clair-scanner and klar; repeatable"},
  {.name = "reason", .letters = "", .synonyms = "", .kind = Kind::text, .value = "TEXT", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "why it does not matter", .environment = false},
  {.name = "expires", .letters = "", .synonyms = "", .kind = Kind::text, .value = "DAY", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "the last day of it: 2026-12-31", .environment = false},
  {.name = "not-affected", .letters = "", .synonyms = "", .kind = Kind::text, .value = "WORD", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "the image is not affected, by a justification of OpenVEX: component_not_present, vulnerable_code_not_present, "
           "vulnerable_code_not_in_execute_path, vulnerable_code_cannot_be_controlled_by_adversary, inline_mitigations_already_exist", .environment = false},
  {.name = "path", .letters = "", .synonyms = "", .kind = Kind::list, .value = "PATTERN", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "only packages found in such files: usr/lib/**; repeatable", .environment = false},
  {.name = "image", .letters = "", .synonyms = "", .kind = Kind::list, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "only in images of this name: 'registry.example.com/shop/*'; repeatable", .environment = false},
  {.name = "owner", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "who answers for it", .environment = false},
  {.name = "ticket", .letters = "", .synonyms = "", .kind = Kind::text, .value = "URL", .fallback = "", .choices = "",
   .group = Group::policy, .commands = "ignore add", .config = "",
   .help = "where it is followed", .environment = false},
  {.name = "vex", .letters = "", .synonyms = "", .kind = Kind::list, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::policy, .commands = kJudge, .config = "policy.vex",
   .help = "what OpenVEX, CSAF or CycloneDX documents say of findings: a file, or a folder of them; repeatable, the first one goes first"},
  {.name = "ignore-kernel", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::policy, .commands = kJudge, .config = "policy.ignore-kernel",
   .help = "set aside what is in packages of the Linux kernel (headers, linux-libc-dev): a container runs on its host's"},
  {.name = "ignores-of", .letters = "", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::policy, .commands = kJudge, .config = "",
   .help = "a configuration file with entries under `ignore`; set by that file", .hidden = true, .environment = false},
  {.name = "show-suppressed", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = "scan,convert", .config = "output.show-suppressed",
   .help = "list what is set aside too, with the reason; it is counted in any case"},
  // ---- output
  {.name = "format", .letters = "f", .synonyms = "", .kind = Kind::list, .value = "FORMAT[=FILE]", .fallback = "", .choices = "",
   .group = Group::output, .commands = kFormat, .config = "output.format",
   .help = "table (the default), json or, of reports, another of docs/user/reports.md; repeatable, each with its own file. Of db export: clair"},
  {.name = "output", .letters = "o", .synonyms = "", .kind = Kind::rules, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::output, .commands = kReport, .config = "",
   .help = "file for the last format without one; a format's name here means that format"},
  {.name = "template", .letters = "t", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::output, .commands = "scan,convert", .config = "output.template",
   .help = "the template for -f template", .in_project = false},
  {.name = "show-packages", .letters = "", .synonyms = "packages list-all-pkgs all-packages", .kind = Kind::flag, .value = "", .fallback = "", .choices = "",
   .group = Group::output, .commands = "scan,convert,layers,fix,graph", .config = "output.show-packages",
   .help = "list packages without findings too; JSON does unless --no-packages", .shown = "--show-packages, --no-packages"},
  {.name = "wide", .letters = "", .synonyms = "no-trunc", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = kReport, .config = "output.wide",
   .help = "never shorten a cell of a table"},
  {.name = "mkdirs", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = kReport, .config = "output.mkdirs",
   .help = "make the folders of report files that do not exist", .in_project = false},
  {.name = "color", .letters = "", .synonyms = "", .kind = Kind::choice, .value = "WHEN", .fallback = "auto", .choices = "auto always never",
   .group = Group::output, .commands = "*", .config = "output.color",
   .help = "auto, always or never; auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE", .shown = "--color WHEN, --no-color",
   .negative = "never"},
  // ---- data
  {.name = "offline", .letters = "", .synonyms = "offline-scan", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::data, .commands = "scan,layers,explain,fix,diff,graph,db update", .config = "data.offline",
   .help = "no network for advisories (an image may still be pulled)"},
  {.name = "network", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "true", .choices = "",
   .group = Group::data, .commands = kImage, .config = "data.network",
   .help = "no network at all: --offline, and no image from a registry or server", .shown = "--no-network"},
  {.name = "skip-db-update", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::data, .commands = kJudge, .config = "data.skip-db-update",
   .help = "use the advisories as they are; else what an image needs is fetched where it is missing or stale"},
  {.name = "max-db-age", .letters = "", .synonyms = "", .kind = Kind::duration, .value = "AGE", .fallback = "5d", .choices = "",
   .group = Group::data, .commands = "scan,explain,fix,diff,graph,db status", .config = "data.max-db-age",
   .help = "older advisories are called stale"},
  {.name = "as-of", .letters = "", .synonyms = "", .kind = Kind::text, .value = "WHEN", .fallback = "", .choices = "",
   .group = Group::data, .commands = "scan,explain,fix,diff,graph,db status,db search,db export", .config = "",
   .help = "by what was known here then: a day, a time, or a feed's snapshot id; fetches nothing", .environment = false},
  {.name = "old-as-of", .letters = "", .synonyms = "", .kind = Kind::text, .value = "WHEN", .fallback = "", .choices = "",
   .group = Group::data, .commands = "diff", .config = "",
   .help = "the old side by what was known here then, as --as-of does it for the new one", .environment = false},
  {.name = "history", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::data, .commands = "db status,db search", .config = "",
   .help = "also what was so in the past, and when", .environment = false},
  {.name = "keep", .letters = "", .synonyms = "", .kind = Kind::duration, .value = "TIME", .fallback = "90d", .choices = "",
   .group = Group::data, .commands = "db prune", .config = "data.keep",
   .help = "the past that is kept"},
  {.name = "from", .letters = "", .synonyms = "image-src", .kind = Kind::text, .value = "WHERE", .fallback = "", .choices = "",
   .group = Group::data, .commands = "scan,sbom,layers,explain,fix,diff,graph,store copy", .config = "",
   .help = "where to look for an image, in this order: registry, docker, podman, containers-storage. Of store copy: a folder, postgres://... "
           "or 'host=... dbname=...'", .secret = true, .environment = false},
  {.name = "to", .letters = "", .synonyms = "", .kind = Kind::text, .value = "URL", .fallback = "", .choices = "",
   .group = Group::data, .commands = "store copy", .config = "",
   .help = "where it goes to: the same, and nothing is there yet", .secret = true, .environment = false},
  {.name = "data-dir", .letters = "", .synonyms = "", .kind = Kind::text, .value = "FOLDER", .fallback = "", .choices = "",
   .group = Group::data, .commands = kData, .config = "data.data-dir data.dir",
   .help = "where advisories and known layers are kept; default $XDG_DATA_HOME/eclair", .in_project = false},
  {.name = "feed", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::data, .commands = "db import,db search", .config = "",
   .help = "the source that a file comes from; a wrong name lists them", .environment = false},
  {.name = "allow-shrink", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::data, .commands = "db update,db import", .config = "",
   .help = "import even if a namespace loses more than 30 % of its records", .environment = false},
  {.name = "allow-older", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::data, .commands = "db update,db import", .config = "",
   .help = "take a document or a data set even if what is here is newer", .environment = false},
  {.name = "mirror", .letters = "", .synonyms = "", .kind = Kind::text, .value = "URL", .fallback = "", .choices = "",
   .group = Group::data, .commands = kFetch, .config = "data.mirror",
   .help = "every source's https://HOST/PATH is asked for as URL/HOST/PATH", .in_project = false},
  {.name = "feed-url", .letters = "", .synonyms = "", .kind = Kind::rules, .value = "NAME=URL", .fallback = "", .choices = "",
   .group = Group::data, .commands = kFetch, .config = "feeds.NAME.url",
   .help = "where one feed is published instead; repeatable", .in_project = false},
  {.name = "package", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::data, .commands = "db search", .config = "",
   .help = "only records of this package, by the name that the source uses", .environment = false},
  {.name = "status", .letters = "", .synonyms = "", .kind = Kind::list, .value = "WORD", .fallback = "", .choices = "",
   .group = Group::data, .commands = "db search", .config = "",
   .help = "only records of this status: fixed, affected, not_affected, ...; repeatable", .environment = false},
  {.name = "namespace", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::data, .commands = "db search,find", .config = "",
   .help = "only in this namespace: debian:12", .environment = false},
  // ---- network
  {.name = "server", .letters = "", .synonyms = "", .kind = Kind::text, .value = "URL", .fallback = "", .choices = "",
   .group = Group::network, .commands = kClient, .config = "client.server",
   .help = "a running eclair serve, which keeps images and judges them: https://eclair.example.com:6060", .in_project = false},
  {.name = "server-fetch", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::network, .commands = "scan", .config = "client.server-fetch",
   .help = "the server reads the image from its registry; else it is read here, and only what the server does not have", .in_project = false},
  {.name = "token", .letters = "", .synonyms = "", .kind = Kind::text, .value = "KEY", .fallback = "", .choices = "",
   .group = Group::network, .commands = kClient, .config = "client.token",
   .help = "key for the server; visible to every process of the machine: prefer --token-file, or ECLAIR_TOKEN", .in_project = false, .secret = true},
  {.name = "token-file", .letters = "", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::network, .commands = kClient, .config = "client.token-file",
   .help = "a file with the key", .in_project = false},
  {.name = "insecure", .letters = "i", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::network, .commands = "scan,layers,explain,fix,diff,graph,find,images,delete,health,watch,db update,db import,db export", .config = "registry.insecure",
   .help = "plain HTTP and unverified certificates, for any registry and server", .in_project = false},
  {.name = "cacert", .letters = "", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::network, .commands = "scan,layers,explain,fix,diff,graph,find,images,delete,health,watch,db update,db import,db export,serve,config check", .config = "registry.cacert",
   .help = "further trusted certificates, PEM", .in_project = false},
  {.name = "username", .letters = "", .synonyms = "", .kind = Kind::text, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::network, .commands = kRegistry, .config = "registry.username",
   .help = "for the registry; instead of the credential files", .in_project = false},
  {.name = "password-stdin", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::network, .commands = kRegistry, .config = "",
   .help = "read the password from standard input; or set ECLAIR_PASSWORD", .environment = false},
  {.name = "password", .letters = "", .synonyms = "", .kind = Kind::text, .value = "WORD", .fallback = "", .choices = "",
   .group = Group::network, .commands = kRegistry, .config = "registry.password",
   .help = "visible to every process of the machine: prefer --password-stdin", .hidden = true, .in_project = false, .secret = true},
  {.name = "registry-mirror", .letters = "", .synonyms = "", .kind = Kind::rules, .value = "REG=HOST", .fallback = "", .choices = "",
   .group = Group::network, .commands = kImage, .config = "registry.registry-mirror registry.mirror",
   .help = "ask HOST for the images of a registry: docker.io=mirror.example.com; repeatable", .in_project = false},
  {.name = "registry-token", .letters = "", .synonyms = "", .kind = Kind::text, .value = "TOKEN", .fallback = "", .choices = "",
   .group = Group::network, .commands = kRegistry, .config = "registry.registry-token registry.token",
   .help = "bearer token, sent as it is", .in_project = false, .secret = true},
  {.name = "stall-timeout", .letters = "", .synonyms = "", .kind = Kind::duration, .value = "TIME", .fallback = "60s", .choices = "",
   .group = Group::network, .commands = "scan,layers,explain,fix,diff,graph,find,images,delete,health,db update,db import,db export,serve,config check", .config = "registry.stall-timeout",
   .help = "give up when no byte came for so long; there is no overall limit"},
  // ---- bounds
  {.name = "max-image-size", .letters = "", .synonyms = "", .kind = Kind::size, .value = "SIZE", .fallback = "1TiB", .choices = "",
   .group = Group::bounds, .commands = kImage, .config = "scan.max-image-size",
   .help = "largest image, uncompressed"},
  {.name = "max-layers", .letters = "", .synonyms = "", .kind = Kind::number, .value = "N", .fallback = "2000", .choices = "",
   .group = Group::bounds, .commands = kImage, .config = "scan.max-layers",
   .help = "most layers"},
  {.name = "max-file-size", .letters = "", .synonyms = "", .kind = Kind::size, .value = "SIZE", .fallback = "512MiB", .choices = "",
   .group = Group::bounds, .commands = kImage, .config = "scan.max-file-size",
   .help = "largest package database or other file that is read as evidence"},
  // ---- run
  {.name = "parallel", .letters = "", .synonyms = "", .kind = Kind::number, .value = "N", .fallback = "0", .choices = "",
   .group = Group::run, .commands = "scan,layers,explain,fix,diff,graph,serve,config check", .config = "scan.parallel",
   .help = "layers at once; 0 = one per processor"},
  {.name = "verify-diff-ids", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = kImage, .config = "scan.verify-diff-ids",
   .help = "check the digests of uncompressed layers too, a quarter slower"},
  {.name = "config", .letters = "c", .synonyms = "", .kind = Kind::text, .value = "FILE", .fallback = "", .choices = "",
   .group = Group::run, .commands = "*", .config = "",
   .help = "only this configuration file"},
  {.name = "project-config", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "true", .choices = "",
   .group = Group::run, .commands = "*", .config = "",
   .help = "do not read ./.eclair.yaml, nor ignore files that are not named", .shown = "--no-project-config"},
  {.name = "progress", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "true", .choices = "",
   .group = Group::run, .commands = "*", .config = "output.progress",
   .help = "no progress on a terminal", .shown = "--no-progress"},
  {.name = "quiet", .letters = "q", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = "*", .config = "log.quiet",
   .help = "errors only, and the report"},
  {.name = "verbose", .letters = "v", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = "*", .config = "log.verbose",
   .help = "one line for each decision"},
  {.name = "debug", .letters = "dD", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = "*", .config = "log.debug",
   .help = "everything"},
  {.name = "log-format", .letters = "", .synonyms = "", .kind = Kind::choice, .value = "WHICH", .fallback = "text", .choices = "text json",
   .group = Group::run, .commands = "*", .config = "log.log-format log.format",
   .help = "text, or one JSON object for each line on standard error"},
  {.name = "help", .letters = "h", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = "*", .config = "",
   .help = "this text", .environment = false},
  {.name = "version", .letters = "V", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::run, .commands = "*", .config = "",
   .help = "the version", .hidden = true, .environment = false},
  {.name = "json", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = "version,watch", .config = "",
   .help = "as JSON", .environment = false},
  {.name = "short", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = "version", .config = "",
   .help = "the number alone", .environment = false},
  {.name = "all", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = "help,db update", .config = "",
   .help = "db update: every feed; help: hidden options too", .environment = false},
  {.name = "man", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = "help", .config = "",
   .help = "a manual page: eclair.1 (the default), eclair-scan.1, eclair-config.5 and the like", .environment = false},
  {.name = "origin", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = "config show", .config = "",
   .help = "where each value comes from", .environment = false},
};

constexpr std::string_view kNotYet = "not supported yet";
constexpr ForeignFlag kForeign[] = {
  {"scanners", "only vulnerabilities are looked for, so 'vuln' is the one value taken", "drop the flag"},
  {"security-checks", "only vulnerabilities are looked for, so 'vuln' is the one value taken", "drop the flag"},
  {"ignore-policy", "policies in Rego are not supported", "say what fails with --fail-on"},
  {"by-cve", "findings already carry the CVE where their source names one", "drop the flag"},
  {"timeout", "there is no overall limit that could end a scan", "--stall-timeout 60s ends one that receives nothing"},
  {"db", kNotYet, "--data-dir names another set of advisories"},
  {"db-repository", "advisories are not pulled from a registry", "eclair db update --mirror URL"},
  {"download-db-only", "not a flag here", "eclair db update"},
  {"cache-dir", "known layers are kept beside the advisories", "--data-dir FOLDER moves both"},
};
// clang-format on

bool has_word(std::string_view list, std::string_view word, char by) {
  for (const std::string_view one : text::split(list, by)) {
    if (one == word && !one.empty()) return true;
  }
  return false;
}

}  // namespace option_table_detail

std::string_view title(Group group) {
  constexpr std::string_view kTitles[] = {"Target", "Filter", "Policy", "Output", "Data", "Network", "Bounds", "Server", "Run"};
  return kTitles[static_cast<std::size_t>(group)];
}

std::span<const Option> options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> rows(std::begin(option_table_detail::kOptions), std::end(option_table_detail::kOptions));
    // Before the options that every command has, which help shows last.
    for (const std::span<const Option> more : {display_options(), server_options()}) {
      const auto run = std::find_if(rows.begin(), rows.end(), [](const Option& row) { return row.group == Group::run; });
      rows.insert(run, more.begin(), more.end());
    }
    return rows;
  }();
  return all;
}

std::size_t find_option(std::string_view name) {
  const auto all = options();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name || option_table_detail::has_word(all[i].synonyms, name, ' ')) return i;
  }
  return kNone;
}

std::size_t find_letter(char letter) {
  const auto all = options();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].letters.find(letter) != std::string_view::npos) return i;
  }
  return kNone;
}

bool applies(const Option& option, std::string_view command) {
  return option.commands == "*" || option_table_detail::has_word(option.commands, command, ',');
}

std::string environment_name(const Option& option) {
  std::string out = "ECLAIR_";
  for (const char c : option.name) out += c == '-' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  return out;
}

const ForeignFlag* find_foreign(std::string_view name) {
  for (const ForeignFlag& one : option_table_detail::kForeign) {
    if (one.name == name) return &one;
  }
  return find_habit(name);
}

std::string_view nearest_option(std::string_view name, std::string_view command) {
  std::string_view best;
  std::size_t best_distance = 3;
  if (name.size() > 3 && name.substr(0, 3) == "no-") name.remove_prefix(3);
  for (const Option& option : options()) {
    if (option.hidden || (!command.empty() && !applies(option, command))) continue;
    // The beginning of a name ("--fail") is a better guess than another name of the same length.
    const bool begins = name.size() >= 3 && option.name.substr(0, name.size()) == name;
    const std::size_t away = begins ? 0 : text::distance(name, option.name, 3);
    if (away < best_distance && away < option.name.size()) {
      best = option.name;
      best_distance = away;
    }
  }
  return best;
}

}  // namespace eclair::cli
