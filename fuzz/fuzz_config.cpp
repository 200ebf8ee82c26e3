// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// ./.eclair.yaml comes from the project that is scanned: its bytes are a stranger's. First line: a command line, the rest: the file.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/config_file.h"
#include "cli/option_table.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "report/policy.h"
#include "util/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto [line, yaml] = text::cut(all, '\n');

  cli::Settings settings;
  const auto arguments = text::split(line, ' ');
  (void)cli::parse_command_line(arguments, settings);
  cli::ConfigNotes notes;
  (void)cli::read_config(yaml, "./.eclair.yaml", cli::Origin::project_file, settings, notes);

  // What was taken can be asked for, and what a project may not set is not set by it.
  for (const cli::Option& option : cli::options()) {
    const bool by_project = settings.origin(option.name) == cli::Origin::project_file && settings.is_set(option.name);
    if (by_project && !option.in_project) std::abort();
    (void)settings.number(option.name);
    (void)settings.severities(option.name);
    (void)settings.flag(option.name);
  }
  (void)report::parse_rules(settings.list("fail-on"));
  (void)cli::plan_outputs(settings, {"table", "json"});
  return 0;
}
