// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/engine.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "image/containers_storage.h"

namespace eclair::image {
namespace {

Environment with(std::map<std::string, std::string> variables) {
  return [variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

}  // namespace

TEST_CASE("where an engine listens is told by its own variable") {
  const auto tcp = engine_address(Engine::docker, with({{"DOCKER_HOST", "tcp://10.0.0.1:2375/"}}));
  REQUIRE(tcp);
  CHECK(tcp->url == "http://10.0.0.1:2375");
  CHECK(tcp->socket.empty());
  const auto tls = engine_address(Engine::docker, with({{"DOCKER_HOST", "tcp://10.0.0.1:2376"}, {"DOCKER_TLS_VERIFY", "1"}, {"DOCKER_CERT_PATH", "/nowhere"}}));
  REQUIRE(tls);
  CHECK(tls->url == "https://10.0.0.1:2376");
  const auto ssh = engine_address(Engine::podman, with({{"CONTAINER_HOST", "ssh://me@host:22/run/podman.sock"}}));
  REQUIRE(!ssh);
  CHECK(ssh.error().code == Errc::unsupported);
  CHECK(ssh.error().text == "CONTAINER_HOST=ssh://me@host:22/run/podman.sock: ssh:// needs another program, and eclair runs none");
  CHECK(ssh.error().hint == "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock me@host:22, and CONTAINER_HOST=unix:///tmp/engine.sock");
  CHECK(engine_address(Engine::docker, with({{"DOCKER_HOST", "npipe:////./pipe/docker"}})).error().text.find("understood are unix:// and tcp://") != std::string::npos);
  CHECK(engine_address(Engine::docker, with({{"DOCKER_HOST", "unix://relative"}})).error().code == Errc::invalid_input);
  CHECK(engine_address(Engine::docker, with({{"DOCKER_HOST", "unix:///nothing/here.sock"}})).error().text == "DOCKER_HOST=unix:///nothing/here.sock: there is no such socket");
}

TEST_CASE("what an engine answers") {
  const std::string id = "sha256:" + std::string(64, 'a');
  const auto docker = parse_engine_image(R"({"Id":")" + id + R"(","RepoTags":["alpine:latest",7]})", Limits{});
  REQUIRE(docker);
  CHECK(docker->id == id);
  CHECK(docker->names == std::vector<std::string>{"alpine:latest"});
  CHECK(parse_engine_image(R"({"Id":")" + std::string(64, 'a') + "\"}", Limits{})->id == id);
  CHECK(!parse_engine_image(R"({"Id":"x"})", Limits{}));
  CHECK(!parse_engine_image("[", Limits{}));
  CHECK(engine_message(R"({"cause":"x","message":"no \u001b[31msuch"})", Limits{}) == "no \\x1b[31msuch");
  CHECK(engine_message("<html>", Limits{}).empty());
}

TEST_CASE("the lists of containers-storage") {
  const auto images = parse_stored_images(R"([{"id":"aa","digest":"sha256:b","names":["localhost/x:1"],"layer":"l2"},{"id":"bb"}])", Limits{});
  REQUIRE(images);
  CHECK(images->size() == 2);
  CHECK((*images)[0].names.front() == "localhost/x:1");
  const auto layers = parse_stored_layers(R"([{"id":"l1","diff-size":7},{"id":"l2","parent":"l1","diff-size":-1}])", Limits{});
  REQUIRE(layers);
  CHECK(layers->at("l2").parent == "l1");
  CHECK(layers->at("l1").size == 7);
  // Ids become names of folders.
  CHECK(!parse_stored_images(R"([{"id":"../x"}])", Limits{}));
  CHECK(!parse_stored_images(R"([{"id":"a","layer":"a/b"}])", Limits{}));
  CHECK(!parse_stored_layers(R"([{"id":"a","parent":".."}])", Limits{}));
  CHECK(!parse_stored_layers("{}", Limits{}));
}

TEST_CASE("storage.conf") {
  const StorageConfig config = parse_storage_config("# x\n[storage]\ndriver = \"vfs\"  # why\n graphroot = '/srv/storage'\nrunroot=\"/x\"\n[storage.options]\ngraphroot = \"/no\"\n");
  CHECK(config.root == "/srv/storage");
  CHECK(config.driver == "vfs");
  CHECK(parse_storage_config("[storage]\ngraphroot = /bare\n").root.empty());
}

}  // namespace eclair::image
