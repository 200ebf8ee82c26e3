// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/engine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "image/archive.h"
#include "image/docker_archive.h"
#include "image/file_set.h"
#include "image/recognise.h"
#include "image/reference.h"
#include "net/client.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace engine_detail {

constexpr unsigned kExportStallSeconds = 300;  // an engine puts a large image together before it sends the first byte

bool is_socket(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && S_ISSOCK(st.st_mode);
}

/// Of DOCKER_HOST or CONTAINER_HOST.
Result<EngineAddress> parse_host(const std::string& host, const char* variable, const Environment& environment) {
  EngineAddress out;
  out.text = text::clean(host, 200);
  const std::string_view view(host);
  if (view.starts_with("unix://")) {
    out.socket = view.substr(7);
    if (!out.socket.starts_with("/")) return fail(Errc::invalid_input, std::string(variable) + "=" + out.text + ": not the path of a socket");
    struct stat st {};
    if (::stat(out.socket.c_str(), &st) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
      return fail(Errc::not_found, std::string(variable) + "=" + out.text + ": there is no such socket");
    }
    return out;
  }
  if (view.starts_with("ssh://")) {
    Error error{Errc::unsupported, std::string(variable) + "=" + out.text + ": ssh:// needs another program, and eclair runs none"};
    const std::string where(view.substr(6, view.find('/', 6) - 6));
    error.hint = "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock " + text::clean(where, 100) + ", and " + variable + "=unix:///tmp/engine.sock";
    return fail(std::move(error));
  }
  const bool tcp = view.starts_with("tcp://");
  if (!tcp && !view.starts_with("http://") && !view.starts_with("https://")) {
    return fail(Errc::unsupported, std::string(variable) + "=" + out.text + ": understood are unix:// and tcp://");
  }
  const bool tls = view.starts_with("https://") || (tcp && !environment("DOCKER_TLS_VERIFY").empty());
  std::string_view rest = view.substr(view.find("://") + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  out.url = (tls ? "https://" : "http://") + std::string(rest);
  if (tls) {
    std::string folder = environment("DOCKER_CERT_PATH");
    if (folder.empty()) folder = environment("HOME") + "/.docker";
    struct stat st {};
    if (::stat((folder + "/ca.pem").c_str(), &st) == 0) out.ca_file = folder + "/ca.pem";
    if (::stat((folder + "/cert.pem").c_str(), &st) == 0) {
      out.certificate = folder + "/cert.pem";
      out.key = folder + "/key.pem";
    }
  }
  return out;
}

/// A body that stops when it is longer than it may be is the spool's affair; this one only names what failed.
class Export final : public ByteStream {
 public:
  Export(std::unique_ptr<net::Body> body, std::string what) : body_(std::move(body)), what_(std::move(what)) {}
  Result<std::string_view> next() override {
    auto piece = body_->next();
    if (!piece) return fail(std::move(piece).error().within(what_));
    return piece;
  }

 private:
  std::unique_ptr<net::Body> body_;
  std::string what_;
};

class Session {
 public:
  Session(Engine engine, EngineAddress address, const OpenOptions& options)
      : engine_(engine), address_(std::move(address)), options_(options), client_(network(options.stall_seconds)), patient_(network(std::max(options.stall_seconds, kExportStallSeconds))) {}

  Result<EngineImage> look(const std::string& name) const {
    ECLAIR_TRY(const net::Response answer, asked(client_.send({.url = url(name, "json"), .max_bytes = options_.limits.manifest_bytes, .limit_name = "manifest_bytes", .what = "asking for an image"})));
    if (answer.head.status == 404) return fail(Errc::not_found, "no image " + text::clean(name, 300) + " in " + who());
    if (answer.head.status != 200) return fail(refusal(answer.head.status, answer.body));
    auto image = parse_engine_image(answer.body, options_.limits);
    if (!image) return fail(std::move(image).error().within(who()));
    return image;
  }

  Result<std::unique_ptr<Source>> open(const std::string& name, const std::string& shown) const {
    ECLAIR_TRY(auto body, asked(patient_.open({.url = url(name, "get"), .what = "exporting " + text::clean(name, 200)})));
    if (body->head().status != 200) {
      std::string told;
      while (told.size() < 4096) {
        const auto piece = body->next();
        if (!piece || piece->empty()) break;
        told.append(*piece);
      }
      return fail(refusal(body->head().status, told));
    }
    Export stream(std::move(body), who());
    ECLAIR_TRY(const auto bytes, spool(stream, 0, options_.limits, options_.stop));
    auto index = ArchiveIndex::read(*bytes, options_.limits, options_.stop);
    if (!index) return fail(std::move(index).error().within("what " + who() + " exported"));
    Image described;
    described.kind = "image";
    described.source = image::name(engine_);
    described.name = options_.name.empty() ? shown : options_.name;
    auto source = open_docker_archive(archive_files(bytes, *std::move(index)), {}, std::move(described), options_);
    if (!source) return fail(std::move(source).error().within("what " + who() + " exported"));
    return source;
  }

  std::string who() const { return std::string(image::name(engine_)) + " (" + address_.text + ")"; }

 private:
  net::Options network(unsigned stall_seconds) const {
    net::Options out;
    out.unix_socket = address_.socket;
    out.ca_file = address_.ca_file;
    out.only_ca_file = !address_.ca_file.empty();
    out.certificate = address_.certificate;
    out.key = address_.key;
    out.stall_seconds = stall_seconds;
    out.retries = 1;
    out.stop = options_.stop;
    return out;
  }

  std::string url(const std::string& name, std::string_view what) const {
    return address_.url + "/images/" + text::percent_encode(name, "/:@") + "/" + std::string(what);
  }

  template <class Answer>
  Result<Answer> asked(Result<Answer> answer) const {
    if (answer || answer.error().code != Errc::unavailable) return answer;
    Error error = std::move(answer).error();
    error.text = who() + " does not answer: " + error.text;
    if (!address_.socket.empty() && ::access(address_.socket.c_str(), R_OK | W_OK) != 0 && errno == EACCES) {
      error.text = who() + ": permission denied";
      error.hint = "may this user use the engine? sudo eclair ..., or: docker save IMAGE | eclair scan -";
    }
    return fail(std::move(error));
  }

  Error refusal(int status, std::string_view body) const {
    const std::string why = engine_message(body, options_.limits);
    return Error{Errc::unavailable, who() + " answered " + std::to_string(status) + (why.empty() ? "" : ": " + why)};
  }

  Engine engine_;
  EngineAddress address_;
  const OpenOptions& options_;
  net::Client client_, patient_;
};

}  // namespace engine_detail

using namespace engine_detail;

std::string_view name(Engine engine) { return engine == Engine::docker ? "docker" : "podman"; }

Result<EngineAddress> engine_address(Engine engine, const Environment& environment) {
  const char* const variable = engine == Engine::docker ? "DOCKER_HOST" : "CONTAINER_HOST";
  if (const std::string host = environment(variable); !host.empty()) return parse_host(host, variable, environment);
  const std::string runtime = environment("XDG_RUNTIME_DIR"), home = environment("HOME");
  std::vector<std::string> places;
  if (engine == Engine::docker) {
    places.emplace_back("/var/run/docker.sock");
    if (!runtime.empty()) places.push_back(runtime + "/docker.sock");
    if (!home.empty()) places.push_back(home + "/.docker/run/docker.sock");
  } else {
    if (!runtime.empty()) places.push_back(runtime + "/podman/podman.sock");
    places.emplace_back("/run/podman/podman.sock");
  }
  for (const std::string& place : places) {
    if (!is_socket(place)) continue;
    EngineAddress out;
    out.socket = place;
    out.text = "unix://" + place;
    return out;
  }
  Error error{Errc::not_found, "no " + std::string(name(engine)) + " engine on this machine: there is no socket " + places.front()};
  error.hint = std::string(variable) + " names another place" + (engine == Engine::podman ? "; podman listens after: systemctl --user start podman.socket" : "");
  return fail(std::move(error));
}

Result<EngineImage> parse_engine_image(std::string_view bytes, const Limits& limits) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  EngineImage out;
  out.id = root["Id"].string();
  if (!out.id.starts_with("sha256:")) out.id.insert(0, "sha256:");
  if (!Digest::parse(out.id)) return fail(Errc::invalid_input, "the description of an image has no id");
  root["RepoTags"].each([&](json::Value one) {
    if (one.is_string() && out.names.size() < 1000) out.names.emplace_back(one.string());
    return true;
  });
  return out;
}

std::string engine_message(std::string_view bytes, const Limits& limits) {
  json::Document document;
  const auto root = document.parse(bytes, limits.json_depth);
  return root ? text::clean((*root)["message"].string(), 300) : std::string();
}

Result<std::unique_ptr<Source>> open_engine(Engine engine, std::string_view asked, const OpenOptions& options, const Environment& environment) {
  if (asked.empty()) return fail(Errc::invalid_input, "no image named");
  ECLAIR_TRY(EngineAddress address, engine_address(engine, environment));
  if (!options.network && address.socket.empty()) {
    return fail(Errc::unavailable, text::clean(asked, 300) + " would have to come from an engine over a network, and --no-network is set");
  }
  const Session session(engine, std::move(address), options);
  std::string name(asked);
  auto found = session.look(name);
  // What Podman builds here is "localhost/NAME", which its Docker API does not find by NAME.
  if (!found && found.error().code == Errc::not_found && engine == Engine::podman && name.find('/') == std::string::npos) {
    auto local = session.look("localhost/" + name);
    if (local) {
      name.insert(0, "localhost/");
      found = std::move(local);
    }
  }
  if (!found) return fail(std::move(found).error());
  return session.open(name, std::string(asked));
}

}  // namespace eclair::image
