// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/artifact.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "image/registry_session.h"
#include "net/base64.h"
#include "support/http_server.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::tests;
using Reply = HttpServer::Reply;

namespace artifact_test_detail {

const std::string kType = "application/x-test", kLayerType = "application/x-test.tar+zstd";

/// A registry in memory. Wrap it to break it.
struct Registry {
  std::string upload_base;    ///< what a Location begins with; "" = relative
  std::string wants, challenge;  ///< the Authorization that is accepted, "" = any; what a 401 says

  Reply operator()(const std::string& request) {
    const std::lock_guard lock(mutex);
    const std::string path = word(request, 1), method = word(request, 0), body = request.substr(request.find("\r\n\r\n") + 4);
    if (!wants.empty() && !has(request, "Authorization: " + wants + "\r\n")) return {answer(401, "", "WWW-Authenticate: " + challenge + "\r\n")};
    if (method == "POST") return {answer(202, "", "Location: " + upload_base + "/v2/a/b/blobs/uploads/1?state=x%2By\r\n")};
    const std::string name = path.substr(path.rfind('/') + 1);
    if (method == "PUT" && has(path, "/blobs/uploads/1?state=x%2By&digest=sha256%3A")) {
      const std::string digest = "sha256:" + path.substr(path.rfind("%3A") + 3);
      if (sha256(body).text != digest || !has(request, "Content-Type: application/octet-stream\r\n")) return {answer(400, R"({"errors":[{"code":"DIGEST_INVALID"}]})")};
      blobs[digest] = body;
      return {answer(201, "")};
    }
    if (method == "PUT" && has(path, "/manifests/") && has(request, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n")) {
      const std::string digest = sha256(body).text;
      manifests[name] = manifests[digest] = body;
      return {answer(201, "", "Docker-Content-Digest: " + digest + "\r\n")};
    }
    const auto& from = has(path, "/manifests/") ? manifests : blobs;
    const auto found = from.find(name);
    if (found == from.end()) return {answer(404, "")};
    const std::string whole = answer(200, found->second, "Docker-Content-Digest: " + sha256(found->second).text + "\r\n");
    return {method == "HEAD" ? whole.substr(0, whole.find("\r\n\r\n") + 4) : whole};
  }

  static std::string word(const std::string& request, int n) {
    std::size_t begin = 0;
    for (; n > 0; --n) begin = request.find(' ', begin) + 1;
    return request.substr(begin, request.find(' ', begin) - begin);
  }

  std::mutex mutex;
  std::map<std::string, std::string> blobs, manifests;  ///< by digest; by tag and digest
};

HttpServer::Handler ref(Registry& registry) {
  return [&registry](const std::string& request) { return registry(request); };
}

std::string sample(std::size_t size) {
  std::string out;
  for (std::uint32_t i = 0; out.size() < size; ++i) out += std::to_string(i * 2654435761u);
  out.resize(size);
  return out;
}

Result<PushedArtifact> push(const std::string& target, const ByteSource& file, const OpenOptions& options = {}, const TransferProgress& progress = {}) {
  return push_artifact(target, {kType, kLayerType, "data.tar.zst", "2026-11-28T00:00:00Z"}, file, options, progress,
                       [](const char*) { return std::string(); });
}
Result<PulledArtifact> pull(const std::string& target, const OpenOptions& options = {}, const TransferProgress& progress = {}) {
  return pull_artifact(target, kType, kLayerType, options, progress, [](const char*) { return std::string(); });
}
std::string why(const Error& error) { return error.text + " | " + error.hint; }

std::size_t count(const HttpServer& server, std::string_view beginning) {
  const auto requests = server.requests();
  return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [&](const std::string& r) { return starts(r, beginning); }));
}

/// A file whose disk fails in the middle.
class BadFile final : public ByteSource {
 public:
  std::uint64_t size() const override { return 1000; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    if (offset >= 500 && ++reads_ > 1) return fail(Errc::unavailable, "the disk failed");
    const std::size_t size = std::min<std::size_t>(into.size(), offset < 500 ? 500 - offset : 1000 - offset);
    std::fill_n(into.begin(), size, 'x');
    return size;
  }

 private:
  mutable std::atomic<int> reads_{0};
};

}  // namespace artifact_test_detail

using namespace artifact_test_detail;

TEST_CASE("a file goes into a registry and comes back, and the same file is the same artifact") {
  Registry registry;
  HttpServer server(ref(registry));
  const MemorySource file(sample(3u << 20));
  std::uint64_t sent = 0, all = 0;
  const auto pushed = push("registry:" + server.host() + "/a/b:1", file, {}, [&](std::uint64_t done, std::uint64_t total) { sent = done, all = total; });
  REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  CHECK_FALSE(pushed->was_there);
  CHECK(sent == file.size());
  CHECK(all == file.size());
  CHECK(registry.blobs.size() == 2);
  CHECK(registry.blobs.at(sha256("{}").text) == "{}");
  const std::string digest = sha256(file.bytes()).text;
  CHECK(registry.manifests.at("1") ==
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x-test",)"
        R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},)"
        R"("layers":[{"mediaType":"application/x-test.tar+zstd","digest":")" + digest + R"(","size":3145728,"annotations":{"org.opencontainers.image.title":"data.tar.zst"}}],)"
        R"("annotations":{"org.opencontainers.image.created":"2026-11-28T00:00:00Z"}})");
  CHECK(pushed->manifest == sha256(registry.manifests.at("1")));

  for (const std::string& target : {"registry:" + server.host() + "/a/b:1", "docker://" + server.host() + "/a/b:1", server.host() + "/a/b@" + pushed->manifest.text}) {
    CAPTURE(target);
    const auto pulled = pull(target, {}, [&](std::uint64_t done, std::uint64_t) { sent = done; });
    REQUIRE_MESSAGE(pulled.has_value(), (pulled ? "" : why(pulled.error())));
    CHECK(pulled->manifest == pushed->manifest);
    CHECK(pulled->title == "data.tar.zst");
    CHECK(pulled->created == "2026-11-28T00:00:00Z");
    CHECK(sent == file.size());
    CHECK(*read_all(*pulled->file, 4u << 20) == file.bytes());
  }

  // What is there is not sent again: neither the artifact, nor under another tag its file.
  const std::size_t puts = count(server, "PUT ");
  const auto again = push("registry://" + server.host() + "/a/b:1", file);
  REQUIRE(again.has_value());
  CHECK(again->was_there);
  CHECK(again->manifest == pushed->manifest);
  CHECK(count(server, "PUT ") == puts);
  const auto other = push(server.host() + "/a/b:2", file);
  REQUIRE(other.has_value());
  CHECK_FALSE(other->was_there);
  CHECK(other->manifest == pushed->manifest);
  CHECK(count(server, "PUT ") == puts + 1);
}

TEST_CASE("an empty file is one too") {
  Registry registry;
  HttpServer server(ref(registry));
  REQUIRE(push(server.host() + "/a/b:1", MemorySource("")).has_value());
  const auto pulled = pull(server.host() + "/a/b:1");
  REQUIRE_MESSAGE(pulled.has_value(), (pulled ? "" : why(pulled.error())));
  CHECK((*pulled).file->size() == 0);
}

TEST_CASE("an upload goes where the registry says, and another host is told no credentials") {
  const std::string basic = "Basic " + net::base64_encode("u:p");
  OpenOptions options;
  options.username = "u";
  options.password = "p";
  Registry store;
  HttpServer elsewhere(ref(store));
  const auto guarded = [&](Registry& registry) {
    registry.wants = basic;
    registry.challenge = "Basic realm=\"r\"";
  };
  {  // the whole address of the same host
    Registry registry;
    guarded(registry);
    std::string base;
    HttpServer server([&](const std::string& request) {
      registry.upload_base = "http://" + base;
      return registry(request);
    });
    base = server.host();
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"), options);
    CHECK_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  }
  {  // another host, by Location: it has the blobs in the end
    Registry registry;
    guarded(registry);
    registry.upload_base = elsewhere.url("");
    HttpServer server(ref(registry));
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"), options);
    CHECK_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  }
  CHECK(store.blobs.count(sha256("abc").text) == 1);
  {  // another host, by a redirect that keeps the method
    Registry registry;
    guarded(registry);
    HttpServer server([&](const std::string& request) {
      if (starts(request, "PUT /v2/a/b/blobs/")) return Reply{answer(307, "", "Location: " + elsewhere.url(Registry::word(request, 1)) + "\r\n")};
      return registry(request);
    });
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("redirected"), options);
    CHECK_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  }
  CHECK(store.blobs.count(sha256("redirected").text) == 1);
  for (const std::string& request : elsewhere.requests()) CHECK_FALSE(has(request, "Authorization"));
  {  // one that asks for credentials is not given any
    Registry closed;
    guarded(closed);
    HttpServer asks(ref(closed));
    Registry registry;
    guarded(registry);
    registry.upload_base = asks.url("");
    HttpServer server(ref(registry));
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"), options);
    REQUIRE_FALSE(pushed.has_value());
    for (const std::string& request : asks.requests()) CHECK_FALSE(has(request, "Authorization"));
  }
}

TEST_CASE("an upload never leaves TLS, and a Location that makes no sense is refused") {
  const Reference reference = *parse_reference("example.com/a/b:1");
  const RegistrySession session(reference, {}, {}, RegistrySession::Access::push);
  const auto at = [&](const std::string& location) {
    net::Head head;
    head.url = "https://example.com/v2/a/b/blobs/uploads/";
    if (!location.empty()) head.headers.push_back({"Location", location});
    return session.upload_url(head, "digest=d");
  };
  CHECK(*at("/v2/a/b/blobs/uploads/1") == "https://example.com/v2/a/b/blobs/uploads/1?digest=d");
  CHECK(*at("/v2/a/b/blobs/uploads/1?_state=x%3D&y=") == "https://example.com/v2/a/b/blobs/uploads/1?_state=x%3D&y=&digest=d");
  CHECK(*at("https://other.example.com/u?a=b#c") == "https://other.example.com/u?a=b&digest=d");
  CHECK(has(at("").error().text, "does not say where an upload goes"));
  CHECK(has(at("ftp://example.com/").error().text, "not an http or https address"));
  CHECK(at("http://example.com/u").error().text == "registry example.com sends an upload to example.com without TLS");
  CHECK(has(at("http://example.com/u").error().hint, "X-Forwarded-Proto"));
  CHECK(at("http://10.0.0.1/u").error().hint == "");
  OpenOptions insecure;
  insecure.insecure = true;
  const RegistrySession lax(reference, insecure, {}, RegistrySession::Access::push);
  net::Head head;
  head.url = "https://example.com/v2/a/b/blobs/uploads/";
  head.headers.push_back({"location", "http://example.com/u"});
  CHECK(*lax.upload_url(head, "digest=d") == "http://example.com/u?digest=d");
}

TEST_CASE("one token does for a whole upload, and may write") {
  std::atomic<int> scoped{0};
  HttpServer service([&](const std::string& request) {
    if (has(request, "scope=repository%3Aa%2Fb%3Apull%2Cpush")) ++scoped;
    return Reply{answer(200, R"({"token":"t"})")};
  });
  for (const char* const scope : {R"(,scope="repository:a/b:pull")", ""}) {
    CAPTURE(scope);
    Registry registry;
    registry.wants = "Bearer t";
    registry.challenge = "Bearer realm=\"" + service.url("/token") + "\",service=\"s\"" + scope;
    HttpServer server(ref(registry));
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"));
    REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  }
  CHECK(scoped == 2);
  CHECK(service.requests().size() == 2);
}

TEST_CASE("a token that runs out before the upload is renewed") {
  std::atomic<int> round{1};
  HttpServer service([&](const std::string&) { return Reply{answer(200, R"({"token":"t)" + std::to_string(round) + R"("})")}; });
  Registry registry;
  HttpServer server([&](const std::string& request) {
    if (starts(request, "POST ") && has(request, "Bearer t1")) round = 2;
    const std::string wanted = "Authorization: Bearer t" + std::to_string(round) + "\r\n";
    if (!starts(request, "POST ") && !has(request, wanted)) return Reply{answer(401, "", "WWW-Authenticate: Bearer realm=\"" + service.url("/t") + "\"\r\n")};
    return registry(request);
  });
  const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"));
  REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
  CHECK(service.requests().size() == 2);
}

TEST_CASE("a registry that refuses is quoted, with who asked") {
  std::string reply;
  HttpServer server([&](const std::string& request) { return Reply{starts(request, "HEAD") ? answer(404, "") : reply}; });
  OpenOptions options;
  options.username = "alice";
  options.password = "secret";
  const std::string at = server.host();
  const auto refused = [&](const std::string& with, const OpenOptions& how) {
    reply = with;
    auto pushed = push(at + "/a/b:1", MemorySource("abc"), how);
    REQUIRE_FALSE(pushed.has_value());
    return std::move(pushed).error();
  };
  const Error denied = refused(answer(403, R"({"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]})"), options);
  CHECK(denied.code == Errc::unavailable);
  CHECK(denied.text == "registry " + at + " refused to store a/b:1 (403: denied: requested access to the resource is denied, user \"alice\", credentials from --username)");
  CHECK(has(denied.hint, "eclair login " + at));
  CHECK_FALSE(has(why(denied), "secret"));
  CHECK(refused(answer(403, ""), {}).text == "registry " + at + " refused to store a/b:1 (403, no credentials sent)");
  const Error none = refused(answer(404, R"({"errors":[{"code":"NAME_UNKNOWN","message":"project a not found"}]})"), {});
  CHECK(none.code == Errc::not_found);
  CHECK(none.text == "registry " + at + " has no place for a/b:1 (404: name unknown: project a not found)");
  CHECK(has(none.hint, "created"));
  CHECK(refused(answer(429, "", "Retry-After: 60\r\n"), {}).text == at + " limits requests from this address (429, retry in 60 s)");
  CHECK(refused(answer(400, R"({"errors":[{"code":"UNSUPPORTED"}]})"), {}).text == "registry " + at + " answered 400 for a/b:1 (unsupported)");
  CHECK(refused(answer(500, "<html>"), {}).text == "registry " + at + " answered 500 for a/b:1");
  CHECK(refused(answer(202, ""), {}).text == "registry " + at + " does not say where an upload goes");
  CHECK(refused(answer(302, "", "Location: /login\r\n"), {}).text == "registry " + at + " answered 302 for a/b:1");

  Registry registry;
  HttpServer small([&](const std::string& request) { return starts(request, "PUT ") ? Reply{answer(413, "<html>")} : registry(request); });
  const auto large = push(small.host() + "/a/b:1", MemorySource("abc"));
  CHECK(large.error().code == Errc::limit);
  CHECK_MESSAGE(has(large.error().text, "takes no upload of 2 bytes (413)"), large.error().text);
}

TEST_CASE("a manifest that is stored as something else is an error") {
  Registry registry;
  HttpServer server([&](const std::string& request) {
    Reply reply = registry(request);
    if (starts(request, "PUT /v2/a/b/manifests/")) reply.bytes = answer(201, "", "Docker-Content-Digest: " + sha256("other").text + "\r\n");
    return reply;
  });
  const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK_MESSAGE(has(pushed.error().text, "stored a/b:1 as sha256:"), pushed.error().text);
}

TEST_CASE("an upload that breaks, or meets a server that is away, is begun anew; not for ever") {
  for (const bool breaks : {true, false}) {
    CAPTURE(breaks);
    Registry registry;
    std::atomic<int> faults{0}, most{2};
    HttpServer server([&](const std::string& request) {
      if (starts(request, "PUT ") && faults++ < most) return Reply{breaks ? "" : answer(503, "")};
      return registry(request);
    });
    const auto pushed = push(server.host() + "/a/b:1", MemorySource("abc"));
    REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : why(pushed.error())));
    CHECK(count(server, "POST ") == 4);  // three for the config, one for the file
    CHECK(*read_all(*pull(server.host() + "/a/b:1")->file, 100) == "abc");
    faults = 0;
    most = 100;
    const auto failed = push(server.host() + "/a/b:2", MemorySource("abcd"));
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == Errc::unavailable);
    CHECK(faults == 4);
  }
}

TEST_CASE("a file that cannot be read, and a wish to stop, end a push") {
  Registry registry;
  HttpServer server(ref(registry));
  const auto bad = push(server.host() + "/a/b:1", BadFile());
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().text == "the disk failed");
  CHECK(registry.manifests.empty());
  Cancel stop;
  stop.request();
  OpenOptions options;
  options.stop = &stop;
  CHECK(push(server.host() + "/a/b:1", MemorySource("abc"), options).error().code == Errc::cancelled);
  CHECK(pull(server.host() + "/a/b:1", options).error().code == Errc::cancelled);
}

TEST_CASE("targets that cannot be stored under are refused before anything is asked") {
  const MemorySource file("abc");
  const auto digest = push("registry:localhost:1/a/b@" + sha256("x").text, file);
  CHECK(digest.error().code == Errc::invalid_input);
  CHECK(has(digest.error().text, "stored under a tag"));
  const auto upper = push("registry:localhost:1/A/b:1", file);
  CHECK(upper.error().code == Errc::invalid_input);
  CHECK(upper.error().hint == "registry:localhost:1/a/b:1");
  CHECK(pull("registry:").error().code == Errc::invalid_input);
}

TEST_CASE("what is not an artifact of this type is called by its name") {
  Registry registry;
  const auto manifest = [&](const std::string& tag, const std::string& config, const std::string& layer, const std::string& more = "", int layers = 1) {
    std::string list;
    for (int i = 0; i < layers; ++i) list += (i == 0 ? "" : ",") + (R"({"mediaType":")" + layer + R"(","digest":"sha256:)") + std::string(64, '3') + R"(","size":2})";
    registry.manifests[tag] = R"({"schemaVersion":2,"config":{"mediaType":")" + config + R"(","digest":"sha256:)" + std::string(64, '2') +
                              R"(","size":2},"layers":[)" + list + "]" + more + "}";
  };
  const std::string empty = "application/vnd.oci.empty.v1+json", ours = R"(,"artifactType":"application/x-test")";
  manifest("image", "application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip");
  manifest("helm", "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
  manifest("other", empty, "text/plain", R"(,"artifactType":"application/x-mine")");
  manifest("two", empty, kLayerType, ours, 2);
  manifest("none", empty, kLayerType, ours, 0);
  manifest("layer", empty, "text/plain", ours);
  manifest("missing", empty, kLayerType, ours);
  manifest("old", kType, kLayerType);  // as before image-spec 1.1
  registry.manifests["index"] = R"({"schemaVersion":2,"manifests":[]})";
  registry.manifests["html"] = "<html>log in</html>";
  HttpServer server(ref(registry));
  const struct {
    const char* tag;
    Errc code;
    const char* says;
  } cases[] = {
      {"image", Errc::unsupported, ":image is a container image, not an artifact of type application/x-test"},
      {"helm", Errc::unsupported, ":helm is a Helm chart, not an artifact"},
      {"other", Errc::unsupported, ":other is an artifact of type application/x-mine, not an artifact"},
      {"index", Errc::unsupported, ":index is an index of 0 images, not an artifact"},
      {"two", Errc::unsupported, ":two has 2 files, not one"},
      {"none", Errc::unsupported, ":none has 0 files, not one"},
      {"layer", Errc::unsupported, ":layer holds a file of type text/plain, not application/x-test.tar+zstd"},
      {"missing", Errc::not_found, " is missing in the registry"},
      {"old", Errc::not_found, " is missing in the registry"},
      {"html", Errc::invalid_input, "manifest of "},
      {"nothing", Errc::not_found, "nothing is stored as "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.tag);
    const auto got = pull(server.host() + "/a/b:" + c.tag);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == c.code);
    CHECK_MESSAGE(has(got.error().text, c.says), got.error().text);
  }
}

TEST_CASE("a file that is not the one of its manifest is refused") {
  Registry registry;
  HttpServer server(ref(registry));
  const std::string bytes = sample(5000), digest = sha256(bytes).text;
  REQUIRE(push(server.host() + "/a/b:1", MemorySource(bytes)).has_value());
  for (const std::string& other : {std::string(5000, 'x'), bytes.substr(1), bytes + "x", std::string()}) {
    CAPTURE(other.size());
    registry.blobs[digest] = other;
    const auto got = pull(server.host() + "/a/b:1");
    REQUIRE_FALSE(got.has_value());
    if (other.size() < 5000) continue;  // shorter than was said is a broken connection
    CHECK(got.error().code == Errc::invalid_input);
  }
  registry.blobs[digest] = bytes;
  OpenOptions options;
  options.limits.spool_bytes = 4999;
  const auto large = pull(server.host() + "/a/b:1", options);
  CHECK(large.error().code == Errc::limit);
  CHECK_MESSAGE(has(large.error().text, "4999 (spool_bytes)"), large.error().text);
  options.limits.spool_bytes = 5000;
  options.limits.spill_bytes = 10;
  CHECK(*read_all(*pull(server.host() + "/a/b:1", options)->file, 5000) == bytes);
  // Another manifest than the one asked for.
  registry.manifests[sha256("other").text] = registry.manifests["1"];
  const auto swapped = pull(server.host() + "/a/b@" + sha256("other").text);
  CHECK(swapped.error().code == Errc::invalid_input);
  CHECK_MESSAGE(has(swapped.error().text, "is not the one named"), swapped.error().text);
}
