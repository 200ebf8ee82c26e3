// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry.h"

#include <doctest/doctest.h>

#include <map>
#include <mutex>

#include "net/base64.h"
#include "support/http_server.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::tests;
using Reply = HttpServer::Reply;

namespace registry_test_detail {

const std::string kManifestType = "application/vnd.oci.image.manifest.v1+json";
const std::string kIndexType = "application/vnd.oci.image.index.v1+json";

/// What is served under /v2/<path>, and who may have it.
struct Store {
  std::map<std::string, std::string> files;  ///< "acme/api/manifests/1" → head and body
  std::string wants;                         ///< the Authorization that is accepted; "" = any
  std::string challenge;
  Reply operator()(const std::string& request) const {
    const std::size_t begin = request.find(" /v2/") + 5;
    const std::string path = request.substr(begin, request.find(' ', begin) - begin);
    if (!wants.empty() && !has(request, "Authorization: " + wants + "\r\n")) return {answer(401, "", "WWW-Authenticate: " + challenge + "\r\n")};
    const auto found = files.find(path);
    if (found == files.end()) return {answer(404, R"({"errors":[{"code":"NAME_UNKNOWN"}]})")};
    if (starts(request, "HEAD")) return {found->second.substr(0, found->second.find("\r\n\r\n") + 4)};
    return {found->second};
  }
};

std::string layer_bytes(int i) { return std::string(1000 * static_cast<std::size_t>(i + 1), static_cast<char>('a' + i)); }

struct Built {
  Digest digest;
  std::size_t size = 0;
};

/// Puts an image of two layers (and config and manifest) into a store.
Built add_image(Store& store, const std::string& name, const std::string& tag, const std::string& arch = "amd64", const std::string& more = "",
                const std::string& layer_type = "application/vnd.oci.image.layer.v1.tar") {
  std::string layers, diff_ids;
  for (int i = 0; i < 2; ++i) {
    const std::string bytes = layer_bytes(i);
    const std::string digest = sha256(bytes).text;
    store.files[name + "/blobs/" + digest] = answer(200, bytes);
    layers += (i == 0 ? "" : ",") + (R"({"mediaType":")" + layer_type + R"(","digest":")") + digest + R"(","size":)" + std::to_string(bytes.size()) + "}";
    diff_ids += (i == 0 ? "\"" : ",\"") + digest + "\"";
  }
  const std::string config = R"({"os":"linux","architecture":")" + arch + R"(","rootfs":{"type":"layers","diff_ids":[)" + diff_ids + "]}}";
  store.files[name + "/blobs/" + sha256(config).text] = answer(200, config);
  const std::string manifest = R"({"schemaVersion":2,"mediaType":")" + kManifestType +
                               R"(","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" + sha256(config).text + R"(","size":)" +
                               std::to_string(config.size()) + R"(},"layers":[)" + layers + "]" + more + "}";
  const Digest digest = sha256(manifest);
  const std::string reply = answer(200, manifest, "Content-Type: " + kManifestType + "\r\nDocker-Content-Digest: " + digest.text + "\r\n");
  store.files[name + "/manifests/" + digest.text] = reply;
  if (!tag.empty()) store.files[name + "/manifests/" + tag] = reply;
  return {digest, manifest.size()};
}

std::string child(const Built& image, const std::string& platform, const std::string& more = "") {
  const std::size_t slash = platform.find('/');
  return R"({"mediaType":")" + kManifestType + R"(","digest":")" + image.digest.text + R"(","size":)" + std::to_string(image.size) +
         R"(,"platform":{"os":")" + platform.substr(0, slash) + R"(","architecture":")" + platform.substr(slash + 1) + R"("})" + more + "}";
}

void add_index(Store& store, const std::string& path, const std::string& children) {
  store.files[path] = answer(200, R"({"schemaVersion":2,"mediaType":")" + kIndexType + R"(","manifests":[)" + children + "]}");
}

Result<std::unique_ptr<Source>> open(const std::string& name, const OpenOptions& options = {}, std::map<std::string, std::string> variables = {}) {
  auto reference = parse_reference(name);
  REQUIRE(reference.has_value());
  return open_registry(*reference, options, [variables](const char* key) { return variables.count(key) ? variables.at(key) : std::string{}; });
}

Result<std::string> read_layer(const Source& source, std::uint32_t index) {
  ECLAIR_TRY(const auto stream, source.open_layer(index));
  std::string out;
  while (true) {
    ECLAIR_TRY(const std::string_view piece, stream->next());
    if (piece.empty()) return out;
    out.append(piece);
  }
}

}  // namespace registry_test_detail

using namespace registry_test_detail;

TEST_CASE("an image is opened over plain HTTP on loopback, after HTTPS was tried") {
  Store store;
  const Built built = add_image(store, "acme/api", "1");
  HttpServer server(store);
  const auto source = open(server.host() + "/acme/api:1");
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  const Image& image = (*source)->image();
  CHECK(image.kind == "image");
  CHECK(image.source == "registry");
  CHECK(image.name == server.host() + "/acme/api:1");
  CHECK(image.digest == built.digest);
  CHECK(image.platform.text() == "linux/amd64");
  CHECK(image.size == 3000);
  REQUIRE(image.history.size() == 2);
  CHECK(image.history[1].digest == sha256(layer_bytes(1)));
  CHECK(image.history[1].diff_id == sha256(layer_bytes(1)));
  CHECK(*read_layer(**source, 1) == layer_bytes(0));
  CHECK(*read_layer(**source, 2) == layer_bytes(1));
  CHECK(*read_layer(**source, 2) == layer_bytes(1));  // again
  CHECK(read_layer(**source, 3).error().code == Errc::not_found);
  CHECK(static_cast<unsigned char>(server.requests()[0][0]) == 0x16);  // TLS
  for (const char* type : {"manifest.list.v2", "manifest.v2", "image.index.v1", "image.manifest.v1", "manifest.v1+prettyjws"}) {
    CAPTURE(type);
    CHECK(has(server.requests()[1], type));
  }
}

TEST_CASE("the digest decides, and one that does not fit is refused") {
  Store store;
  const Built built = add_image(store, "a", "1");
  const Built other = add_image(store, "a", "2", "arm64");
  store.files["a/manifests/lies"] = store.files["a/manifests/1"];
  store.files["a/manifests/lies"].replace(store.files["a/manifests/lies"].find(built.digest.text), 71, other.digest.text);
  store.files["a/manifests/" + std::string("sha256:") + std::string(64, '0')] = store.files["a/manifests/1"];
  store.files["a/manifests/" + other.digest.text] = store.files["a/manifests/1"];
  HttpServer server(store);
  const auto good = open(server.host() + "/a:whatever@" + built.digest.text);
  REQUIRE_MESSAGE(good.has_value(), (good ? "" : good.error().text));
  CHECK((*good)->image().digest == built.digest);
  CHECK((*good)->image().name == server.host() + "/a:whatever");
  for (const std::string& name : {std::string(":lies"), "@" + other.digest.text, "@sha256:" + std::string(64, '0')}) {
    CAPTURE(name);
    const auto got = open(server.host() + "/a" + name);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
    CHECK_MESSAGE(has(got.error().text, "is not the one named sha256:"), got.error().text);
  }
}

TEST_CASE("a config with another digest, or none, is refused") {
  Store store;
  add_image(store, "a", "1");
  std::string config;
  for (auto& [path, file] : store.files) {
    if (has(file, "diff_ids")) config = path;
  }
  store.files[config].back() = ' ';
  {
    HttpServer server(store);
    CHECK(has(open(server.host() + "/a:1").error().text, "config of "));
    CHECK(open(server.host() + "/a:1").error().code == Errc::invalid_input);
  }
  store.files.erase(config);
  HttpServer server(store);
  CHECK(open(server.host() + "/a:1").error().code == Errc::not_found);
}

TEST_CASE("indexes lead to the image for the platform") {
  Store store;
  const Built amd = add_image(store, "a", ""), arm = add_image(store, "a", "", "arm64");
  const std::string attestation = child(amd, "unknown/unknown", R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})");
  add_index(store, "a/manifests/multi", attestation + "," + child(arm, "linux/arm64") + "," + child(amd, "linux/amd64"));
  add_index(store, "a/manifests/one", attestation + "," + child(arm, "linux/arm64"));
  Built gone;
  gone.digest = sha256("gone");
  add_index(store, "a/manifests/gone", child(gone, "linux/amd64"));
  const std::string loop = R"({"schemaVersion":2,"manifests":[{"mediaType":")" + kIndexType + R"(","digest":"sha256:)" + std::string(64, '1') + R"(","size":7}]})";
  store.files["a/manifests/nested"] = answer(200, loop);
  HttpServer server(store);
  OpenOptions options;
  options.platform = "linux/arm64";
  CHECK((*open(server.host() + "/a:multi", options))->image().digest == arm.digest);
  CHECK((*open(server.host() + "/a:multi", options))->image().platform.text() == "linux/arm64");
  options.platform = "linux/amd64";
  CHECK((*open(server.host() + "/a:multi", options))->image().digest == amd.digest);
  options.platform = "linux/s390x";
  CHECK(has(open(server.host() + "/a:multi", options).error().text, "no image for linux/s390x, only for linux/amd64, linux/arm64"));
  const auto one = open(server.host() + "/a:one");
  REQUIRE_MESSAGE(one.has_value(), (one ? "" : one.error().text));
  CHECK((*one)->image().digest == arm.digest);
  const auto missing = open(server.host() + "/a:gone", OpenOptions{.platform = "linux/amd64"});
  REQUIRE_FALSE(missing.has_value());
  CHECK_MESSAGE(has(missing.error().text, gone.digest.text + ", which its index names, is missing"), missing.error().text);
  CHECK(open(server.host() + "/a:nested").error().code == Errc::not_found);
}

TEST_CASE("indexes that never end are ended") {
  // Every digest asked for is answered by an index whose digest cannot be checked beforehand: the first by tag, the rest do not fit.
  Store store;
  std::string inner = R"({"schemaVersion":2,"manifests":[]})";
  for (int i = 0; i < 20; ++i) {
    const Digest digest = sha256(inner);
    store.files["a/manifests/" + digest.text] = answer(200, inner);
    inner = R"({"schemaVersion":2,"manifests":[{"mediaType":")" + kIndexType + R"(","size":)" + std::to_string(inner.size()) + R"(,"digest":")" + digest.text + R"("}]})";
  }
  store.files["a/manifests/deep"] = answer(200, inner);
  HttpServer server(store);
  const auto got = open(server.host() + "/a:deep");
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::limit);
  CHECK_MESSAGE(has(got.error().text, "index_depth"), got.error().text);
}

TEST_CASE("an image of another platform than the one asked for is not taken for it") {
  Store store;
  add_image(store, "a", "1", "arm64");
  HttpServer server(store);
  const auto got = open(server.host() + "/a:1", OpenOptions{.platform = "linux/amd64"});
  REQUIRE_FALSE(got.has_value());
  CHECK_MESSAGE(has(got.error().text, "no image for linux/amd64, only for linux/arm64"), got.error().text);
  CHECK(open(server.host() + "/a:1").has_value());  // the default is no wish
}

TEST_CASE("a token is fetched once, used for all layers, and renewed when it runs out") {
  Store store;
  add_image(store, "acme/api", "1");
  std::string tokens;
  std::atomic<int> round{1};
  HttpServer service([&](const std::string& request) {
    if (!has(request, "Authorization: Basic " + net::base64_encode("user:p:w") + "\r\n")) return Reply{answer(401, "{}")};
    return Reply{answer(200, R"({"access_token":"t)" + std::to_string(round) + R"("})")};
  });
  HttpServer server([&](const std::string& request) {
    Store now = store;
    now.wants = "Bearer t" + std::to_string(round);
    now.challenge = R"(Bearer realm=")" + service.url("/token") + R"(",service="images",scope="repository:acme/api:pull")";
    return now(request);
  });
  OpenOptions options;
  options.username = "user";
  options.password = "p:w";
  const auto source = open(server.host() + "/acme/api:1", options);
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  CHECK(read_layer(**source, 1).has_value());
  CHECK(read_layer(**source, 2).has_value());
  CHECK(service.requests().size() == 1);
  CHECK(starts(service.requests()[0], "GET /token?service=images&scope=repository%3Aacme%2Fapi%3Apull&account=user "));
  round = 2;
  const auto again = read_layer(**source, 2);
  REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error().text));
  CHECK(*again == layer_bytes(1));
  CHECK(service.requests().size() == 2);
}

TEST_CASE("a token that runs out while a layer breaks is renewed, and the layer continued") {
  Store store;
  add_image(store, "a", "1");
  const std::string bytes = layer_bytes(1), blob = "/blobs/" + sha256(bytes).text;
  std::atomic<int> round{1}, resumed{0};
  HttpServer service([&](const std::string&) { return Reply{answer(200, R"({"token":"t)" + std::to_string(round) + R"("})")}; });
  HttpServer server([&](const std::string& request) {
    if (has(request, blob) && has(request, "Bearer t1") && round == 1) {
      round = 2;
      return Reply{answer(200, bytes).substr(0, answer(200, bytes).size() - 500)};
    }
    if (has(request, "Range: bytes=1500-") && has(request, "Bearer t2")) {
      ++resumed;
      return Reply{"HTTP/1.1 206 Partial\r\nContent-Range: bytes 1500-1999/2000\r\nContent-Length: 500\r\n\r\n" + bytes.substr(1500)};
    }
    Store now = store;
    now.wants = "Bearer t" + std::to_string(round);
    now.challenge = "Bearer realm=\"" + service.url("/t") + "\"";
    return now(request);
  });
  const auto source = open(server.host() + "/a:1");
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  const auto got = read_layer(**source, 2);
  REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
  CHECK(*got == bytes);
  CHECK(resumed == 1);
  CHECK(starts(service.requests()[0], "GET /t?scope=repository%3Aa%3Apull "));  // the challenge named no scope
}

TEST_CASE("an identity token is exchanged by POST, a registry token is sent as it is, basic credentials after they were asked for") {
  const Reference reference = *parse_reference("a");
  Store store;
  add_image(store, "a", "1");
  HttpServer service([&](const std::string& request) {
    const bool good = starts(request, "POST /t ") && has(request, "grant_type=refresh_token") && has(request, "refresh_token=id%2Btoken") &&
                      has(request, "scope=repository%3Aa%3Apull");
    return Reply{good ? answer(200, R"({"access_token":"exchanged"})") : answer(401, "")};
  });
  Store bearer = store;
  bearer.wants = "Bearer exchanged";
  bearer.challenge = "Bearer realm=\"" + service.url("/t") + "\"";
  HttpServer bearer_server(bearer);
  const std::string folder = "/tmp/eclair-registry-test-" + std::to_string(::getpid());
  {
    OpenOptions options;
    const auto file = folder + ".json";
    std::FILE* out = std::fopen(file.c_str(), "w");
    REQUIRE(out != nullptr);
    std::fputs((R"({"auths":{")" + bearer_server.host() + R"(":{"identitytoken":"id+token"}}})").c_str(), out);
    std::fclose(out);
    const auto got = open(bearer_server.host() + "/a:1", options, {{"REGISTRY_AUTH_FILE", file}});
    std::remove(file.c_str());
    CHECK_MESSAGE(got.has_value(), (got ? "" : got.error().text));
  }
  Store direct = store;
  direct.wants = "Bearer as it is";
  HttpServer direct_server(direct);
  CHECK(open(direct_server.host() + "/a:1", {}, {{"ECLAIR_REGISTRY_TOKEN", "as it is"}}).has_value());
  Store basic = store;
  basic.wants = "Basic " + net::base64_encode("u:p");
  basic.challenge = "Basic realm=\"r\"";
  HttpServer basic_server(basic);
  CHECK(open(basic_server.host() + "/a:1", {}, {{"ECLAIR_USERNAME", "u"}, {"ECLAIR_PASSWORD", "p"}}).has_value());
  CHECK_FALSE(has(basic_server.requests()[1], "Authorization"));
}

TEST_CASE("a registry that refuses is quoted, with the way out") {
  Store store;
  add_image(store, "acme/api", "1.4");
  store.wants = "Basic " + net::base64_encode("u:p");
  store.challenge = "Basic realm=\"r\"";
  HttpServer server(store);
  const std::string registry = server.host(), name = registry + "/acme/api:1.4";
  const auto nobody = open(name);
  REQUIRE_FALSE(nobody.has_value());
  CHECK(nobody.error().text == "registry " + registry + " refused acme/api:1.4 (401, no credentials sent)");
  CHECK(has(nobody.error().hint, "ECLAIR_USERNAME and ECLAIR_PASSWORD"));
  const auto wrong = open(name, {}, {{"ECLAIR_USERNAME", "u"}, {"ECLAIR_PASSWORD", "secret"}});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().text == "registry " + registry + " refused acme/api:1.4 (401, credentials from ECLAIR_USERNAME)");
  CHECK_FALSE(has(wrong.error().text + wrong.error().hint, "secret"));
  const std::string file = "/tmp/eclair-helper-test-" + std::to_string(::getpid()) + ".json";
  std::FILE* out = std::fopen(file.c_str(), "w");
  REQUIRE(out != nullptr);
  std::fputs((R"({"credHelpers":{")" + registry + R"(":"desktop"}})").c_str(), out);
  std::fclose(out);
  const auto helper = open(name, {}, {{"REGISTRY_AUTH_FILE", file}});
  std::remove(file.c_str());
  REQUIRE_FALSE(helper.has_value());
  CHECK(helper.error().text == "registry " + registry + " refused acme/api:1.4 (401)");
  CHECK_MESSAGE(starts(helper.error().hint, "credentials are in the helper \"desktop\", which eclair does not run"), helper.error().hint);
}

TEST_CASE("not found, too many requests and an ailing registry are told apart") {
  HttpServer server([](const std::string& request) {
    if (has(request, "/busy/")) return Reply{answer(429, "", "Retry-After: 1260\r\n")};
    if (has(request, "/ill/")) return Reply{answer(500, "")};
    if (has(request, "/closed/")) return Reply{answer(403, "")};
    return Reply{answer(404, "")};
  });
  const std::string registry = server.host();
  const auto none = open(registry + "/alpien");
  CHECK(none.error().code == Errc::not_found);
  CHECK(none.error().text == "image not found: " + registry + "/alpien:latest (registry answered 404)");
  CHECK(has(none.error().hint, "is the name right?"));
  const auto busy = open(registry + "/busy");
  CHECK(busy.error().code == Errc::unavailable);
  CHECK(busy.error().text == registry + " limits pulls from this address (429, retry in 21 minutes)");
  CHECK(open(registry + "/ill").error().text == "registry " + registry + " answered 500 for ill:latest");
  CHECK(open(registry + "/closed").error().text == "registry " + registry + " refused closed:latest (403, no credentials sent)");
}

TEST_CASE("a registry that says not found to strangers is shown the credentials") {
  Store store;
  add_image(store, "a", "1");
  HttpServer server([&](const std::string& request) {
    const bool known = has(request, "Authorization: Basic " + net::base64_encode("u:p"));
    if (known) return store(request);
    if (starts(request, "GET /v2/ ")) return Reply{answer(401, "", "WWW-Authenticate: Basic realm=\"r\"\r\n")};
    return Reply{answer(404, "")};
  });
  CHECK(open(server.host() + "/a:1", {}, {{"ECLAIR_USERNAME", "u"}, {"ECLAIR_PASSWORD", "p"}}).has_value());
  CHECK(open(server.host() + "/a:1").error().code == Errc::not_found);
}

TEST_CASE("a blob store behind a redirect sees no credentials") {
  Store store;
  add_image(store, "a", "1");
  HttpServer blobs([&](const std::string& request) {
    const std::size_t begin = request.find("/v2-blobs/") + 10;
    return Reply{store.files.at("a/blobs/" + request.substr(begin, request.find(' ', begin) - begin))};
  });
  HttpServer server([&](const std::string& request) {
    Store now = store;
    now.wants = "Basic " + net::base64_encode("u:p");
    now.challenge = "Basic realm=\"r\"";
    const std::size_t at = request.find("/blobs/");
    if (at == std::string::npos || !has(request, "Authorization: ")) return now(request);
    const std::string digest = request.substr(at + 7, request.find(' ', at) - at - 7);
    return Reply{answer(307, "", "Location: " + blobs.url("/v2-blobs/" + digest) + "\r\n")};
  });
  const auto source = open(server.host() + "/a:1", {}, {{"ECLAIR_USERNAME", "u"}, {"ECLAIR_PASSWORD", "p"}});
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  CHECK(*read_layer(**source, 1) == layer_bytes(0));
  CHECK(blobs.requests().size() == 2);
  for (const std::string& request : blobs.requests()) CHECK_FALSE(has(request, "Authorization"));
}

TEST_CASE("what is not an image is called by its name") {
  Store store;
  const auto artifact = [&](const std::string& tag, const std::string& config, const std::string& layer, const std::string& more = "") {
    store.files["a/manifests/" + tag] =
        answer(200, R"({"schemaVersion":2,"config":{"mediaType":")" + config + R"(","digest":"sha256:)" + std::string(64, '2') +
                        R"(","size":2},"layers":[{"mediaType":")" + layer + R"(","digest":"sha256:)" + std::string(64, '3') + R"(","size":2}])" + more + "}");
  };
  artifact("helm", "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
  artifact("sig", "application/vnd.oci.image.config.v1+json", "application/vnd.dev.cosign.simplesigning.v1+json");
  artifact("other", "application/vnd.oci.empty.v1+json", "text/plain", R"(,"artifactType":"application/x-mine")");
  HttpServer server(store);
  const struct {
    const char *tag, *says;
  } cases[] = {{"helm", "is a Helm chart, not an image"},
               {"sig", "is a cosign signature, not an image"},
               {"other", "artifact of type application/x-mine, not an image"}};
  for (const auto& c : cases) {
    CAPTURE(c.tag);
    const auto got = open(server.host() + "/a:" + c.tag);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::unsupported);
    CHECK_MESSAGE(has(got.error().text, c.says), got.error().text);
  }
}

TEST_CASE("a foreign layer is read where the registry has it, and named where not") {
  const std::string type = "application/vnd.oci.image.layer.nondistributable.v1.tar";
  Store store;
  add_image(store, "a", "1", "amd64", "", type);
  store.files.erase("a/blobs/" + sha256(layer_bytes(0)).text);
  HttpServer server(store);
  const auto source = open(server.host() + "/a:1");
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  CHECK((*source)->image().history[0].not_analysed == "foreign layer, not in the registry");
  CHECK((*source)->image().history[1].not_analysed == "");
  CHECK(read_layer(**source, 1).error().code == Errc::unsupported);
  CHECK(*read_layer(**source, 2) == layer_bytes(1));
}

TEST_CASE("a layer that is missing is named") {
  Store store;
  add_image(store, "a", "1");
  const Digest digest = sha256(layer_bytes(1));
  store.files.erase("a/blobs/" + digest.text);
  HttpServer server(store);
  const auto got = read_layer(**open(server.host() + "/a:1"), 2);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::not_found);
  CHECK(got.error().text == "layer 2 of 2 (sha256:" + std::string(digest.brief()) + ") is missing in registry " + server.host());
}

TEST_CASE("a signed schema 1 manifest is verified over what was signed") {
  Store store;
  const std::string bytes = layer_bytes(0);
  const std::string unsigned_part = R"({"schemaVersion":1,"fsLayers":[{"blobSum":")" + sha256(bytes).text +
                                    R"("}],"history":[{"v1Compatibility":"{\"id\":\")" + std::string(64, '1') + R"(\",\"os\":\"linux\"}"}])";
  const std::string payload = unsigned_part + "\n}";
  const std::string signature =
      net::base64_encode(R"({"formatLength":)" + std::to_string(unsigned_part.size()) + R"(,"formatTail":")" + net::base64_encode("\n}") + R"("})");
  store.files["a/blobs/" + sha256(bytes).text] = answer(200, bytes);
  store.files["a/manifests/1"] = answer(200, unsigned_part + R"(,"signatures":[{"protected":")" + signature + R"("}]})",
                                        "Docker-Content-Digest: " + sha256(payload).text + "\r\n");
  HttpServer server(store);
  const auto source = open(server.host() + "/a:1");
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  CHECK((*source)->image().digest == sha256(payload));
  CHECK(*read_layer(**source, 1) == bytes);
}

TEST_CASE("documents above their limit, and those that are none, are refused") {
  Store store;
  add_image(store, "a", "1");
  store.files["a/manifests/html"] = answer(200, "<html>log in</html>");
  HttpServer server(store);
  OpenOptions options;
  options.limits.manifest_bytes = 200;
  const auto large = open(server.host() + "/a:1", options);
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Errc::limit);
  CHECK_MESSAGE(has(large.error().text, "200 bytes (manifest_bytes)"), large.error().text);
  CHECK(open(server.host() + "/a:html").error().code == Errc::invalid_input);
}
