// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/base_layers.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "report/base_image.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace base_layers_detail {

constexpr std::size_t kMostNameBytes = 1024;

/// An image without all its diff ids, or without a name of its own, tells nothing about others.
void learn(const Invocation& call, store::LayerStore& known, const Image& image) {
  const std::vector<Digest> chains = chain_ids(image);
  const auto layers = std::count_if(image.history.begin(), image.history.end(), [](const LayerInfo& layer) { return !layer.empty; });
  if (image.kind != "image" || chains.empty() || chains.size() != static_cast<std::size_t>(layers)) return;
  if (image.name.empty() || image.name == "stdin" || image.name.size() > kMostNameBytes) return;
  const store::KnownImage one{chains.back(), image.name, image.digest.text, static_cast<std::uint32_t>(chains.size()), 0, now()};
  if (auto done = known.learn_image(one); !done) call.console.detail("this image is not remembered: " + done.error().text);
}

std::string known_words(const report::BaseImage& base) {
  if (base.known_by == "option") return "--base says so";
  return base.known_by == "label" ? "its labels say so, and the layers of that image are known" : "an image seen here before has these layers";
}

}  // namespace base_layers_detail

Result<std::optional<Image>> given_base(const Invocation& call, const image::OpenOptions& options) {
  const std::string target = call.settings.text("base");
  if (target.empty()) return std::nullopt;
  image::OpenOptions how = options;
  how.name.clear();
  auto source = image::open(target, how);
  if (!source) return fail(std::move(source).error().within("--base"));
  return std::optional<Image>((*source)->image());
}

void warn_of_unknown_base(const Invocation& call, const report::Report& report) {
  const report::LayerChoice::Kind asked = view_of(call).layer.kind;
  if (report.base || (asked != report::LayerChoice::Kind::base && asked != report::LayerChoice::Kind::own)) return;
  call.console.warning("no base image is known of " + text::clean(report.image.name, 200) + ": all its layers count as its own", "--base IMAGE names it; or scan it once");
}

Result<> find_base(const Invocation& call, store::LayerStore* known, const std::optional<Image>& given, report::Report& report) {
  Image& image = report.image;
  if (given) {
    ECLAIR_TRY(report.base, report::base_by_layers(image, *given));
    if (known != nullptr) base_layers_detail::learn(call, *known, *given);
  } else if (known != nullptr) {
    const std::vector<Digest> chains = chain_ids(image);
    if (auto there = known->known_images(chains)) report.base = report::base_by_known(image, *there);
  }
  const std::string name = text::clean(image.name, 200);
  if (report.base) {
    call.console.detail(name + ": layers 1 to " + std::to_string(report.base->layers) + " are those of " + text::clean(report.base->name, 200) + ": " +
                        base_layers_detail::known_words(*report.base));
  } else {
    if (!image.base_name.empty()) {
      image.notes.push_back("its labels name the base image " + text::clean(image.base_name, 200) + "; to tell its layers apart, scan that one once, or name it with --base");
    }
    warn_of_unknown_base(call, report);
  }
  if (known != nullptr) base_layers_detail::learn(call, *known, image);
  return {};
}

}  // namespace eclair::cli
