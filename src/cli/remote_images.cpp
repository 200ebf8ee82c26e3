// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/remote_images.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/server_settings.h"
#include "net/client.h"
#include "net/url.h"
#include "report/report_form.h"
#include "service/images/api_eclair.h"
#include "util/byte_source.h"
#include "util/json.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::cli {
namespace remote_images_detail {

constexpr std::uint64_t kMaxReport = 512u << 20, kMaxDocument = 64u << 20;
constexpr std::uint32_t kDepth = 32;

constexpr unsigned kWorkSeconds = 900;  // while a server reads an image it says nothing

/// works: what is asked for may take the server long before it answers.
net::Options network(const Invocation& call, bool works = false) {
  net::Options out;
  out.insecure = call.settings.flag("insecure");
  out.ca_file = call.settings.text("cacert");
  out.stall_seconds = static_cast<unsigned>(std::min<std::uint64_t>(call.settings.number("stall-timeout").value_or(60), 86'400));
  if (works && !call.settings.is_set("stall-timeout")) out.stall_seconds = kWorkSeconds;
  out.patience_seconds = 60;  // a server that is full says when to come again
  out.stop = &call.stop;
  return out;
}

std::vector<std::string> strings(json::Value list) {
  std::vector<std::string> out;
  list.each([&](json::Value one) {
    out.emplace_back(one.string());
    return true;
  });
  return out;
}

std::uint32_t small(json::Value value) { return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.integer().value_or(0), 0, UINT32_MAX)); }

UnixTime time_of(json::Value value) { return parse_time(value.string()).value_or(0); }

Digest digest_of(json::Value value) { return Digest::parse(value.string()).value_or(Digest{}); }

std::vector<PackageVersion> packages_of(json::Value list) {
  std::vector<PackageVersion> out;
  list.each([&](json::Value one) {
    PackageVersion package;
    package.type = one["type"].string();
    package.name = one["name"].string();
    package.version = one["version"].string();
    package.arch = one["arch"].string();
    package.source_name = one["source"].string();
    out.push_back(std::move(package));
    return true;
  });
  return out;
}

service::ImageView view_of(json::Value in) {
  service::ImageView out;
  out.id = in["id"].string();
  out.image.digest = digest_of(in["digest"]);
  out.image.name = in["name"].string();
  out.image.source = in["source"].string();
  const auto platform = text::split(in["platform"].string(), '/');
  if (platform.size() >= 2) out.image.platform = {std::string(platform[0]), std::string(platform[1]), platform.size() > 2 ? std::string(platform[2]) : ""};
  out.names = strings(in["names"]);
  out.sender = in["sender"].string();
  out.layers = small(in["layer_count"]);
  out.os.id = in["distribution"]["id"].string();
  out.os.version = in["distribution"]["version"].string();
  out.os.pretty = in["distribution"]["pretty"].string();
  out.created = time_of(in["created"]);
  out.seen = time_of(in["seen"]);
  return out;
}

class RemoteImages final : public service::Images {
 public:
  RemoteImages(const Invocation& call, std::string server, const std::string& token)
      : client_(network(call)), patient_(network(call, true)), base_(std::move(server)), authorization_(token.empty() ? "" : "Bearer " + token) {}

  Result<std::vector<Digest>> known(const std::vector<Digest>& layers, const service::Identity&) override {
    json::Writer w;
    w.begin_object().key("layers").begin_array();
    for (const Digest& one : layers) w.string(one.text);
    w.end_array().end_object();
    ECLAIR_TRY(const net::Response answer, send("POST", "/layers/known", "asking which layers it has", w.take(), "application/json"));
    if (answer.head.status != 200) return fail(error_of(answer));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    std::vector<Digest> out;
    root["known"].each([&](json::Value one) {
      if (auto digest = Digest::parse(one.string())) out.push_back(std::move(*digest));
      return true;
    });
    return out;
  }

  Result<Kept> put(service::SentImage sent, const service::Identity&) override {
    std::string body = encode(sent);
    if (body.size() > service::kMaxSentBytes) {
      return fail(Error{Errc::limit, "what is known of the image's layers takes " + std::to_string(body.size()) + " bytes, more than a server takes", "--server-fetch lets the server read it"});
    }
    ECLAIR_TRY(const net::Response answer, send("POST", "/images", "sending the image", std::move(body), std::string(service::kSentImageType)));
    Kept out;
    if (answer.head.status == 201) {
      ECLAIR_TRY(const json::Value root, parsed(answer));
      out.id = root["id"].string();
      return out;
    }
    if (answer.head.status == 409) {
      ECLAIR_TRY(const json::Value root, parsed(answer));
      for (const std::string& one : strings(root["error"]["missing"])) {
        if (auto digest = Digest::parse(one)) out.missing.push_back(std::move(*digest));
      }
      if (!out.missing.empty()) return out;
    }
    return fail(error_of(answer));
  }

  Result<std::string> fetch(const service::ImageTarget& target, const service::Identity&, const Cancel&) override {
    json::Writer w;
    w.begin_object().member("target", target.reference);
    const std::pair<std::string_view, const std::string&> words[] = {{"platform", target.platform}, {"username", target.username}, {"password", target.password}, {"registry_token", target.registry_token}};
    for (const auto& [key, value] : words) {
      if (!value.empty()) w.member(key, value);
    }
    if (target.insecure) w.member("insecure", true);
    w.end_object();
    ECLAIR_TRY(const net::Response answer, send("POST", "/images", "asking it to read the image", w.take(), "application/json"));
    if (answer.head.status != 201) return fail(error_of(answer));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    return std::string(root["id"].string());
  }

  Result<std::optional<service::ImageView>> find(std::string_view image, const service::Identity&) override {
    ECLAIR_TRY(const net::Response answer, get("/images/" + text::percent_encode(image), kMaxDocument));
    if (answer.head.status == 404) return std::nullopt;
    if (answer.head.status != 200) return fail(error_of(answer));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    return std::optional(remote_images_detail::view_of(root));
  }

  Result<service::Page<service::ImageView>> list(std::string_view after, std::size_t limit, const service::Identity&) override {
    ECLAIR_TRY(const net::Response answer, get("/images?limit=" + std::to_string(limit) + "&page=" + text::percent_encode(after), kMaxDocument));
    if (answer.head.status != 200) return fail(error_of(answer));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    service::Page<service::ImageView> out;
    root["images"].each([&](json::Value one) {
      out.items.push_back(remote_images_detail::view_of(one));
      return true;
    });
    out.next = root["next_page"].string();
    return out;
  }

  Result<std::optional<report::Report>> report(std::string_view image, UnixTime max_age_seconds, const service::Identity&, const Cancel&) override {
    ECLAIR_TRY(const net::Response answer, get("/images/" + text::percent_encode(image) + "/report?format=transfer&max_age=" + std::to_string(max_age_seconds), kMaxReport));
    if (answer.head.status == 404) return std::nullopt;
    if (answer.head.status != 200) return fail(error_of(answer));
    ECLAIR_TRY(report::Report out, report::decode_report(answer.body));
    return std::optional(std::move(out));
  }

  Result<bool> remove(std::string_view image, const service::Identity&) override {
    ECLAIR_TRY(const net::Response answer, send("DELETE", "/images/" + text::percent_encode(image), "removing the image", {}, {}));
    if (answer.head.status == 404) return false;
    if (answer.head.status != 204) return fail(error_of(answer));
    return true;
  }

  Result<service::Page<service::LayerHit>> layers_with(std::string_view vulnerability, std::string_view name_space, std::string_view after,
                                                       std::size_t limit, const service::Identity&) override {
    ECLAIR_TRY(const net::Response answer, search(vulnerability, "layers", name_space, after, limit));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    service::Page<service::LayerHit> out;
    root["layers"].each([&](json::Value one) {
      out.items.push_back({std::string(one["namespace"].string()), one["scope"].string() == "v1" ? store::Scope::v1 : store::Scope::image,
                           std::string(one["layer"].string()), packages_of(one["packages"])});
      return true;
    });
    out.next = root["next_page"].string();
    return out;
  }

  Result<service::Page<service::ImageHit>> images_with(std::string_view vulnerability, std::string_view name_space, std::string_view after,
                                                       std::size_t limit, const service::Identity&) override {
    ECLAIR_TRY(const net::Response answer, search(vulnerability, "images", name_space, after, limit));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    service::Page<service::ImageHit> out;
    root["images"].each([&](json::Value one) {
      service::ImageHit hit;
      hit.name_space = one["namespace"].string();
      hit.id = one["id"].string();
      hit.digest = digest_of(one["digest"]);
      hit.names = strings(one["names"]);
      hit.layer.index = small(one["layer"]["index"]);
      hit.layer.digest = digest_of(one["layer"]["digest"]);
      hit.layer.created_by = one["layer"]["created_by"].string();
      hit.packages = packages_of(one["packages"]);
      out.items.push_back(std::move(hit));
      return true;
    });
    out.next = root["next_page"].string();
    return out;
  }

  Result<ServerHealth> health() {
    ECLAIR_TRY(net::Response answer, get("/health", kMaxDocument));
    if (answer.head.status != 200 && answer.head.status != 503) return fail(error_of(answer));
    ECLAIR_TRY(const json::Value root, parsed(answer));
    if (!root["status"].is_string()) return fail(error_of(answer));
    return ServerHealth{answer.head.status == 200, std::move(answer.body)};
  }

 private:
  net::Request request(const std::string& path, std::string what) const {
    net::Request out;
    out.url = base_ + "/eclair/v1" + path;
    out.authorization = authorization_;
    out.what = std::move(what);
    return out;
  }

  Result<net::Response> get(const std::string& path, std::uint64_t max_bytes) {
    net::Request asked = request(path, "asking the server");
    asked.max_bytes = max_bytes;
    return client_.send(asked);
  }

  Result<net::Response> send(std::string method, const std::string& path, std::string what, std::string body, std::string type) {
    net::Request asked = request(path, std::move(what));
    const bool works = path == "/images";
    asked.method = std::move(method);
    const MemorySource bytes(std::move(body));
    if (!type.empty()) {
      asked.body = &bytes;
      asked.headers.push_back({"Content-Type", std::move(type)});
    }
    return works ? patient_.send(asked) : client_.send(asked);
  }

  Result<net::Response> search(std::string_view vulnerability, const std::string& what, std::string_view name_space, std::string_view after, std::size_t limit) {
    ECLAIR_TRY(net::Response answer, get("/vulnerabilities/" + text::percent_encode(vulnerability) + "/" + what + "?limit=" + std::to_string(limit) + "&namespace=" +
                                             text::percent_encode(name_space) + "&page=" + text::percent_encode(after),
                                         kMaxDocument));
    if (answer.head.status != 200) return fail(error_of(answer));
    return answer;
  }

  Result<json::Value> parsed(const net::Response& answer) {
    auto root = document_.parse(answer.body, kDepth);
    if (!root) return fail(Errc::unavailable, net::host_of(base_) + " answered with something that is not of this API");
    return root;
  }

  /// In the server's own words, where it has some.
  Error error_of(const net::Response& answer) {
    const auto root = document_.parse(answer.body, kDepth);
    const std::string_view message = root ? (*root)["error"]["message"].string() : std::string_view{};
    if (message.empty()) {
      Error out = net::status_error(answer.head);
      if (answer.head.status == 404) out.hint = "is " + net::host_of(base_) + " an Eclair server?";
      return out;
    }
    Error out{answer.head.status == 404 ? Errc::not_found : Errc::unavailable, net::host_of(base_) + ": " + text::clean(message), text::clean((*root)["error"]["hint"].string())};
    if (answer.head.status == 401) out.hint = "--token-file FILE, or ECLAIR_TOKEN";
    return out;
  }

  const net::Client client_, patient_;
  const std::string base_, authorization_;
  json::Document document_;
};

}  // namespace remote_images_detail
using namespace remote_images_detail;

Result<std::string> server_of(const Invocation& call) {
  std::string out = call.settings.text("server");
  while (!out.empty() && out.back() == '/') out.pop_back();
  if (!out.empty() && !net::take_apart(out).ok) return fail(Error{Errc::invalid_input, "--server " + text::quoted(out) + ": not an http or https address", "--server http://127.0.0.1:6060"});
  return out;
}

std::unique_ptr<service::Images> remote_images(const Invocation& call, const std::string& server, const std::string& token) {
  return std::make_unique<RemoteImages>(call, server, token);
}

Result<ServerHealth> server_health(const Invocation& call, const std::string& server) {
  ECLAIR_TRY(const std::string token, secret_of(call.settings, "token"));
  RemoteImages images(call, server, token);
  return images.health();
}

Result<KeptImages> KeptImages::open(const Invocation& call) {
  KeptImages out;
  ECLAIR_TRY(const std::string server, server_of(call));
  out.who_.role = service::Role::admin;
  if (!server.empty()) {
    ECLAIR_TRY(const std::string token, secret_of(call.settings, "token"));
    out.images_ = remote_images(call, server, token);
    return out;
  }
  ECLAIR_TRY(const std::string folder, data_folder(call.settings));
  std::error_code ignored;
  const auto none = [&] {
    return fail(Error{Errc::not_found, "no images are kept on this machine (in " + text::quoted(folder) + ")", "--server URL asks a server; eclair scan --server URL IMAGE puts one there"});
  };
  if (!std::filesystem::exists(folder + "/layers.db", ignored)) return none();
  ECLAIR_TRY(out.store_, store::open_service_store(folder));
  ECLAIR_TRY(const auto counts, out.store_->counts());
  if (counts.images == 0 && counts.layers == 0) return none();
  out.advisories_ = std::make_unique<service::Advisories>(folder);
  service::ImageSettings settings;
  settings.version = call.version;
  out.images_ = service::make_images(*out.store_, *out.advisories_, std::move(settings));
  return out;
}

}  // namespace eclair::cli
