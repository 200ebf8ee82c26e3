// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/memory_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <mutex>

#include "util/text.h"

namespace eclair::store::sql {
namespace memory_folder_detail {

constexpr std::uint64_t kRoom = 1u << 30;   // all feeds take a few hundred MiB
constexpr std::time_t kYoungSeconds = 60;   // a folder that may not be locked yet
constexpr char kPrefix[] = "eclair-memory-";

std::string base() {
  struct statvfs room {};
  if (::statvfs("/dev/shm", &room) == 0 && static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize >= kRoom && ::access("/dev/shm", W_OK) == 0) {
    return "/dev/shm";
  }
  const char* const told = std::getenv("TMPDIR");
  return told != nullptr && *told != 0 ? told : "/tmp";
}

/// Folders of processes that were killed: their locks went with them.
void sweep(const std::string& base) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(base, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    if (at->path().filename().string().rfind(kPrefix, 0) != 0) continue;
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != ::geteuid() || facts.st_ctime + kYoungSeconds > std::time(nullptr)) continue;
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0) continue;
    std::error_code ignored;
    if (::flock(folder, LOCK_EX | LOCK_NB) == 0) std::filesystem::remove_all(path, ignored);
    ::close(folder);
  }
}

struct Folders {
  std::mutex mutex;
  std::string root;   ///< locked as long as the process lives
  std::map<std::string, std::string> of_name;
  pid_t owner = 0;    ///< a child that was forked does not remove it

  ~Folders() {
    std::error_code ignored;
    if (!root.empty() && owner == ::getpid()) std::filesystem::remove_all(root, ignored);
  }
};

Result<> make_root(Folders& folders) {
  const std::string where = base();
  sweep(where);
  std::string root = where + "/" + kPrefix + "XXXXXX";
  if (::mkdtemp(root.data()) == nullptr) return fail(Errc::unavailable, "cannot make a folder in " + text::quoted(where) + ": " + std::strerror(errno));
  const int lock = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // stays open
  if (lock < 0 || ::flock(lock, LOCK_SH) != 0) return fail(Errc::unavailable, "cannot lock " + text::quoted(root) + ": " + std::strerror(errno));
  folders.root = root;
  folders.owner = ::getpid();
  return {};
}

}  // namespace memory_folder_detail

Result<std::string> memory_folder(const std::string& name) {
  static memory_folder_detail::Folders folders;
  const std::lock_guard lock(folders.mutex);
  const auto found = folders.of_name.find(name);
  if (found != folders.of_name.end()) return found->second;
  if (folders.root.empty()) ECLAIR_CHECK_OK(make_root(folders));
  return folders.of_name.emplace(name, folders.root + "/" + std::to_string(folders.of_name.size())).first->second;
}

}  // namespace eclair::store::sql
