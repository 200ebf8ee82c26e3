// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "service/images/api_eclair_handlers.h"
#include "util/text.h"

namespace eclair::service::own {
namespace api_eclair_vulnerabilities_detail {

void write_packages(json::Writer& w, const std::vector<PackageVersion>& packages) {
  w.key("packages").begin_array();
  for (const PackageVersion& one : packages) {
    w.begin_object().member("type", one.type).member("name", one.name).member("version", one.version);
    if (!one.arch.empty()) w.member("arch", one.arch);
    w.member("source", one.source()).end_object();
  }
  w.end_array();
}

/// The pages of a search: what each has in common.
template <class Hit, class Write>
Reply paged(const Result<Page<Hit>>& page, const Request& request, std::string_view list, Write write) {
  if (!page) return eclair_failure(page.error());
  json::Writer w;
  w.begin_object().member("vulnerability", request.params.at(0)).key(list).begin_array();
  for (const Hit& hit : page->items) {
    w.begin_object().member("namespace", hit.name_space);
    write(w, hit);
    write_packages(w, hit.packages);
    w.end_object();
  }
  w.end_array().member("next_page", page->next).end_object();
  return document(w);
}

}  // namespace api_eclair_vulnerabilities_detail
using namespace api_eclair_vulnerabilities_detail;

Reply layers_with(const EclairParts& parts, const Request& request) {
  const auto limit = limit_of(request);
  if (!limit) return eclair_failure(limit.error());
  const auto page = parts.images.layers_with(request.params.at(0), query_of(request, "namespace"), query_of(request, "page"), *limit, request.who);
  return paged(page, request, "layers", [](json::Writer& w, const LayerHit& hit) {
    w.member("scope", hit.scope == store::Scope::v1 ? "v1" : "image").member("layer", hit.layer);
  });
}

Reply images_with(const EclairParts& parts, const Request& request) {
  const auto limit = limit_of(request);
  if (!limit) return eclair_failure(limit.error());
  const auto page = parts.images.images_with(request.params.at(0), query_of(request, "namespace"), query_of(request, "page"), *limit, request.who);
  return paged(page, request, "images", [](json::Writer& w, const ImageHit& hit) {
    w.member("id", hit.id);
    if (!hit.digest.empty()) w.member("digest", hit.digest.text);
    w.key("names").begin_array();
    for (const std::string& name : hit.names) w.string(name);
    w.end_array().key("layer").begin_object().member("index", std::int64_t{hit.layer.index});
    if (!hit.layer.digest.empty()) w.member("digest", hit.layer.digest.text);
    if (!hit.layer.created_by.empty()) w.member("created_by", hit.layer.created_by);
    w.end_object();
  });
}

Reply health(const EclairParts& parts, const Request&) {
  const UnixTime now = parts.clock();
  json::Writer w;
  const auto works = parts.store.ping();
  auto counts = works ? parts.store.counts() : Result<store::ServiceStore::Counts>(fail(works.error()));
  auto feeds = parts.advisories.with([](store::AdvisoryStore& store) { return store.feeds(); });
  const bool good = counts && feeds;
  w.begin_object().member("status", good ? "ok" : "failing").member("version", parts.version);
  w.key("store").begin_object().member("works", counts.has_value());
  if (counts) {
    w.member("layers", static_cast<std::int64_t>(counts->layers)).member("images", static_cast<std::int64_t>(counts->images));
    w.member("packages", static_cast<std::int64_t>(counts->packages)).member("notifications_pending", static_cast<std::int64_t>(counts->notifications_pending));
  }
  w.end_object().key("advisories").begin_object().member("works", feeds.has_value()).key("feeds").begin_array();
  if (feeds) {
    for (const store::FeedState& feed : *feeds) {
      w.begin_object().member("name", feed.name).member("snapshot", feed.snapshot).member("fetched_at", rfc3339(feed.fetched_at));
      w.member("age_seconds", now - feed.fetched_at).member("records", static_cast<std::int64_t>(feed.records)).end_object();
    }
  }
  w.end_array().end_object();
  if (parts.queue) {
    const EclairParts::Queue queue = parts.queue();
    w.key("queue").begin_object().member("running", static_cast<std::int64_t>(queue.running));
    w.member("waiting", static_cast<std::int64_t>(queue.waiting)).member("connections", static_cast<std::int64_t>(queue.connections)).end_object();
  }
  w.end_object();
  return document(w, good ? 200 : 503);
}

}  // namespace eclair::service::own
