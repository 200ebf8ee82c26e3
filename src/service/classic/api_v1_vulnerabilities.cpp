// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "match/classic_names.h"
#include "service/classic/api_v1_handlers.h"
#include "service/classic/classic_model.h"
#include "service/classic/classic_replies.h"
#include "service/classic/classic_versions.h"
#include "service/classic/go_decode.h"
#include "service/classic/go_json.h"
#include "report/classic/v1_vulnerabilities.h"
#include "util/text.h"

namespace eclair::service::v1 {
namespace api_v1_vulnerabilities_detail {

using classic::v1_error;

/// As a client sends it.
struct SentFeature {
  std::string name, name_space, format, version;
};
struct SentVulnerability {
  std::string name, name_space, description, link, severity, metadata, fixed_by;
  std::vector<SentFeature> fixed_in;
};

Result<SentFeature> decode_feature(json::Value feature) {
  SentFeature out;
  ECLAIR_TRY(out.name, go_json::string_field(feature, "Feature", "Name"));
  ECLAIR_TRY(out.name_space, go_json::string_field(feature, "Feature", "NamespaceName"));
  ECLAIR_TRY(out.format, go_json::string_field(feature, "Feature", "VersionFormat"));
  ECLAIR_TRY(out.version, go_json::string_field(feature, "Feature", "Version"));
  return out;
}

Result<SentVulnerability> decode_vulnerability(json::Value sent) {
  SentVulnerability out;
  ECLAIR_TRY(out.name, go_json::string_field(sent, "Vulnerability", "Name"));
  ECLAIR_TRY(out.name_space, go_json::string_field(sent, "Vulnerability", "NamespaceName"));
  ECLAIR_TRY(out.description, go_json::string_field(sent, "Vulnerability", "Description"));
  ECLAIR_TRY(out.link, go_json::string_field(sent, "Vulnerability", "Link"));
  ECLAIR_TRY(out.severity, go_json::string_field(sent, "Vulnerability", "Severity"));
  ECLAIR_TRY(out.fixed_by, go_json::string_field(sent, "Vulnerability", "FixedBy"));
  ECLAIR_TRY(const json::Value metadata, go_json::object_field(sent, "Vulnerability", "Metadata"));
  if (metadata.size() > 0) out.metadata = go_json::rewritten(metadata);
  ECLAIR_TRY(const json::Value list, go_json::list_field(sent, "Vulnerability", "FixedIn"));
  Result<> fault;
  list.each([&](json::Value one) {
    fault = go_json::expect_object(one, "v1.Feature");
    auto feature = fault ? decode_feature(one) : Result<SentFeature>(SentFeature{});
    if (fault && !feature) fault = fail(feature.error());
    if (fault) out.fixed_in.push_back(*std::move(feature));
    return fault.has_value();
  });
  if (!fault) return fail(fault.error());
  return out;
}

void append_feature(std::string& out, const SentFeature& feature) {
  go_json::Object object(out);
  object.string_if("Name", feature.name).string_if("NamespaceName", feature.name_space);
  object.string_if("VersionFormat", feature.format).string_if("Version", feature.version).end();
}

/// The object of the request, as Go would write it after reading it.
Reply echo(int status, const SentVulnerability& sent) {
  std::string out;
  go_json::Object outer(out);
  go_json::Object object(outer.key("Vulnerability"));
  object.string_if("Name", sent.name).string_if("NamespaceName", sent.name_space).string_if("Description", sent.description);
  object.string_if("Link", sent.link).string_if("Severity", sent.severity);
  if (!sent.metadata.empty()) object.raw("Metadata", sent.metadata);
  object.string_if("FixedBy", sent.fixed_by);
  if (!sent.fixed_in.empty()) {
    std::string& list = object.key("FixedIn");
    list += '[';
    for (std::size_t i = 0; i < sent.fixed_in.size(); ++i) {
      if (i > 0) list += ',';
      append_feature(list, sent.fixed_in[i]);
    }
    list += ']';
  }
  object.end();
  outer.end();
  return classic::v1_reply(status, std::move(out));
}

SentFeature shown(const Vulnerability& vulnerability, const Fix& fix) {
  return {fix.feature, vulnerability.name_space, std::string(match::classic_version_format(vulnerability.name_space)),
          fix.version.empty() ? std::string(classic::kNone) : fix.version};
}

void append_fixes(std::string& out, const Vulnerability& vulnerability) {
  out += '[';
  for (std::size_t i = 0; i < vulnerability.fixes.size(); ++i) {
    if (i > 0) out += ',';
    append_feature(out, shown(vulnerability, vulnerability.fixes[i]));
  }
  out += ']';
}

bool says_not_affected(std::string_view version) { return version == classic::kMinVersion; }

Fix to_fix(const SentFeature& feature) {
  const std::string_view version = text::trim(feature.version);
  return {feature.name, version == classic::kNone || version == classic::kMaxVersion ? std::string() : std::string(version)};
}

/// The body's envelope. An error is the answer.
Result<json::Value> enveloped(const go_json::Body& body, std::string_view type, std::string_view name, std::string_view missing) {
  ECLAIR_CHECK_OK(go_json::expect_object(body.value(), "v1." + std::string(type)));
  ECLAIR_TRY(const json::Value inner, go_json::object_field(body.value(), type, name));
  if (!inner) return fail(Errc::invalid_input, std::string(missing));
  return inner;
}

Result<SentVulnerability> sent_vulnerability(const Request& request) {
  ECLAIR_TRY(const go_json::Body body, go_json::Body::parse(request.body));
  ECLAIR_TRY(const json::Value inner, enveloped(body, "VulnerabilityEnvelope", "Vulnerability", "failed to provide vulnerability"));
  return decode_vulnerability(inner);
}

/// What a key that is limited to some layers may not: what it changes here is for all.
bool may_change(const Request& request) { return request.who.prefixes.empty(); }

/// Severity of a request, or nullopt; then the answer is kBadSeverity.
constexpr std::string_view kBadSeverity = "failed to parse Severity from input";

Vulnerability to_vulnerability(const SentVulnerability& sent, const classic::Priority& priority) {
  Vulnerability out;
  out.name = sent.name;
  out.name_space = sent.name_space;
  out.description = sent.description;
  out.link = sent.link;
  out.severity = priority.severity;
  out.severity_word = priority.word;
  out.metadata = sent.metadata;
  return out;
}

/// Looks up what the path names.
struct Found {
  std::optional<Vulnerability> vulnerability;
  Reply answer;  ///< where there is none
};
Found look_up(const ClassicParts& parts, const Request& request) {
  Found out;
  auto found = parts.vulnerabilities.get(request.params.at(0), request.params.at(1));
  if (!found) {
    out.answer = classic::v1_failure(found.error());
  } else if (!*found) {
    out.answer = v1_error(404, classic::kNotFound);
  } else {
    out.vulnerability = *std::move(found);
  }
  return out;
}

/// For those that say true where the vulnerability exists.
Reply done(const Result<bool>& outcome) {
  if (!outcome) return classic::v1_failure(outcome.error());
  return *outcome ? Reply{} : v1_error(404, classic::kNotFound);
}

}  // namespace api_v1_vulnerabilities_detail

void append_vulnerability(std::string& out, const Vulnerability& vulnerability, bool with_fixes) {
  go_json::Object object(out);
  object.string_if("Name", vulnerability.name).string_if("NamespaceName", vulnerability.name_space);
  object.string_if("Description", vulnerability.description).string_if("Link", vulnerability.link);
  object.string("Severity", report::classic_severity(vulnerability.severity, vulnerability.severity_word));
  if (!vulnerability.metadata.empty()) object.raw("Metadata", vulnerability.metadata);
  if (with_fixes && !vulnerability.fixes.empty()) {
    api_v1_vulnerabilities_detail::append_fixes(object.key("FixedIn"), vulnerability);
  }
  object.end();
}

std::optional<std::int64_t> limit_of(const Request& request, std::string& fault) {
  const std::string* text = request.find_query("limit");
  if (text == nullptr) {
    fault = kNoLimit;
    return std::nullopt;
  }
  const bool negative = !text->empty() && text->front() == '-';
  const std::string_view digits = std::string_view(*text).substr(!text->empty() && (negative || text->front() == '+') ? 1 : 0);
  const bool number = !digits.empty() && std::all_of(digits.begin(), digits.end(), text::is_digit);
  const auto value = text::parse_number(digits);
  constexpr std::uint64_t kMost = 0x7fffffffffffffff;
  if (!number || !value || *value > kMost) {
    std::string quoted;
    go_json::append_string(quoted, *text);
    fault = "invalid limit format: strconv.Atoi: parsing " + quoted + ": " + (number ? "value out of range" : "invalid syntax");
    return std::nullopt;
  }
  return negative ? -static_cast<std::int64_t>(*value) : static_cast<std::int64_t>(*value);
}

Reply get_namespaces(const ClassicParts& parts, const Request&) {
  using namespace api_v1_vulnerabilities_detail;
  auto names = parts.vulnerabilities.namespaces();
  if (!names) return classic::v1_failure(names.error());
  const auto of_layers = parts.layers.namespaces();
  if (!of_layers) return classic::v1_failure(of_layers.error());
  names->insert(names->end(), of_layers->begin(), of_layers->end());
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
  // Never null, as Clair has it: Harbor does not look before it reads the list.
  std::string out = R"({"Namespaces":[)";
  for (const std::string& name : *names) {
    if (name.empty()) continue;
    if (out.back() != '[') out += ',';
    go_json::Object object(out);
    object.string("Name", name).string("VersionFormat", match::classic_version_format(name)).end();
  }
  return classic::v1_reply(200, std::move(out += "]}"));
}

Reply get_vulnerabilities(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  std::string fault;
  const auto limit = limit_of(request, fault);
  if (!limit) return v1_error(400, fault);
  if (*limit < 0) return v1_error(400, "limit value should not be less than zero");
  std::string after;
  if (const std::string* page = request.find_query("page")) {
    auto payload = parts.tokens.read(*page, parts.clock());
    if (!payload || payload->substr(0, 2) != "v/") return v1_error(400, kBadPage);
    after = payload->substr(2);
  }
  const std::size_t size = static_cast<std::size_t>(std::min<std::int64_t>(*limit, kMaxPage));
  auto found = parts.vulnerabilities.list(request.params.at(0), after, size + 1);
  if (!found) return classic::v1_failure(found.error());
  if (!*found) {
    // Clair knows a namespace that only a layer has.
    const auto of_layers = parts.layers.namespaces();
    if (!of_layers) return classic::v1_failure(of_layers.error());
    if (std::find(of_layers->begin(), of_layers->end(), request.params.at(0)) == of_layers->end()) return v1_error(404, classic::kNotFound);
    found->emplace();
  }
  std::vector<Vulnerability>& list = **found;
  const bool more = list.size() > size;
  if (more) list.resize(size);
  if (!list.empty()) after = list.back().name;
  std::string out;
  go_json::Object outer(out);
  outer.key("Vulnerabilities") += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append_vulnerability(out, list[i], false);
  }
  out += ']';
  if (more) {
    const auto token = parts.tokens.make("v/" + after, parts.clock());
    if (!token) return classic::v1_failure(token.error());
    outer.string("NextPage", *token);
  }
  outer.end();
  return classic::v1_reply(200, std::move(out));
}

Reply post_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  if (!may_change(request)) return v1_error(403, classic::kNotAllowed);
  const auto decoded = sent_vulnerability(request);
  if (!decoded) return v1_error(400, decoded.error().text);
  SentVulnerability sent = *decoded;
  if (sent.name_space.empty()) sent.name_space = request.params.at(0);
  const auto priority = classic::parse_priority(sent.severity, true);
  if (!priority) return v1_error(400, kBadSeverity);
  for (const SentFeature& feature : sent.fixed_in) {
    const std::string_view bad = classic::v1_version_fault(feature.format, sent.name_space, feature.version);
    if (!bad.empty()) return v1_error(400, bad);
  }
  if (sent.name.empty() || sent.name_space.empty()) return v1_error(400, "insertVulnerability needs at least the Name and the Namespace");
  Vulnerability value = to_vulnerability(sent, *priority);
  std::vector<std::string> not_affected;
  for (const SentFeature& feature : sent.fixed_in) {
    if (!feature.name_space.empty() && feature.name_space != sent.name_space) {
      return v1_error(400,
                      "could not insert an invalid vulnerability that contains FixedIn FeatureVersion that are not in the same namespace as the "
                      "Vulnerability");
    }
    if (feature.name.empty()) return v1_error(400, "could not insert an invalid vulnerability that contains FixedIn without a Name");
    if (says_not_affected(feature.version)) {
      not_affected.push_back(feature.name);
    } else {
      value.fixes.push_back(to_fix(feature));
    }
  }
  if (const auto stored = parts.vulnerabilities.put(value); !stored) return classic::v1_failure(stored.error());
  for (const std::string& feature : not_affected) {
    const auto removed = parts.vulnerabilities.remove_fix(value.name_space, value.name, feature);
    if (!removed) return classic::v1_failure(removed.error());
  }
  return echo(201, *decoded);
}

Reply get_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  Found found = look_up(parts, request);
  if (!found.vulnerability) return std::move(found.answer);
  std::string out;
  go_json::Object outer(out);
  append_vulnerability(outer.key("Vulnerability"), *found.vulnerability, request.has_query("fixedIn"));
  outer.end();
  return classic::v1_reply(200, std::move(out));
}

Reply put_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  if (!may_change(request)) return v1_error(403, classic::kNotAllowed);
  const auto sent = sent_vulnerability(request);
  if (!sent) return v1_error(400, sent.error().text);
  if (!sent->fixed_in.empty()) return v1_error(400, "Vulnerability.FixedIn must be empty");
  const auto priority = classic::parse_priority(sent->severity, true);
  if (!priority) return v1_error(400, kBadSeverity);
  Vulnerability value = to_vulnerability(*sent, *priority);
  value.name_space = request.params.at(0);
  value.name = request.params.at(1);
  if (const auto stored = parts.vulnerabilities.put(value); !stored) return classic::v1_failure(stored.error());
  return echo(200, *sent);
}

Reply delete_vulnerability(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  if (!may_change(request)) return v1_error(403, classic::kNotAllowed);
  return done(parts.vulnerabilities.remove(request.params.at(0), request.params.at(1)));
}

Reply get_fixes(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  Found found = look_up(parts, request);
  if (!found.vulnerability) return std::move(found.answer);
  std::string out;
  go_json::Object outer(out);
  append_fixes(outer.key("Features"), *found.vulnerability);
  outer.end();
  return classic::v1_reply(200, std::move(out));
}

Reply put_fix(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  if (!may_change(request)) return v1_error(403, classic::kNotAllowed);
  const std::string &name_space = request.params.at(0), &name = request.params.at(1);
  auto body = go_json::Body::parse(request.body);
  if (!body) return v1_error(400, body.error().text);
  const auto inner = enveloped(*body, "FeatureEnvelope", "Feature", "failed to provide feature");
  if (!inner) return v1_error(400, inner.error().text);
  const auto feature = decode_feature(*inner);
  if (!feature) return v1_error(400, feature.error().text);
  if (feature->name != request.params.at(2)) return v1_error(400, "feature name in URL and JSON do not match");
  const std::string_view bad = classic::v1_version_fault(feature->format, name_space, feature->version);
  if (!bad.empty()) return v1_error(400, bad);
  const auto stored = says_not_affected(feature->version) ? parts.vulnerabilities.remove_fix(name_space, name, feature->name)
                                                          : parts.vulnerabilities.put_fix(name_space, name, to_fix(*feature));
  if (!stored || !*stored) return done(stored);
  std::string out;
  go_json::Object outer(out);
  append_feature(outer.key("Feature"), *feature);
  outer.end();
  return classic::v1_reply(200, std::move(out));
}

Reply delete_fix(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_vulnerabilities_detail;
  if (!may_change(request)) return v1_error(403, classic::kNotAllowed);
  return done(parts.vulnerabilities.remove_fix(request.params.at(0), request.params.at(1), request.params.at(2)));
}

}  // namespace eclair::service::v1
