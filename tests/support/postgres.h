// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace eclair::test {

/// A PostgreSQL of our own on loopback: a cluster in a temporary folder, started at the first use, gone with the test program (however that ends). Who we
/// are does not matter: root starts it as another user. What tests need is Debian's package `postgresql`; another place for its programs: ECLAIR_TEST_PG_BIN.
class Postgres {
 public:
  /// nullptr: PostgreSQL is not installed. A failing start ends the test.
  static Postgres* get() {
    static const std::unique_ptr<Postgres> one = start();
    return one.get();
  }
  ~Postgres() {
    if (owner_ != ::getpid()) return;
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// The address of a fresh database.
  std::string database() {
    const std::string name = "t" + std::to_string(::getpid()) + "_" + std::to_string(++made_);
    query("postgres", "CREATE DATABASE " + name);
    return address(name);
  }
  std::string address(const std::string& database) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + "/" + database;
  }
  /// What psql prints of a statement, rows and columns in lines.
  std::string query(const std::string& database, const std::string& sql) {
    std::string out;
    const int status = run({bin_ + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address(database), "-c", sql}, &out, true);
    INFO(sql, ": ", out);
    REQUIRE(status == 0);
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }
  static std::string name_in(const std::string& address) { return address.substr(address.rfind('/') + 1); }

  /// As an operator's "systemctl restart", with clients connected.
  void restart() {
    stop();
    launch();
  }
  void stop() {
    if (server_ <= 0) return;
    ::kill(server_, SIGINT);
    ::waitpid(server_, nullptr, 0);
    server_ = -1;
  }
  void launch() {
    const std::string port = std::to_string(port_);
    server_ = spawn({bin_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c",
                     "full_page_writes=off", "-c", "max_connections=100", "-c", "log_min_messages=fatal"},
                    folder_ + "/log", true);
    for (int tries = 0; tries < 600; ++tries) {
      if (run({bin_ + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", port}, nullptr, true) == 0) return;
      if (::waitpid(server_, nullptr, WNOHANG) != 0) break;
      ::usleep(50'000);
    }
    server_ = -1;
    FAIL("PostgreSQL did not start; see " << folder_ << "/log");
  }

 private:
  Postgres() = default;

  static std::string programs() {
    if (const char* told = std::getenv("ECLAIR_TEST_PG_BIN")) return told;
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", error)) {
      if (std::filesystem::exists(version.path() / "bin/initdb", error)) found.push_back((version.path() / "bin").string());
    }
    std::sort(found.begin(), found.end());
    return found.empty() ? "" : found.back();
  }

  static std::unique_ptr<Postgres> start() {
    std::unique_ptr<Postgres> out(new Postgres);
    out->bin_ = programs();
    if (out->bin_.empty()) return nullptr;
    out->folder_ = "/tmp/eclair-pg-XXXXXX";  // short: the path of a socket has a limit
    REQUIRE(::mkdtemp(out->folder_.data()) != nullptr);
    out->owner_ = ::getpid();
    if (::geteuid() == 0) {
      const passwd* user = ::getpwnam("postgres");
      if (user == nullptr) user = ::getpwnam("nobody");
      REQUIRE(user != nullptr);
      out->user_ = user->pw_uid;
      out->group_ = user->pw_gid;
      REQUIRE(::chown(out->folder_.c_str(), out->user_, out->group_) == 0);
    }
    REQUIRE(out->run({out->bin_ + "/initdb", "-D", out->folder_ + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"}, nullptr) == 0);
    for (int tries = 0;; ++tries) {
      out->port_ = free_port();
      out->launch();
      if (out->server_ > 0 || tries == 3) break;
    }
    return out;
  }

  static int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&name), size) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) == 0);
    ::close(fd);
    return ntohs(name.sin_port);
  }

  /// as_server: goes when we go.
  pid_t spawn(const std::vector<std::string>& words, const std::string& output, bool as_server) const {
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const pid_t parent = ::getpid(), child = ::fork();
    if (child != 0) return child;
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666), in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    if (::geteuid() == 0 && (::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
    if (as_server) {
      ::setsid();
      ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
      if (::getppid() != parent) ::_exit(126);
    }
    if (::chdir("/") != 0) ::_exit(126);
    ::setenv("LC_ALL", "C", 1);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  /// The exit status; out: what it printed.
  int run(const std::vector<std::string>& words, std::string* out, bool quiet = false) const {
    const std::string file = folder_ + "/run-" + std::to_string(::getpid());
    const pid_t child = spawn(words, file, false);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
    }
    std::string text;
    if (std::FILE* in = std::fopen(file.c_str(), "r")) {
      char bytes[4096];
      for (std::size_t n = 0; (n = std::fread(bytes, 1, sizeof bytes, in)) > 0;) text.append(bytes, n);
      std::fclose(in);
    }
    ::unlink(file.c_str());
    if (status != 0 && !quiet) MESSAGE(words[0], ": ", text);
    if (out != nullptr) *out = text;
    return status;
  }

  std::string bin_, folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  int port_ = 0, made_ = 0;
  pid_t server_ = -1, owner_ = 0;
};

}  // namespace eclair::test
