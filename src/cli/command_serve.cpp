// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The service: puts its parts together, and lives until a signal ends it.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/config_file.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "cli/server_settings.h"
#include "service/current.h"
#include "service/http/metrics.h"
#include "service/http/request_record.h"
#include "service/service.h"
#include "service/http/tls.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_serve_detail {

constexpr int kLookSeconds = 2;  // between looks at the files of certificates

/// Signals are waited for in one place instead of interrupting any: blocked before the first thread is started, which inherits that.
class Signals {
 public:
  Signals() {
    ::sigemptyset(&set_);
    for (const int one : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set_, one);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The signal that came; 0 = none for so long.
  int wait(int seconds) const {
    const timespec time{seconds, 0};
    return std::max(0, ::sigtimedwait(&set_, nullptr, &time));
  }
  /// From now on a signal ends the program at once: whoever asks twice means it.
  void let_through() const {
    struct sigaction action {};
    action.sa_handler = [](int) { ::_exit(kInterrupted); };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }

 private:
  sigset_t set_{}, before_{};
};

/// The file that says our process id, for as long as we live.
class PidFile {
 public:
  static Result<std::unique_ptr<PidFile>> make(const std::string& path) {
    auto out = std::make_unique<PidFile>();
    if (path.empty()) return out;
    ECLAIR_CHECK_OK(write_file(path, std::to_string(::getpid()) + "\n"));
    out->path_ = path;
    return out;
  }
  PidFile() = default;
  ~PidFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string path_;
};

/// Each connection is a descriptor. The limit that a shell gives by default is a courtesy to programs with select(); we may raise it to the
/// hard one.
void allow_descriptors(std::size_t connections, const service::Log& log) {
  constexpr rlim_t kOthers = 256;  // stores, layers that are fetched, files that are read
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = static_cast<rlim_t>(connections) + kOthers;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur < wanted) {
    log.warning("fewer files may be open (ulimit -n) than --max-connections needs", {{"may", static_cast<std::int64_t>(limit.rlim_cur)},
                                                                                     {"needs", static_cast<std::int64_t>(wanted)}});
  }
}

std::string url_of(const std::string& address, std::uint16_t port, bool tls) {
  const std::string shown = address == "::" ? "[::]" : address.find(':') != std::string::npos ? "[" + address + "]" : address;
  return (tls ? "https://" : "http://") + shown + ":" + std::to_string(port);
}

/// "*" is every address; a machine without IPv6 has only those of IPv4.
Result<std::unique_ptr<service::HttpServer>> listen(service::ServerOptions options, const std::vector<service::Api>& apis, std::string& address) {
  const bool every = address == "*";
  if (every) address = "::";
  const auto start = [&] {
    service::ServerOptions now = options;
    for (service::Listener& listener : now.listeners) listener.address = address;
    return service::HttpServer::start(std::move(now), apis);
  };
  auto server = start();
  if (server || !every) return server;
  address = "0.0.0.0";
  return start();
}

/// What was in force stays in force where the new is not fit for it. A certificate and its key that are replaced one after the other are
/// looked at again a moment later.
void reload_certificates(service::Tls& tls, const service::Log& log) {
  const Result<> done = tls.reload();
  if (done) log.notice("the certificates were read anew");
  else log.error("the certificates stay as they were: " + done.error().text);
}

/// What can be replaced while the service runs; anything else is looked at when it starts.
constexpr std::string_view kLive[] = {"key",  "key-file", "log-level", "debug", "quiet", "admission-fail-on", "admission-mode", "admission-unknown", "admission-failure",
                                      "admission-except"};

/// The configuration as it would be at a start: the same command line, the environment, and the files as they are now.
Result<Settings> read_anew(const Settings& in_force, std::vector<std::string>& warnings) {
  const auto look_up = [](const char* name) -> const char* { return std::getenv(name); };
  Settings out = in_force.flags_alone();
  ECLAIR_CHECK_OK(read_environment(look_up, out));
  ConfigNotes notes;
  ECLAIR_CHECK_OK(load_config_files(look_up, out, notes));
  warnings = std::move(notes.warnings);
  return out;
}

/// All or nothing: a configuration with a mistake changes nothing.
void reload_configuration(Settings& in_force, bool with_client_ca, service::Current<service::Access>& access, service::Service& service, service::Log& log) {
  std::vector<std::string> warnings;
  auto read = read_anew(in_force, warnings);
  auto wanted = read ? server_settings(*read) : fail(read.error());
  if (!wanted) return log.error("the configuration and the keys stay as they were: " + wanted.error().text);
  for (const std::string& one : warnings) log.warning(one);
  std::string changed, later;
  for (const std::string_view name : read->differences(in_force)) {
    std::string& to = std::find(std::begin(kLive), std::end(kLive), name) != std::end(kLive) ? changed : later;
    to += (to.empty() ? "--" : " --") + std::string(name);
  }
  access.set(service::Access(std::move(wanted->rules), with_client_ca));
  service.set_admission(std::move(wanted->service.admission));
  log.set_level(wanted->log_level);
  log.notice("the configuration and the keys were read anew", {{"changed", changed.empty() ? "-" : changed}});
  if (!later.empty()) log.warning("what has changed takes a restart", {{"options", later}});
  // What takes a restart stays as it was: it is told of at each reading until then.
  for (const std::string_view name : kLive) in_force.take(name, *read);
}

Result<int> run(const Invocation& call) {
  const Signals signals;
  ECLAIR_TRY(ServerSettings settings, server_settings(call.settings));
  service::Log log(STDERR_FILENO, settings.log_form, settings.log_level);
  for (const std::string& one : settings.warnings) log.warning(one);
  ECLAIR_TRY(const std::unique_ptr<PidFile> pid_file, PidFile::make(call.settings.text("pid-file")));

  allow_descriptors(settings.http.connections, log);

  service::Current<service::Access> access;
  const bool with_client_ca = !settings.tls.client_ca.empty();
  access.set(service::Access(std::move(settings.rules), with_client_ca));
  service::Metrics metrics;
  service::describe_process(metrics);

  settings.service.version = call.version;
  std::atomic<const service::HttpServer*> listening{nullptr};  // once it does
  settings.service.load = [&listening]() -> service::EclairParts::Queue {
    const service::HttpServer* const server = listening.load();
    if (server == nullptr) return {};
    const service::HttpServer::Load load = server->load();
    return {load.quick_running + load.analysis_running, load.quick_queued + load.analysis_queued, load.connections};
  };
  ECLAIR_TRY(const std::unique_ptr<service::Service> service, service::Service::open(std::move(settings.service), metrics, log));
  const std::vector<service::Api> apis = service->apis();

  service::ServerOptions& http = settings.http;
  std::shared_ptr<service::Tls> tls;
  if (!settings.tls.certificate.empty()) {
    ECLAIR_TRY(tls, service::Tls::make(settings.tls));
  }
  http.tls = tls;
  http.listeners = {{.port = settings.port, .tls = tls != nullptr, .apis = {"v1", "v0", "eclair", "admission", "stream", "openapi", "status"}}, {.port = settings.health_port, .apis = {"health"}}};
  http.admit = [&access](const service::Request& request, std::string_view certificate) { return access.get()->who(request, certificate); };
  http.served = service::record_requests(log, metrics);
  http.trouble = [&log](std::string_view request, std::string_view what) { log.error(what, {{"id", request.empty() ? "-" : request}}); };
  std::string address = settings.address;
  ECLAIR_TRY(const std::unique_ptr<service::HttpServer> server, listen(std::move(http), apis, address));
  listening = server.get();
  service::describe_server(metrics, *server);

  service->start();
  ECLAIR_CHECK_OK(call.console.print("eclair serve: listening on " + url_of(address, server->ports()[0], tls != nullptr) + ", health on " +
                                     url_of(address, server->ports()[1], false) + "\n"));
  Settings in_force = call.settings;
  while (true) {
    const int signal = signals.wait(kLookSeconds);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (tls != nullptr && (signal == SIGHUP || tls->changed())) reload_certificates(*tls, log);
    if (signal == SIGHUP) reload_configuration(in_force, with_client_ca, access, *service, log);
  }
  signals.let_through();
  log.notice("stopping", {{"grace_seconds", static_cast<std::int64_t>(settings.grace_seconds)}});
  server->stop(std::chrono::seconds(settings.grace_seconds));
  service->stop();
  log.notice("stopped");
  return int{kOk};
}

}  // namespace command_serve_detail

namespace command {
const Command& serve() {
  static constexpr Command kOne = {
      .name = "serve",
      .aliases = "",
      .section = Section::serve,
      .purpose = "Runs the service: layers posted once, reports and notifications from then on.",
      .usage = "[--config FILE] [options]",
      .examples = "eclair serve                                      # on loopback, ports 6060 and 6061\n"
                  "eclair serve --listen '*' --tls-cert c.pem --tls-key k.pem --key-file keys\n"
                  "eclair serve -config=/etc/clair/config.yaml       # the original's file and flags work\n"
                  "eclair serve --store postgres://eclair@db/eclair  # many nodes on one store",
      .notes = "Without keys and client certificates everybody who reaches it may do everything, so it listens on loopback unless told otherwise.\n"
               "SIGTERM ends it when its requests are done, SIGHUP reads configuration, keys and certificates anew: docs/user/service.md.",
      .run = &command_serve_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
