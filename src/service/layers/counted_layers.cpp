// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/counted_layers.h"

#include <array>
#include <utility>

namespace eclair::service {
namespace counted_layers_detail {

std::string_view name(PostProblem problem) {
  switch (problem) {
    case PostProblem::unknown_parent: return "unknown_parent";
    case PostProblem::unreachable: return "unreachable";
    case PostProblem::unsupported_format: return "unsupported_format";
    case PostProblem::broken_archive: return "broken_archive";
    case PostProblem::too_large: return "too_large";
    case PostProblem::no_distribution: return "no_distribution";
    case PostProblem::refused: return "refused";
    case PostProblem::unavailable: return "unavailable";
    case PostProblem::cancelled: return "cancelled";
    case PostProblem::internal: break;
  }
  return "internal";
}

constexpr std::size_t kSeverities = static_cast<std::size_t>(Severity::critical) + 1;

class Counted final : public Layers {
 public:
  Counted(std::unique_ptr<Layers> layers, Metrics& metrics) : layers_(std::move(layers)), metrics_(metrics) {
    metrics.counter("eclair_layer_posts_total", "Layers that clients posted, by what came of it.");
    metrics.counter("eclair_reports_total", "Reports of layers with their vulnerabilities.");
    metrics.counter("eclair_report_findings_total", "Vulnerabilities that those reports told, by severity.");
    metrics.add("eclair_reports_total", {}, 0);
  }

  std::optional<PostFailure> post(const LayerPost& layer, const Cancel& stop) override {
    auto failure = layers_->post(layer, stop);
    metrics_.add("eclair_layer_posts_total", {{"outcome", failure ? name(failure->problem) : "stored"}});
    return failure;
  }

  Result<std::optional<LayerView>> find(std::string_view layer, Detail detail) override {
    auto found = layers_->find(layer, detail);
    if (detail == Detail::vulnerabilities && found && *found) count((*found)->features);
    return found;
  }

  Result<std::optional<LayerChange>> change(std::string_view layer, Detail detail) override { return layers_->change(layer, detail); }
  Result<std::optional<int>> generation(std::string_view layer) override { return layers_->generation(layer); }
  Result<bool> remove(std::string_view layer) override { return layers_->remove(layer); }
  Result<std::vector<Introduced>> introducing(std::string_view name_space, std::string_view vulnerability, std::int64_t after, std::size_t limit) override {
    return layers_->introducing(name_space, vulnerability, after, limit);
  }
  Result<std::vector<std::string>> namespaces() override { return layers_->namespaces(); }

 private:
  void count(const std::vector<Feature>& features) {
    std::array<std::size_t, kSeverities> told{};
    for (const Feature& feature : features) {
      if (feature.findings == nullptr) continue;
      for (const FeatureVulnerability& one : feature.findings->vulnerabilities) ++told[static_cast<std::size_t>(one.severity)];
    }
    metrics_.add("eclair_reports_total");
    for (std::size_t i = 0; i < told.size(); ++i) {
      if (told[i] > 0) metrics_.add("eclair_report_findings_total", {{"severity", eclair::name(static_cast<Severity>(i))}}, static_cast<double>(told[i]));
    }
  }

  std::unique_ptr<Layers> layers_;
  Metrics& metrics_;
};

}  // namespace counted_layers_detail

std::unique_ptr<Layers> count_layers_of(std::unique_ptr<Layers> layers, Metrics& metrics) {
  return std::make_unique<counted_layers_detail::Counted>(std::move(layers), metrics);
}

}  // namespace eclair::service
