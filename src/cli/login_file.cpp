// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/login_file.h"

#include <fcntl.h>
#include <stdlib.h>  // mkostemp
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "image/reference.h"
#include "util/byte_source.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::cli {
namespace login_file_detail {

constexpr std::uint64_t kFileBytes = 4u << 20;

tl::unexpected<Error> cannot_write(const std::string& path) {
  return fail(Errc::unavailable, "cannot write " + text::clean(path, 300) + ": " + std::strerror(errno) + " (nothing was written)");
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace login_file_detail

Result<std::string> registry_of(const Invocation& call) {
  if (call.arguments.empty()) return std::string("docker.io");
  if (call.arguments.size() > 1) return fail(Errc::invalid_input, "one registry at a time");
  std::string_view word = call.arguments[0];
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (word.starts_with(scheme)) word.remove_prefix(scheme.size());
  }
  word = word.substr(0, word.find('/'));
  if (word == "index.docker.io" || word == "registry-1.docker.io") word = "docker.io";
  const auto reference = image::parse_reference(std::string(word) + "/x");
  if (!reference || reference->domain != word) {
    return fail(Error{Errc::invalid_input, text::quoted(call.arguments[0]) + " is not the host of a registry", "eclair login ghcr.io"});
  }
  return std::string(word);
}

Result<std::string> read_login_file(const std::string& path) {
  const auto file = FileSource::open(path);
  if (!file && file.error().code == Errc::not_found) return std::string();
  auto bytes = file ? read_all(**file, login_file_detail::kFileBytes) : Result<std::string>(fail(file.error()));
  if (!bytes) return fail(std::move(bytes).error().within(text::clean(path, 300)));
  return bytes;
}

Result<> write_login_file(const std::string& path, std::string_view bytes) {
  using namespace login_file_detail;
  char real[PATH_MAX];
  const std::string target = ::realpath(path.c_str(), real) != nullptr ? std::string(real) : path;
  const std::string folder(path::parent(target));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot_write(path);
  std::string temporary = target + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);  // 0600
  if (descriptor < 0) return cannot_write(path);
  const bool written = write_all(descriptor, bytes);
  const int why = errno;
  ::close(descriptor);
  if (written && ::rename(temporary.c_str(), target.c_str()) == 0) return {};
  if (!written) errno = why;
  auto error = cannot_write(path);
  ::unlink(temporary.c_str());
  return error;
}

}  // namespace eclair::cli
