// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/opened_target.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sbom/sbom.h"
#include "util/byte_source.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::cli {
namespace opened_target_detail {

constexpr std::size_t kSniffedBytes = 4096;

Result<std::string> beginning_of(const ByteSource& in) {
  std::string first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), kSniffedBytes)), '\0');
  ECLAIR_CHECK_OK(read_exact(in, 0, first));
  return first;
}

/// "report.json is a Trivy report, not an SBOM", but "report.json: json: unexpected end".
Error named(Error error, const std::string& name) {
  if (error.text.starts_with("is ")) error.text.insert(0, text::clean(name, 300) + " ");
  else error = std::move(error).within(text::clean(name, 300));
  return error;
}

/// What each layer brought, as far as the list says.
std::vector<LayerDelta> deltas_of(const index::IndexedImage& list) {
  std::vector<LayerDelta> out;
  for (const LayerInfo& layer : list.image.history) out.push_back({layer.index, {}, {}});
  for (const Occurrence& one : list.inventory.packages) {
    if (one.layer > 0 && one.layer <= out.size()) out[one.layer - 1].added.push_back(one.package);
  }
  for (LayerDelta& delta : out) std::sort(delta.added.begin(), delta.added.end());
  return out;
}

Result<OpenedTarget> list(Result<sbom::Bom> bom, const std::string& name, const std::string& place, const image::OpenOptions& options) {
  if (!bom) return fail(named(std::move(bom).error(), name));
  OpenedTarget out;
  out.list = index::IndexedImage{std::move(bom->image), std::move(bom->inventory)};
  if (out.list->image.name.empty()) out.list->image.name = place;
  if (!options.name.empty()) out.list->image.name = options.name;
  out.list->inventory.deltas = deltas_of(*out.list);
  return out;
}

Result<std::unique_ptr<FileSource>> file(const std::string& path) {
  auto opened = FileSource::open(path);
  if (!opened) return fail(std::move(opened).error().within(text::clean(path, 300)));
  return opened;
}

}  // namespace opened_target_detail

using namespace opened_target_detail;

Result<OpenedTarget> open_target(const std::string& target, const image::OpenOptions& options) {
  const std::string_view view(target);
  const auto after = [&](std::string_view scheme) { return std::string(view.substr(scheme.size())); };
  if (view.starts_with("pkg:")) return list(sbom::read_purl(view, options.limits), target, target, options);
  for (const std::string_view scheme : {"sbom://", "sbom:", "purl:"}) {
    if (!view.starts_with(scheme)) continue;
    const std::string path = after(scheme);
    if (path.empty()) return fail(Errc::invalid_input, text::quoted(target) + ": nothing after " + text::quoted(scheme));
    std::shared_ptr<const ByteSource> bytes;
    if (path == "-") {
      ECLAIR_TRY(bytes, image::standard_input(options));
    } else {
      ECLAIR_TRY(bytes, file(path));
    }
    return list((scheme == "purl:" ? sbom::read_purls : sbom::read)(*bytes, options.limits), path == "-" ? "standard input" : path, path, options);
  }
  OpenedTarget out;
  if (target == "-") {
    auto bytes = image::standard_input(options);
    if (!bytes) return fail(std::move(bytes).error().within("standard input"));
    ECLAIR_TRY(const std::string first, beginning_of(**bytes));
    if (sbom::may_be_sbom(first)) return list(sbom::read(**bytes, options.limits), "standard input", "stdin", options);
    auto opened = image::open_bytes(*std::move(bytes), "stdin", options);
    if (!opened) return fail(std::move(opened).error().within("standard input"));
    out.image = *std::move(opened);
    return out;
  }
  if (const auto path = image::named_file(target)) {
    ECLAIR_TRY(const auto bytes, file(*path));
    ECLAIR_TRY(const std::string first, beginning_of(*bytes));
    if (sbom::may_be_sbom(first)) return list(sbom::read(*bytes, options.limits), target, target, options);
  }
  ECLAIR_TRY(out.image, image::open(target, options));
  return out;
}

}  // namespace eclair::cli
