// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "image/credentials.h"
#include "image/source.h"
#include "util/limits.h"
#include "util/result.h"

/// Images in the store of a container engine (Docker, Podman) that listens on a socket: the engine exports one as a docker archive, which
/// waits in an unlinked temporary file while it is read (Limits::spool_bytes). Nothing is changed there, and nothing is run.
namespace eclair::image {

enum class Engine : unsigned char { docker, podman };
std::string_view name(Engine engine);  ///< "docker"

/// Where an engine listens.
struct EngineAddress {
  std::string socket;                 ///< path of a Unix socket; "" = it is reached by url
  std::string url = "http://localhost";
  std::string ca_file, certificate, key;  ///< of a Docker engine behind TLS
  std::string text;                   ///< for messages: "unix:///var/run/docker.sock"
};

/// Of Docker: DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH), else the first socket there is of /var/run/docker.sock,
/// $XDG_RUNTIME_DIR/docker.sock, ~/.docker/run/docker.sock. Of Podman: CONTAINER_HOST, else $XDG_RUNTIME_DIR/podman/podman.sock,
/// /run/podman/podman.sock.
/// errors: not_found (there is no socket), unsupported (ssh:// and the like; the hint has the way out), invalid_input.
Result<EngineAddress> engine_address(Engine engine, const Environment& environment);

/// Exports and opens an image. name: as the engine knows it, or its id.
/// errors: not_found (no engine, or no such image in it), unavailable (it does not answer, or refuses), limit, those of open_docker_archive().
/// source: Docker Engine API 1.24 and later, /images/{name}/json and /images/{name}/get, which Podman has too
Result<std::unique_ptr<Source>> open_engine(Engine engine, std::string_view name, const OpenOptions& options, const Environment& environment);

/// What an engine says of an image.
struct EngineImage {
  std::string id;                    ///< "sha256:..." of the config
  std::vector<std::string> names;    ///< its tags
};
/// errors: invalid_input.
Result<EngineImage> parse_engine_image(std::string_view json, const Limits& limits);
/// What an engine gives as the reason of an error: its "message"; "" where there is none.
std::string engine_message(std::string_view json, const Limits& limits);

}  // namespace eclair::image
