// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "net/base64.h"
#include "sbom/builder.h"
#include "sbom/forms.h"
#include "sbom/sbom.h"
#include "util/text.h"

namespace eclair::sbom {
namespace read_detail {

constexpr std::size_t kSniffedBytes = 4096;
constexpr unsigned kMaxWrappings = 4;  // a bundle, an envelope, a statement, the document

std::string_view without_bom(std::string_view s) {
  if (s.starts_with("\xef\xbb\xbf")) s.remove_prefix(3);
  while (!s.empty() && text::is_space(s[0])) s.remove_prefix(1);
  return s;
}

tl::unexpected<Error> other_document(json::Value root) {
  const auto refuse = [](std::string text, std::string hint) { return fail(Error{Errc::unsupported, std::move(text), std::move(hint)}); };
  if (root["SchemaVersion"] && (root["ArtifactName"] || root["Results"])) {
    return refuse("is a Trivy report, not an SBOM", "trivy convert --format cyclonedx");
  }
  if (root["matches"].is_array() && root["descriptor"]) return refuse("is a Grype report, not an SBOM", "syft IMAGE -o cyclonedx-json, or scan the image itself");
  if (root["schema_version"] && (root["findings"] || root["targets"])) return refuse("is a report of eclair, not an SBOM", "eclair convert FILE -f cyclonedx");
  if (root["runs"] && root["version"]) return refuse("is a SARIF report, not an SBOM", "");
  if (root["@context"].string().find("openvex") != std::string_view::npos) return refuse("is a VEX document, not an SBOM", "--vex FILE");
  if (root["detected"] && root["manifests"]) return refuse("is a GitHub dependency snapshot, which cannot be read", "");
  return refuse("is JSON, but neither an image nor an SBOM", "understood are CycloneDX, SPDX and Syft's own JSON");
}

Result<> read_json(std::string_view bytes, const Limits& limits, Builder& into, unsigned wrappings);

/// A document in a statement: as JSON, or (cosign's old way) as text.
Result<> read_predicate(json::Value root, const Limits& limits, Builder& into, unsigned wrappings);

Result<> read_value(json::Value root, const Limits& limits, Builder& into, unsigned wrappings) {
  if (root["bomFormat"].string() == "CycloneDX") return read_cyclonedx(root, into);
  if (root["spdxVersion"].is_string()) return read_spdx(root, into);
  if (root["@graph"].is_array()) return read_spdx3(root, into);
  const bool syft = root["artifacts"].is_array() && (root["descriptor"]["name"].string() == "syft" || root["schema"]["url"].string().find("syft") != std::string_view::npos);
  if (syft) return read_syft(root, into);
  if (wrappings >= kMaxWrappings) return fail(Errc::limit, "wrapped more than " + std::to_string(kMaxWrappings) + " times");
  if (root["dsseEnvelope"].is_object()) return read_value(root["dsseEnvelope"], limits, into, wrappings + 1);
  if (root["payload"].is_string() && root["payloadType"].is_string()) {
    const auto payload = net::base64_decode(root["payload"].string());
    if (!payload) return fail(Errc::invalid_input, "the payload of the envelope is not base64");
    return read_json(*payload, limits, into, wrappings + 1);
  }
  if (root["predicateType"].is_string()) return read_predicate(root, limits, into, wrappings + 1);
  return other_document(root);
}

Result<> read_predicate(json::Value root, const Limits& limits, Builder& into, unsigned wrappings) {
  const std::string_view type = root["predicateType"].string();
  const json::Value predicate = root["predicate"], data = predicate["Data"];
  if (type.find("slsa.dev") != std::string_view::npos) {
    return fail(Error{Errc::unsupported, "is a provenance statement, not an SBOM", {}});
  }
  if (data.is_object()) return read_value(data, limits, into, wrappings);
  const std::string_view text = data.is_string() ? data.string() : predicate.string();
  if (text.empty()) return read_value(predicate, limits, into, wrappings);
  const MemorySource source{std::string(text)};
  if (without_bom(text).starts_with("<")) return read_cyclonedx_xml(source, limits, into);
  if (without_bom(text).starts_with("SPDXVersion:")) return read_spdx_tag_value(source, limits, into);
  return read_json(text, limits, into, wrappings);
}

Result<> read_json(std::string_view bytes, const Limits& limits, Builder& into, unsigned wrappings) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  if (!root.is_object()) return fail(Error{Errc::unsupported, "is JSON, but neither an image nor an SBOM", {}});
  return read_value(root, limits, into, wrappings);
}

}  // namespace read_detail

using namespace read_detail;

bool may_be_sbom(std::string_view first) {
  first = without_bom(first);
  if (first.starts_with("{") || first.starts_with("<") || first.starts_with("SPDXVersion:")) return true;
  // Comments may come before the version.
  return first.starts_with("#") && first.find("\nSPDXVersion:") != std::string_view::npos;
}

Result<Bom> read(const ByteSource& in, const Limits& limits) {
  std::string first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), kSniffedBytes)), '\0');
  ECLAIR_CHECK_OK(read_exact(in, 0, first));
  const std::string_view beginning = without_bom(first);
  if (in.size() > limits.sbom_bytes) return fail(Errc::limit, "larger than the limit sbom_bytes of " + std::to_string(limits.sbom_bytes));
  Builder builder(limits);
  if (beginning.starts_with("<")) {
    ECLAIR_CHECK_OK(read_cyclonedx_xml(in, limits, builder));
  } else if (beginning.starts_with("{")) {
    ECLAIR_TRY(const std::string bytes, read_all(in, limits.sbom_bytes));
    ECLAIR_CHECK_OK(read_json(without_bom(bytes), limits, builder, 0));
  } else if (may_be_sbom(first)) {
    ECLAIR_CHECK_OK(read_spdx_tag_value(in, limits, builder));
  } else {
    return fail(Error{Errc::unsupported, "is not an SBOM", "understood are CycloneDX (JSON, XML), SPDX (JSON, tag-value) and Syft's own JSON"});
  }
  return builder.finish();
}

Result<Bom> read_purl(std::string_view url, const Limits& limits) {
  const MemorySource one{std::string(url)};
  return read_purls(one, limits);
}

Result<Bom> read_purls(const ByteSource& in, const Limits& limits) {
  if (in.size() > limits.sbom_bytes) return fail(Errc::limit, "larger than the limit sbom_bytes of " + std::to_string(limits.sbom_bytes));
  Builder builder(limits);
  builder.form("package URLs");
  LineReader lines(in, limits.field_bytes);
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    line = text::trim(line);
    if (line.empty() || line[0] == '#') continue;
    Part part;
    part.purl = line;
    ECLAIR_CHECK_OK(builder.add(std::move(part)));
  }
  return builder.finish();
}

}  // namespace eclair::sbom
