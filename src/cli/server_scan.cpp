// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/server_scan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cli/analysis.h"
#include "cli/progress.h"
#include "image/reference.h"
#include "service/images/read_for_server.h"
#include "util/text.h"

namespace eclair::cli {
namespace server_scan_detail {

constexpr int kTries = 3;  // of sending, when layers that the server had go meanwhile

/// The reference without "registry:" or "docker://" before it, in full; "" where the target is none.
std::string reference_of(std::string_view target) {
  for (const std::string_view scheme : {"registry:", "docker://"}) {
    if (target.starts_with(scheme)) target.remove_prefix(scheme.size());
  }
  const auto reference = image::parse_reference(target);
  return reference ? reference->text() : std::string();
}

/// An image that a server was given: its id there, and what the server does not tell.
struct Sent {
  std::string id;
  std::string base_name, base_digest;
};

Result<Sent> send_image(const Invocation& call, const std::string& target, const image::OpenOptions& options, service::Images& server,
                               store::LayerStore* known) {
  const service::Identity nobody;  // the server knows by the token
  ReadingProgress progress(call.console, text::clean(target, 200));
  ECLAIR_TRY(const std::unique_ptr<image::Source> source, image::open(target, options));
  std::vector<Digest> layers;
  for (const LayerInfo& layer : source->image().history) {
    if (!layer.digest.empty()) layers.push_back(layer.digest);
  }
  std::sort(layers.begin(), layers.end());
  layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
  ECLAIR_TRY(const std::vector<Digest> there, server.known(layers, nobody));
  call.console.detail("layers that the server has: " + std::to_string(there.size()) + " of " + std::to_string(layers.size()));
  std::set<Digest> has(there.begin(), there.end());
  for (int tries = 1;; ++tries) {
    index::IndexOptions how = index_options(call.settings);
    how.progress = [&](const index::IndexOptions::Progress& at) { progress.update(at); };
    ECLAIR_TRY(service::SentImage sent, service::read_for_server(*source, known, has, how, call.stop));
    sent.names.push_back(source->image().source == "registry" ? reference_of(target) : source->image().name);
    if (!options.name.empty() && options.name != sent.names.front()) sent.names.push_back(options.name);
    ECLAIR_TRY(service::Images::Kept kept, server.put(std::move(sent), nobody));
    if (kept.missing.empty()) return Sent{kept.id, source->image().base_name, source->image().base_digest};
    if (tries == kTries) return fail(Errc::unavailable, "the server forgets layers faster than they can be sent");
    for (const Digest& one : kept.missing) has.erase(one);
  }
}

}  // namespace server_scan_detail
using namespace server_scan_detail;

Result<> check_server_scan(const Invocation& call) {
  for (const std::string_view option : {"as-of", "facts", "exclude", "pkg-types", "distro"}) {
    if (call.settings.is_set(option)) return fail(Error{Errc::unsupported, "--" + std::string(option) + " cannot be had with --server", "leave one of them out"});
  }
  if (call.settings.text("scope") == "all-layers") return fail(Error{Errc::unsupported, "--scope all-layers cannot be had with --server", "leave one of them out"});
  if (!call.settings.flag("network")) return fail(Error{Errc::invalid_input, "--no-network forbids --server", "leave one of them out"});
  return {};
}

Result<report::Report> scan_by_server(const Invocation& call, const std::string& target, const image::OpenOptions& options, service::Images& server,
                                      store::LayerStore* known) {
  const service::Identity nobody;
  Sent sent;
  std::string& id = sent.id;
  if (call.settings.flag("server-fetch")) {
    const std::string reference = reference_of(target);
    if (reference.empty()) return fail(Error{Errc::invalid_input, text::quoted(target) + ": a server fetches from registries alone", "leave --server-fetch out: then it is read here"});
    service::ImageTarget wanted;
    wanted.reference = reference;
    wanted.platform = options.platform;
    wanted.username = options.username;
    wanted.password = options.password;
    wanted.registry_token = options.registry_token;
    wanted.insecure = options.insecure;
    ECLAIR_TRY(id, server.fetch(wanted, nobody, call.stop));
  } else {
    auto given = send_image(call, target, options, server, known);
    if (!given) return fail(std::move(given).error().within(text::quoted(target, 300)));
    sent = std::move(*given);
  }
  const auto max_age = static_cast<UnixTime>(call.settings.number("max-db-age").value_or(5 * 86400));
  ECLAIR_TRY(auto report, server.report(id, max_age, nobody, call.stop));
  if (!report) return fail(Errc::unavailable, text::quoted(target) + ": the server has forgotten it again");
  if (!options.name.empty()) report->image.name = options.name;
  report->image.base_name = std::move(sent.base_name);
  report->image.base_digest = std::move(sent.base_digest);
  return std::move(*report);
}

}  // namespace eclair::cli
