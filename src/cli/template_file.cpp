// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/template_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "report/template/template.h"
#include "util/text.h"

namespace eclair::cli {
namespace template_file_detail {

Result<std::string> read(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const auto failed = [&](int code) {
    return fail(code == ENOENT ? Errc::not_found : Errc::unavailable, "template " + text::quoted(file) + ": " + std::strerror(code));
  };
  if (descriptor < 0) return failed(errno);
  std::string out;
  char buffer[16384];
  int code = 0;
  while (out.size() <= report::Template::kMostBytes) {
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) code = errno;
    if (got <= 0) break;
    out.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  if (code != 0) return failed(code);
  return out;
}

}  // namespace template_file_detail

Result<> read_template(const Settings& settings, const std::vector<Output>& outputs, report::View& view) {
  std::string file = settings.text("template");
  const bool wanted = std::any_of(outputs.begin(), outputs.end(), [](const Output& one) { return one.format == "template"; });
  if (file.empty()) {
    if (wanted) return fail(Error{Errc::invalid_input, "-f template: no template", "-t FILE names one"});
    return {};
  }
  if (!wanted) return fail(Error{Errc::invalid_input, "--template " + text::quoted(file) + ": no output uses it", "-f template -t " + text::quoted(file)});
  if (file.front() == '@') file.erase(0, 1);
  view.template_file = file;
  ECLAIR_TRY(view.template_text, template_file_detail::read(file));
  const auto parsed = report::Template::parse(view.template_text, file);
  if (parsed) return {};
  Error error = parsed.error();
  error.text = text::quoted(file) + ": " + error.text;
  return fail(std::move(error));
}

}  // namespace eclair::cli
