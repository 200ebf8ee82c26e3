// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/parse.h"
#include "util/text.h"

namespace eclair::cli {
namespace output_test_detail {

std::string planned(std::string_view line) {
  Settings settings;
  const std::vector<std::string_view> arguments = text::words(line);
  if (auto parsed = parse_command_line(arguments, settings); !parsed) return parsed.error().text;
  const auto plan = plan_outputs(settings, {"table", "json"});
  if (!plan) return "error: " + plan.error().text + (plan.error().hint.empty() ? "" : " | " + plan.error().hint);
  std::string out;
  for (const Output& one : *plan) out += (out.empty() ? "" : " ") + one.format + ">" + one.file;
  return out;
}

struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "eclair-output-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace output_test_detail

TEST_CASE("-f and -o, in the habits of both families of scanners") {
  struct {
    std::string line;
    std::string want;
  } const kCases[] = {
      {"", "table>"},
      {"-f json", "json>"},
      {"-f json -o r.json", "json>r.json"},
      {"-o r.json -f json", "json>r.json"},
      {"-o json", "json>"},
      {"-o json=r.json", "json>r.json"},
      {"-o json -o r.json", "json>r.json"},
      {"-o ./json", "table>./json"},
      {"-o r.txt", "table>r.txt"},
      {"-f json=r.json", "json>r.json table>"},
      {"-f json=r.json -f table", "json>r.json table>"},
      {"-f json=r.json -f table=t.txt", "json>r.json table>t.txt table>"},
      {"-f json,table=t.txt", "json> table>t.txt"},
      {"-f json -f table -o t.txt", "json> table>t.txt"},
      {"-f json -f table", "error: several formats for standard output | give all but one a file: -f json=r.json"},
      {"-f json=r -f table=r", "error: several formats for the file r"},
      {"-f json -o a -o b", "error: -o b: no format is left that needs a file"},
      {"-o a -o b", "error: -o b: no format is left that needs a file"},
      {"-f high", "error: -f high: not a format (table, json) | did you mean --fail-on high?"},
      {"-f squashed", "error: -f squashed: not a format (table, json) | did you mean --scope squashed?"},
      {"-f json=/nonexistent/a/r.json", "error: cannot write /nonexistent/a/r.json: No such file or directory (nothing was written) | --mkdirs makes the folder"},
      {"-o /nonexistent/a/r.json", "error: cannot write /nonexistent/a/r.json: No such file or directory (nothing was written) | --mkdirs makes the folder"},
      {"-f jsn", "error: -f jsn: not a format (table, json); did you mean json?"},
      {"-f r.json", "error: -f r.json: not a format (table, json) | a file is named by -o FILE"},
      {"-f cosign-vuln", "error: -f cosign-vuln: not supported yet (table, json)"},
      {"-o cosign-vuln", "error: -f cosign-vuln: not supported yet (table, json)"},
      {"-f json@2", "error: -f json@2: json has no versions"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.line);
    std::string got = output_test_detail::planned(one.line);
    if (one.line.find("-o json=") == 0) got = got.substr(0, got.find(' '));  // the table beside it is not this case's matter
    CHECK(got == one.want);
  }
}

TEST_CASE("other words and versions of formats") {
  const auto planned = [](std::string_view line) {
    Settings settings;
    REQUIRE(parse_command_line(text::words(line), settings));
    const auto plan = plan_outputs(settings, {"table", {"cyclonedx", "cyclonedx-json cdx", "1.6 1.5"}});
    return plan ? plan->front().format + ">" + plan->front().version + ">" + plan->front().file : plan.error().text;
  };
  CHECK(planned("-f cyclonedx") == "cyclonedx>>");
  CHECK(planned("-f cyclonedx-json@1.5=b.json") == "cyclonedx>1.5>b.json");
  CHECK(planned("-o cdx@1.6") == "cyclonedx>1.6>");
  CHECK(planned("-f cdx@1.4") == "-f cdx@1.4: not a version of it (1.6, 1.5)");
  CHECK(planned("-f cdx@") == "-f cdx@: not a version of it (1.6, 1.5)");
  CHECK(planned("-f cyclonedy") == "-f cyclonedy: not a format (table, cyclonedx); did you mean cyclonedx?");
}

TEST_CASE("folders of files are made where that is wanted, before anything is read") {
  const output_test_detail::Folder folder;
  CHECK(output_test_detail::planned("--mkdirs -f json=" + folder.path + "/a/b/r.json") == "json>" + folder.path + "/a/b/r.json table>");
  CHECK(std::filesystem::is_directory(folder.path + "/a/b"));
  std::ofstream(folder.path + "/file") << "x";
  CHECK(output_test_detail::planned("-o " + folder.path + "/file/r.json").find("Not a directory") != std::string::npos);
  CHECK(output_test_detail::planned("--mkdirs -o " + folder.path + "/file/r.json").find("cannot write") != std::string::npos);
}

TEST_CASE("a report file is whole or not there") {
  const output_test_detail::Folder folder;
  const std::string file = folder.path + "/r.json";
  REQUIRE(write_file(file, "one"));
  CHECK(output_test_detail::content(file) == "one");
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  REQUIRE(write_file(file, "two"));
  CHECK(output_test_detail::content(file) == "two");
  struct stat there {};
  REQUIRE(::stat(file.c_str(), &there) == 0);
  CHECK((there.st_mode & 0777) == 0640);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);

  const auto no_folder = write_file(folder.path + "/none/r.json", "x");
  REQUIRE_FALSE(no_folder);
  CHECK(no_folder.error().code == Errc::not_found);
  CHECK_FALSE(write_file(folder.path, "x"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);

  const auto full = write_file("/dev/full", "x");
  if (::access("/dev/full", W_OK) == 0) {
    REQUIRE_FALSE(full);
    CHECK(full.error().text == "cannot write /dev/full: No space left on device (nothing was written)");
  }
}

}  // namespace eclair::cli
