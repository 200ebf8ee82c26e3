// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// One "Tag: value" a line; a value that begins with <text> goes on to </text>, over lines. A package begins at its PackageName, and
// ends where the next one, a file or a snippet begins.
#include <optional>
#include <set>

#include "sbom/forms.h"
#include "sbom/spdx_package.h"
#include "util/text.h"

namespace eclair::sbom {
namespace spdx_tag_value_detail {

constexpr std::string_view kOpen = "<text>", kClose = "</text>";

struct Tag {
  std::string name, value;
};

class Tags {
 public:
  Tags(const ByteSource& in, const Limits& limits) : lines_(in, limits.field_bytes), limits_(limits) {}

  /// errors: limit (a text longer than field_bytes).
  Result<std::optional<Tag>> next() {
    std::string_view line;
    while (true) {
      ECLAIR_TRY(const bool more, lines_.next(line));
      if (!more) return std::optional<Tag>{};
      const std::string_view trimmed = text::trim(line);
      const std::size_t colon = trimmed.find(':');
      if (trimmed.empty() || trimmed[0] == '#' || colon == std::string_view::npos) continue;
      Tag out{std::string(trimmed.substr(0, colon)), std::string(text::trim(trimmed.substr(colon + 1)))};
      if (out.value.starts_with(kOpen)) {
        out.value.erase(0, kOpen.size());
        ECLAIR_CHECK_OK(rest_of_text(out.value));
      }
      return std::optional<Tag>(std::move(out));
    }
  }

 private:
  Result<> rest_of_text(std::string& value) {
    std::size_t close = 0;
    while ((close = value.find(kClose)) == std::string::npos) {
      std::string_view line;
      ECLAIR_TRY(const bool more, lines_.next(line));
      if (!more) return {};
      if (value.size() + line.size() > limits_.field_bytes) {
        return fail(Errc::limit, "line " + std::to_string(lines_.line_number()) + ": a text longer than the limit field_bytes of " + std::to_string(limits_.field_bytes));
      }
      value += '\n';
      value += line;
    }
    value.resize(close);
    return {};
  }

  LineReader lines_;
  const Limits& limits_;
};

}  // namespace spdx_tag_value_detail

Result<> read_spdx_tag_value(const ByteSource& in, const Limits& limits, Builder& into) {
  using namespace spdx_tag_value_detail;
  // What the document describes may be told at its end.
  std::set<std::string, std::less<>> roots;
  for (Tags tags(in, limits);;) {
    ECLAIR_TRY(const auto tag, tags.next());
    if (!tag) break;
    if (tag->name != "Relationship") continue;
    const auto words = text::words(tag->value);
    if (words.size() == 3 && words[0] == "SPDXRef-DOCUMENT" && words[1].starts_with("DESCRIBE") && roots.size() < limits.packages) roots.emplace(words[2]);
  }
  std::optional<SpdxPackage> open;
  const auto close = [&]() -> Result<> {
    if (!open) return {};
    SpdxPackage done = std::move(*open);
    open.reset();
    const bool is_root = roots.count(done.id) > 0;
    return add_package(std::move(done), is_root, into);
  };
  for (Tags tags(in, limits);;) {
    ECLAIR_TRY(const auto tag, tags.next());
    if (!tag) break;
    const std::string& name = tag->name;
    if (name == "SPDXVersion") into.form("SPDX " + (tag->value.starts_with("SPDX-") ? tag->value.substr(5) : tag->value));
    if (name == "DocumentName") into.subject(tag->value, {});
    if (name == "PackageName" || name == "FileName" || name == "SnippetSPDXID") ECLAIR_CHECK_OK(close());
    if (name == "PackageName") {
      open.emplace();
      open->name = tag->value;
    }
    if (!open) continue;
    if (name == "SPDXID") open->id = tag->value;
    if (name == "PackageVersion") open->version = asserted(tag->value);
    if (name == "PrimaryPackagePurpose") open->purpose = tag->value;
    if (name == "PackageSourceInfo") open->source_info = tag->value;
    if (name == "PackageSupplier" || (name == "PackageOriginator" && open->supplier.empty())) open->supplier = asserted(tag->value);
    if (name == "PackageSummary") open->summary = asserted(tag->value);
    if (name == "PackageAttributionText" && open->lines.size() < 1000) open->lines.push_back(tag->value);
    if (name == "ExternalRef" && open->purl.empty()) {
      const auto words = text::words(tag->value);
      if (words.size() > 2 && words[1] == "purl") open->purl = words[2];
    }
  }
  return close();
}

}  // namespace eclair::sbom
