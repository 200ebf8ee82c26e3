// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "report/report.h"
#include "report/report_form.h"
#include "service/images/api_eclair_handlers.h"
#include "util/json.h"
#include "util/plural.h"
#include "util/text.h"

namespace eclair::service::own {
namespace api_eclair_images_detail {

constexpr UnixTime kMaxAge = 5 * 86400;
constexpr std::size_t kMaxAsked = 5000;  // layers in one question

Reply no_image(std::string_view name) {
  return eclair_error(404, "not_found", "no image " + text::quoted(name) + " here", "it is posted with eclair scan --server, or POST /eclair/v1/images");
}

void text_if(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.member(name, value);
}

void write_layer(json::Writer& w, const LayerInfo& layer) {
  w.begin_object();
  if (!layer.empty) w.member("index", std::int64_t{layer.index});
  text_if(w, "digest", layer.digest.text);
  text_if(w, "diff_id", layer.diff_id.text);
  if (layer.size > 0) w.member("size", static_cast<std::int64_t>(layer.size));
  text_if(w, "created_by", layer.created_by);
  text_if(w, "not_analysed", layer.not_analysed);
  w.member("empty", layer.empty).end_object();
}

void write_image(json::Writer& w, const ImageView& view, bool with_layers) {
  const Image& image = view.image;
  w.begin_object().member("id", view.id);
  text_if(w, "digest", image.digest.text);
  w.key("names").begin_array();
  for (const std::string& name : view.names) w.string(name);
  w.end_array().member("name", image.name).member("source", image.source);
  if (!image.platform.os.empty()) w.member("platform", image.platform.text());
  w.key("distribution");
  if (view.os) {
    w.begin_object().member("id", view.os.id).member("version", view.os.version).member("pretty", view.os.pretty).end_object();
  } else {
    w.null();
  }
  w.member("created", rfc3339(view.created)).member("seen", rfc3339(view.seen));
  text_if(w, "sender", view.sender);
  w.member("layer_count", std::int64_t{view.layers});
  if (with_layers) {
    w.key("layers").begin_array();
    for (const LayerInfo& layer : image.history) write_layer(w, layer);
    w.end_array();
  }
  w.end_object();
}

Reply made(const EclairParts& parts, const Request& request, const std::string& id) {
  const auto view = parts.images.find(id, request.who);
  if (!view) return eclair_failure(view.error());
  json::Writer w;
  if (*view) {
    write_image(w, **view, false);
  } else {  // removed in the same moment
    w.begin_object().member("id", id).end_object();
  }
  Reply out = document(w, 201);
  out.headers.emplace_back("Location", "/eclair/v1/images/" + text::percent_encode(id, ":"));
  return out;
}

Reply take_sent(const EclairParts& parts, const Request& request) {
  auto sent = decode_sent_image(request.body, Limits{});
  if (!sent) return eclair_failure(sent.error());
  const auto kept = parts.images.put(std::move(*sent), request.who);
  if (!kept) return eclair_failure(kept.error());
  if (kept->missing.empty()) return made(parts, request, kept->id);
  json::Writer w;
  w.begin_object().key("error").begin_object().member("code", "missing_layers");
  w.member("message", "not here: what is known of " + text::plural(kept->missing.size(), "layer")).member("hint", "send them, too");
  w.key("missing").begin_array();
  for (const Digest& one : kept->missing) w.string(one.text);
  w.end_array().end_object().end_object();
  return document(w, 409);
}

Reply fetch_target(const EclairParts& parts, const Request& request) {
  json::Document parsed;
  const auto root = parsed.parse(request.body, 16);
  if (!root) return eclair_failure(root.error());
  const auto member = [&](std::string_view name) { return std::string((*root)[name].string()); };
  ImageTarget target;
  target.reference = member("target");
  target.platform = member("platform");
  target.username = member("username");
  target.password = member("password");
  target.registry_token = member("registry_token");
  target.insecure = (*root)["insecure"].boolean();
  if (target.reference.empty()) {
    return eclair_error(400, "invalid_input", "no target", R"({"target":"registry.example.com/team/app:1"}, or the type )" + std::string(kSentImageType));
  }
  const auto id = parts.images.fetch(target, request.who, stop_of(request));
  if (id) return made(parts, request, *id);
  // A registry that does not answer is no failure of ours, as a store is.
  if (id.error().code == Errc::unavailable && parts.store.ping()) return eclair_error(502, "registry", id.error().text, id.error().hint);
  return eclair_failure(id.error());
}

}  // namespace api_eclair_images_detail
using namespace api_eclair_images_detail;

Reply post_image(const EclairParts& parts, const Request& request) {
  const std::string_view type = text::trim(text::cut(request.header("content-type"), ';').first);
  return type == kSentImageType ? take_sent(parts, request) : fetch_target(parts, request);
}

Reply get_images(const EclairParts& parts, const Request& request) {
  const auto limit = limit_of(request);
  if (!limit) return eclair_failure(limit.error());
  const auto page = parts.images.list(query_of(request, "page"), *limit, request.who);
  if (!page) return eclair_failure(page.error());
  json::Writer w;
  w.begin_object().key("images").begin_array();
  for (const ImageView& one : page->items) write_image(w, one, false);
  w.end_array().member("next_page", page->next).end_object();
  return document(w);
}

Reply get_image(const EclairParts& parts, const Request& request) {
  const auto view = parts.images.find(request.params.at(0), request.who);
  if (!view) return eclair_failure(view.error());
  if (!*view) return no_image(request.params[0]);
  json::Writer w;
  write_image(w, **view, true);
  return document(w);
}

Reply get_report(const EclairParts& parts, const Request& request) {
  std::string word = query_of(request, "format");
  if (word.empty()) word = request.header("accept") == kReportType ? "transfer" : "json";
  const report::Format* const format = report::find_format(word);
  if (format == nullptr && word != "transfer") {
    std::string known;
    for (const report::Format* const one : report::formats()) known += std::string(one->id) + ", ";
    return eclair_error(400, "invalid_input", "no format " + text::quoted(word), "formats: " + known + "transfer");
  }
  UnixTime max_age = kMaxAge;
  if (const std::string* const age = request.find_query("max_age")) {
    const auto seconds = text::parse_number(*age);
    if (!seconds || *seconds > 100ull * 365 * 86400) return eclair_error(400, "invalid_input", "max_age is a number of seconds");
    max_age = static_cast<UnixTime>(*seconds);
  }
  auto report = parts.images.report(request.params.at(0), max_age, request.who, stop_of(request));
  if (!report) return eclair_failure(report.error());
  if (!*report) return no_image(request.params[0]);
  Reply out;
  if (format == nullptr) {
    out.content_type = kReportType;
    out.body = report::encode(**report);
    return out;
  }
  out.content_type = word == "json" ? "application/json" : "text/plain; charset=utf-8";
  report::Document document;
  document.reports.push_back(std::move(**report));
  const auto done = format->render(document, report::View{}, [&](std::string_view piece) {
    out.body += piece;
    return Result<>{};
  });
  return done ? std::move(out) : eclair_failure(done.error());
}

Reply delete_image(const EclairParts& parts, const Request& request) {
  const auto removed = parts.images.remove(request.params.at(0), request.who);
  if (!removed) return eclair_failure(removed.error());
  if (!*removed) return no_image(request.params[0]);
  Reply out;
  out.status = 204;
  return out;
}

Reply known_layers(const EclairParts& parts, const Request& request) {
  json::Document parsed;
  const auto root = parsed.parse(request.body, 16);
  if (!root) return eclair_failure(root.error());
  const json::Value list = (*root)["layers"];
  if (!list.is_array() || list.size() > kMaxAsked) return eclair_error(400, "invalid_input", "layers is a list of at most 5000 digests");
  std::vector<Digest> asked;
  std::string bad;
  list.each([&](json::Value one) {
    auto digest = Digest::parse(one.string());
    if (digest) asked.push_back(std::move(*digest));
    else bad = digest.error().text;
    return bad.empty();
  });
  if (!bad.empty()) return eclair_error(400, "invalid_input", bad);
  const auto known = parts.images.known(asked, request.who);
  if (!known) return eclair_failure(known.error());
  json::Writer w;
  w.begin_object().key("known").begin_array();
  for (const Digest& one : *known) w.string(one.text);
  w.end_array().end_object();
  return document(w);
}

}  // namespace eclair::service::own
