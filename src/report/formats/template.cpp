// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// A template of the user's over the JSON report. Two names mean more than in the report: a finding's "package" is the package itself, and
// "targets" is there for one target too.
#include "report/template/template.h"

#include <string>
#include <utility>
#include <vector>

#include "report/report.h"
#include "util/json.h"
#include "util/limits.h"
#include "util/text.h"

namespace eclair::report {
namespace template_format_detail {

Result<> render(const Document& document, const View& view, const Sink& out) {
  if (view.template_text.empty() && view.template_file.empty()) {
    return fail(Error{Errc::invalid_input, "-f template: no template", "-t FILE names one"});
  }
  ECLAIR_TRY(const Template parsed, Template::parse(view.template_text, view.template_file));
  View whole = view;
  whole.show_packages = true;  // findings are looked up there
  const bool one = document.reports.size() == 1 && document.failures.empty();
  std::string text = one ? "{\"targets\":[" : "";
  ECLAIR_CHECK_OK(find_format("json")->render(document, whole, [&](std::string_view piece) {
    text += piece;
    return Result<>{};
  }));
  if (one) text += "]}";
  json::Document json;
  ECLAIR_TRY(const json::Value root, json.parse(text, Limits{}.json_depth));
  std::vector<json::Value> contexts = {root};
  if (one) {
    root["targets"].each([&](json::Value report) {
      contexts.push_back(report);
      return true;
    });
  }
  return parsed.render(std::move(contexts), out, [](json::Value value, std::string_view member, const Template::LookUp& look_up) {
    if (member != "package" || !value.is_string()) return value;
    const json::Value found = look_up("packages")[value.string()];
    return found ? found : value;
  });
}

}  // namespace template_format_detail

namespace format {
const Format& template_() {
  static constexpr Format kOne = {"template", "a template of your own over the JSON report: -t FILE", &template_format_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
