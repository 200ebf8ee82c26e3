// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/credentials.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "net/base64.h"

using namespace eclair;
using namespace eclair::image;

namespace credentials_test_detail {

std::string pair(const std::string& s) { return "\"auth\":\"" + net::base64_encode(s) + "\""; }

std::string brief(const Credentials& c) {
  std::string out = c.username + "|" + c.password + "|" + c.identity_token + "|" + c.registry_token + "|" + c.helper;
  return out;
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "eclair-credentials-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name) << text;
  }
  std::string path;
};

}  // namespace credentials_test_detail

using namespace credentials_test_detail;

TEST_CASE("what a configuration file has for a registry") {
  const struct {
    std::string file, name, want;  // user|password|identity token|registry token|helper
  } cases[] = {
      {"{}", "alpine", "||||"},
      {R"({"auths":{"https://index.docker.io/v1/":{)" + pair("u:p") + "}}}", "alpine", "u|p|||"},
      {R"({"auths":{"docker.io":{)" + pair("u:p:q") + "}}}", "a/b", "u|p:q|||"},
      {R"({"auths":{"registry-1.docker.io":{)" + pair("u:") + "}}}", "a/b", "u||||"},
      {R"({"auths":{"https://index.docker.io/v1/":{)" + pair("u:p") + "}}}", "ghcr.io/a", "||||"},
      {R"({"auths":{"ghcr.io":{"username":"u","password":"p"}}})", "ghcr.io/a", "u|p|||"},
      {R"({"auths":{"https://ghcr.io/v2/":{"username":"u","password":"p"}}})", "ghcr.io/a", "u|p|||"},
      {R"({"auths":{"http://localhost:5000":{"username":"u","password":"p"}}})", "localhost:5000/a", "u|p|||"},
      {R"({"auths":{"localhost":{"username":"u","password":"p"}}})", "localhost:5000/a", "||||"},
      {R"({"auths":{"ghcr.io.evil":{"username":"u","password":"p"}}})", "ghcr.io/a", "||||"},
      {R"({"auths":{"ghcr.io":{)" + pair("<token>:x") + R"(,"identitytoken":"it"}}})", "ghcr.io/a", "||it||"},
      {R"({"auths":{"ghcr.io":{"registrytoken":"rt","identitytoken":"it"}}})", "ghcr.io/a", "|||rt|"},
      {R"({"auths":{"ghcr.io":{},"ghcr.io/a":{"username":"n","password":"p"}}})", "ghcr.io/a/b", "n|p|||"},
      {R"({"auths":{"ghcr.io":{"username":"u","password":"p"},"ghcr.io/a":{"username":"n","password":"p"},)"
       R"("ghcr.io/a/b":{"username":"m","password":"p"},"ghcr.io/a/bc":{"username":"x","password":"p"}}})",
       "ghcr.io/a/b", "m|p|||"},
      {R"({"auths":{"ghcr.io":{}},"credsStore":"desktop"})", "ghcr.io/a", "||||desktop"},
      {R"({"credsStore":"desktop","credHelpers":{"ghcr.io":"gh","r.io":"x"}})", "ghcr.io/a", "||||gh"},
      {R"({"auths":{"ghcr.io":{"username":"u","password":"p"}},"credsStore":"desktop"})", "ghcr.io/a", "u|p|||"},
      {R"({"auths":{"ghcr.io":{)" + pair(std::string("u:p\0\0", 5)) + "}}}", "ghcr.io/a", "u|p|||"},
      {R"({"auths":{"ghcr.io":7},"credsStore":[]})", "ghcr.io/a", "||||"},
      {R"({"auths":"x","credHelpers":[1]})", "ghcr.io/a", "||||"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.file);
    CAPTURE(c.name);
    const auto got = parse_credentials(c.file, *parse_reference(c.name));
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(brief(*got) == c.want);
  }
  for (const char* bad : {"", "[]", "{", R"({"auths":{"ghcr.io":{"auth":"!!"}}})", R"({"auths":{"ghcr.io":{"auth":"bm9jb2xvbg=="}}})"}) {
    CAPTURE(bad);
    const auto got = parse_credentials(bad, *parse_reference("ghcr.io/a"));
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
  }
}

TEST_CASE("the first place that has something for this registry wins, and each registry looks for itself") {
  const Folder folder;
  const auto entry = [](const std::string& host, const std::string& user) {
    return R"({"auths":{")" + host + R"(":{"username":")" + user + R"(","password":"p"}}})";
  };
  folder.write("home/.docker/config.json", entry("a.io", "docker"));
  folder.write("dc/config.json", entry("a.io", "dc"));
  folder.write("auth.json", entry("b.io", "file"));
  folder.write("run/containers/auth.json", entry("c.io", "run"));
  folder.write("home/.config/containers/auth.json", entry("d.io", "config"));
  folder.write("xdg/containers/auth.json", entry("d.io", "xdg"));
  std::map<std::string, std::string> variables{
      {"HOME", folder.path + "/home"}, {"REGISTRY_AUTH_FILE", folder.path + "/auth.json"}, {"XDG_RUNTIME_DIR", folder.path + "/run"}};
  const Environment environment = [&](const char* name) { return variables.count(name) ? variables[name] : std::string{}; };
  OpenOptions options;
  const auto user = [&](const char* name) { return find_credentials(*parse_reference(name), options, environment).username; };
  CHECK(user("a.io/x") == "docker");
  CHECK(user("b.io/x") == "file");
  CHECK(user("c.io/x") == "run");
  CHECK(user("d.io/x") == "config");
  CHECK(user("e.io/x") == "");
  variables["DOCKER_CONFIG"] = folder.path + "/dc";
  variables["XDG_CONFIG_HOME"] = folder.path + "/xdg";
  CHECK(user("a.io/x") == "dc");
  CHECK(user("d.io/x") == "xdg");
  CHECK(find_credentials(*parse_reference("a.io/x"), options, environment).origin == folder.path + "/dc/config.json");
  variables["ECLAIR_USERNAME"] = "env";
  variables["ECLAIR_PASSWORD"] = "secret";
  CHECK(user("a.io/x") == "env");
  CHECK(find_credentials(*parse_reference("a.io/x"), options, environment).password == "secret");
  variables["ECLAIR_REGISTRY_TOKEN"] = "token";
  CHECK(brief(find_credentials(*parse_reference("a.io/x"), options, environment)) == "|||token|");
  options.username = "typed";
  CHECK(user("a.io/x") == "typed");
  options.registry_token = "typed token";
  CHECK(brief(find_credentials(*parse_reference("a.io/x"), options, environment)) == "|||typed token|");
}

TEST_CASE("a file that cannot be understood is said, and a helper is remembered past it") {
  const Folder folder;
  folder.write("home/.docker/config.json", R"({"credHelpers":{"ghcr.io":"gcloud\u001b[1m"}})");
  folder.write("auth.json", "not json");
  const Environment environment = [&](const char* name) {
    const std::string_view which = name;
    return which == "HOME" ? folder.path + "/home" : which == "REGISTRY_AUTH_FILE" ? folder.path + "/auth.json" : std::string{};
  };
  const Credentials got = find_credentials(*parse_reference("ghcr.io/a"), {}, environment);
  CHECK(got.empty());
  CHECK(got.helper == "gcloud\\x1b[1m");
  REQUIRE(got.notes.size() == 1);
  CHECK(got.notes[0].find("auth.json not used: ") != std::string::npos);
}
