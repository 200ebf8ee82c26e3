// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/output.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_config_detail {

struct Row {
  std::string key, value, origin;
};

std::string origin_of(const Settings& settings, const Option& option) {
  return settings.origin(option.name) == Origin::fallback ? "default" : settings.where(option.name);
}

std::string value_of(const Settings& settings, const Option& option) {
  if (option.secret && settings.is_set(option.name)) return "***";
  const bool many = takes_many(option.kind);
  return many && settings.is_set(option.name) ? text::join(settings.list(option.name), ", ") : settings.text(option.name);
}

/// Everything that a file may set, and nothing else: flags of one command are not settings.
std::vector<Row> rows(const Settings& settings) {
  std::vector<Row> out;
  for (const Option& option : options()) {
    if (option.config.empty()) continue;
    out.push_back({std::string(text::words(option.config).front()), value_of(settings, option), origin_of(settings, option)});
  }
  return out;
}

std::string as_text(const std::vector<Row>& rows, bool with_origin) {
  std::string out;
  for (const Row& row : rows) {
    out += row.key + ": " + text::clean(row.value);
    if (with_origin) out += "  # " + text::clean(row.origin);
    out += "\n";
  }
  return out;
}

std::string as_json(const std::vector<Row>& rows) {
  json::Writer w(true);
  w.begin_object();
  for (const Row& row : rows) w.key(row.key).begin_object().member("value", row.value).member("origin", row.origin).end_object();
  return w.end_object().text() + "\n";
}

Result<int> run(const Invocation& call) {
  const std::vector<Row> all = rows(call.settings);
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"text", "json"}));
  for (const Output& output : outputs) {
    const std::string text = output.format == "json" ? as_json(all) : as_text(all, call.settings.flag("origin"));
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return int{kOk};
}

}  // namespace command_config_detail

namespace command {
const Command& config_show() {
  static constexpr Command kOne = {
      .name = "config show",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Prints the settings in force.",
      .usage = "[--origin] [-f json]",
      .examples = "eclair config show\neclair config show --origin     # and where each comes from\n"
                  "eclair config show -f json\neclair config show -c other.yaml",
      .notes = "",
      .run = &command_config_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
