// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/cyclonedx_component.h"
#include "sbom/forms.h"
#include "util/xml.h"

namespace eclair::sbom {
namespace cyclonedx_xml_detail {

Result<> read_properties(xml::Reader& reader, CycloneComponent& out) {
  const auto level = reader.depth();
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) return {};
    if (reader.name() != "property") continue;
    std::string name(reader.attribute("name"));
    ECLAIR_TRY(std::string value, reader.text());
    out.properties.emplace_back(std::move(name), std::move(value));
  }
}

/// The texts of <path>/<name> within the current element.
Result<> read_named(xml::Reader& reader, std::string_view element, std::string_view within, std::vector<std::string>& out) {
  const auto level = reader.depth();
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) return {};
    if (within.empty() && reader.name() == element) {
      ECLAIR_TRY(std::string value, reader.text());
      out.push_back(std::move(value));
    } else if (!within.empty() && reader.name() == within) {
      const auto inner = reader.depth();
      while (true) {
        ECLAIR_TRY(const bool another, reader.child(inner));
        if (!another) break;
        if (reader.name() == "occurrence") ECLAIR_CHECK_OK(read_named(reader, element, {}, out));
      }
    }
  }
}

Result<> read_components(xml::Reader& reader, Builder& into);

/// Those within it are told after it: what it is, is known only at its end.
Result<> read_component(xml::Reader& reader, bool is_subject, Builder& into) {
  CycloneComponent out;
  out.type = reader.attribute("type");
  const auto level = reader.depth();
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) break;
    std::string* text = reader.name() == "group"         ? &out.group
                        : reader.name() == "name"        ? &out.name
                        : reader.name() == "version"     ? &out.version
                        : reader.name() == "purl"        ? &out.purl
                        : reader.name() == "description" ? &out.description
                        : reader.name() == "publisher"   ? &out.publisher
                                                         : nullptr;
    if (text != nullptr) {
      ECLAIR_TRY(*text, reader.text());
    } else if (reader.name() == "properties") {
      ECLAIR_CHECK_OK(read_properties(reader, out));
    } else if (reader.name() == "supplier") {
      std::vector<std::string> names;
      ECLAIR_CHECK_OK(read_named(reader, "name", {}, names));
      if (out.publisher.empty() && !names.empty()) out.publisher = names[0];
    } else if (reader.name() == "evidence") {
      ECLAIR_CHECK_OK(read_named(reader, "location", "occurrences", out.paths));
    } else if (reader.name() == "components") {
      ECLAIR_CHECK_OK(read_components(reader, into));
    }
  }
  if (!is_subject) return add_component(std::move(out), into);
  add_subject(out, into);
  return {};
}

Result<> read_components(xml::Reader& reader, Builder& into) {
  const auto level = reader.depth();
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) return {};
    if (reader.name() == "component") ECLAIR_CHECK_OK(read_component(reader, false, into));
  }
}

}  // namespace cyclonedx_xml_detail

Result<> read_cyclonedx_xml(const ByteSource& in, const Limits& limits, Builder& into) {
  using namespace cyclonedx_xml_detail;
  xml::Reader reader(in, limits);
  ECLAIR_TRY(const bool any, reader.child(0));
  const std::string space = any ? std::string(reader.attribute("xmlns")) : std::string();
  if (!any || reader.name() != "bom") return fail(Errc::unsupported, "is XML, but not an SBOM");
  const std::size_t slash = space.rfind('/');
  into.form("CycloneDX" + (slash == std::string::npos || slash + 1 == space.size() ? std::string() : " " + space.substr(slash + 1)));
  const auto level = reader.depth();
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) break;
    if (reader.name() == "components") ECLAIR_CHECK_OK(read_components(reader, into));
    if (reader.name() != "metadata") continue;
    const auto inner = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool another, reader.child(inner));
      if (!another) break;
      if (reader.name() == "component") ECLAIR_CHECK_OK(read_component(reader, true, into));
    }
  }
  ECLAIR_TRY(const bool again, reader.child(0));  // to the end: what follows must be well-formed too
  (void)again;
  return {};
}

}  // namespace eclair::sbom
