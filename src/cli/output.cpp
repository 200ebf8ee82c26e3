// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/habits.h"
#include "cli/values.h"
#include "util/text.h"

namespace eclair::cli {
namespace output_detail {

/// Formats that we are known to be asked for and do not write.
constexpr std::string_view kOthers =
    "cyclonedx-xml openvex cosign-vuln";

bool among(std::string_view word, std::string_view list) {
  const auto all = text::words(list);
  return std::find(all.begin(), all.end(), word) != all.end();
}

std::string listed(const std::vector<FormatWord>& formats) {
  std::string out;
  for (const FormatWord& one : formats) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

/// The format that a word ("sarif", "cyclonedx-json@1.5") names; nullptr: none.
const FormatWord* find(const std::vector<FormatWord>& formats, std::string_view word) {
  const std::string_view name = text::cut(word, '@').first;
  const auto at = std::find_if(formats.begin(), formats.end(), [&](const FormatWord& one) { return one.name == name || among(name, one.aliases); });
  return at == formats.end() ? nullptr : &*at;
}

Error no_format(std::string_view flag, std::string_view word, const std::vector<FormatWord>& formats) {
  std::string all;
  for (const FormatWord& one : formats) all += std::string(one.name) + " " + std::string(one.aliases) + " ";
  Error error{Errc::invalid_input, std::string(flag) + " " + text::quoted(word) + ": not a format (" + listed(formats) + ")"};
  const std::string_view meant = meant_option("format", text::lower(word));
  if (among(word, kOthers)) {
    error.text = std::string(flag) + " " + text::quoted(word) + ": not supported yet (" + listed(formats) + ")";
  } else if (!meant.empty()) {
    error.hint = "did you mean " + std::string(meant) + text::lower(word) + "?";
  } else if (word.find('.') != std::string_view::npos || word.find('/') != std::string_view::npos) {
    error.hint = "a file is named by -o FILE";
  } else {
    error.text += text::did_you_mean(word, all);
  }
  return error;
}

std::vector<std::string> strings(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

struct Pending {
  std::uint32_t order;
  bool is_format;
  std::string text;
};

Error cannot_write(const std::string& file, int code) {
  return Error{code == ENOENT || code == ENOTDIR ? Errc::not_found : Errc::unavailable,
               "cannot write " + text::quoted(file) + ": " + std::strerror(code) + " (nothing was written)",
               code == ENOENT ? "--mkdirs makes the folder" : ""};
}

Result<> write_all(int descriptor, std::string_view bytes, const std::string& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(cannot_write(file, errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace output_detail

namespace output_detail {

/// That the folder of a file is there: told before an image is read, not when its report is to be written.
Result<> need_folder(const std::string& file, bool make) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code code;
  if (folder.empty() || std::filesystem::is_directory(folder, code)) return {};
  if (!make) return fail(cannot_write(file, std::filesystem::exists(folder, code) ? ENOTDIR : ENOENT));
  std::filesystem::create_directories(folder, code);
  if (code) return fail(cannot_write(file, code.value()));
  return {};
}

}  // namespace output_detail

Result<std::vector<Output>> plan_outputs(const Settings& settings, const std::vector<FormatWord>& formats) {
  std::vector<output_detail::Pending> words;
  for (const Settings::Word& word : settings.words("format")) words.push_back({word.order, true, word.text});
  for (const Settings::Word& word : settings.words("output")) {
    const bool means_format = output_detail::find(formats, text::cut(word.text, '=').first) != nullptr || output_detail::among(word.text, output_detail::kOthers);
    words.push_back({word.order, means_format, word.text});
  }
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.order < b.order; });

  std::vector<Output> out;
  std::string waiting;  // a file that came before its format
  bool separate_files = false;
  for (const auto& word : words) {
    separate_files = separate_files || !word.is_format;
    if (word.is_format) {
      const auto [format, file] = text::cut(word.text, '=');
      const FormatWord* const found = output_detail::find(formats, format);
      if (found == nullptr) return fail(output_detail::no_format("-f", format, formats));
      const std::string version(text::cut(format, '@').second);
      if (format.find('@') != std::string_view::npos && !output_detail::among(version, found->versions)) {
        const std::string known = text::join(output_detail::strings(text::words(found->versions)), ", ");
        return fail(Errc::invalid_input, "-f " + text::quoted(format) + ": " + (known.empty() ? std::string(found->name) + " has no versions" : "not a version of it (" + known + ")"));
      }
      out.push_back({std::string(found->name), std::string(file), version});
      if (out.back().file.empty()) out.back().file = std::exchange(waiting, {});
      continue;
    }
    const auto open = std::find_if(out.rbegin(), out.rend(), [](const Output& one) { return one.file.empty(); });
    if (open != out.rend()) {
      open->file = word.text;
    } else if (waiting.empty()) {
      waiting = word.text;
    } else {
      return fail(Errc::invalid_input, "-o " + text::quoted(word.text) + ": no format is left that needs a file");
    }
  }
  if (!waiting.empty()) {
    if (!out.empty()) return fail(Errc::invalid_input, "-o " + text::quoted(waiting) + ": no format is left that needs a file");
    ECLAIR_CHECK_OK(output_detail::need_folder(waiting, settings.flag("mkdirs")));
    out.push_back({std::string(formats.front().name), waiting});
    return out;  // asked for in a file, and nothing else: nothing on the screen
  }
  // "-f json=r.json" is had beside the usual report, "-f json -o r.json" instead of it: so users of either form expect.
  const bool all_in_files = std::none_of(out.begin(), out.end(), [](const Output& one) { return one.file.empty(); });
  if (all_in_files && !separate_files) out.push_back({std::string(formats.front().name), ""});

  for (const Output& one : out) {
    if (!one.file.empty()) ECLAIR_CHECK_OK(output_detail::need_folder(one.file, settings.flag("mkdirs")));
  }
  for (const Output& one : out) {
    if (std::count_if(out.begin(), out.end(), [&](const Output& other) { return other.file == one.file; }) == 1) continue;
    if (one.file.empty()) return fail(Error{Errc::invalid_input, "several formats for standard output", "give all but one a file: -f json=r.json"});
    return fail(Errc::invalid_input, "several formats for the file " + text::quoted(one.file));
  }
  return out;
}

Result<NewFile> NewFile::create(const std::string& file) {
  NewFile out;
  out.file_ = file;
  struct stat there {};
  const bool exists = ::stat(file.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) return fail(output_detail::cannot_write(file, EISDIR));
  if (exists && !S_ISREG(there.st_mode)) {  // /dev/stdout, a pipe: nothing to replace
    out.descriptor_ = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (out.descriptor_ < 0) return fail(output_detail::cannot_write(file, errno));
    return out;
  }
  std::string temporary = file + ".XXXXXX";
  out.descriptor_ = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (out.descriptor_ < 0) return fail(output_detail::cannot_write(file, errno));
  out.temporary_ = std::move(temporary);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  out.mode_ = exists ? there.st_mode & 0777 : 0666 & ~mask;
  return out;
}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::move(other.file_)), temporary_(std::exchange(other.temporary_, {})), descriptor_(std::exchange(other.descriptor_, -1)), mode_(other.mode_) {}

NewFile::~NewFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<> NewFile::write(std::string_view bytes) { return output_detail::write_all(descriptor_, bytes, file_); }

Result<> NewFile::commit() {
  if (!temporary_.empty() && ::fchmod(descriptor_, mode_) != 0) return fail(output_detail::cannot_write(file_, errno));
  if (::close(std::exchange(descriptor_, -1)) != 0) return fail(output_detail::cannot_write(file_, errno));
  if (!temporary_.empty() && ::rename(temporary_.c_str(), file_.c_str()) != 0) return fail(output_detail::cannot_write(file_, errno));
  temporary_.clear();
  return {};
}

Result<> write_file(const std::string& file, std::string_view bytes) {
  ECLAIR_TRY(NewFile out, NewFile::create(file));
  ECLAIR_CHECK_OK(out.write(bytes));
  return out.commit();
}

}  // namespace eclair::cli
