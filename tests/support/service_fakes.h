// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/layers/layers.h"
#include "service/notify/notifications.h"
#include "report/classic/v1_vulnerabilities.h"
#include "service/classic/vulnerabilities.h"

namespace eclair::test {

/// Layers as a test put them in. A post makes an empty layer, unless `failure` says why not.
class FakeLayers final : public service::Layers {
 public:
  std::map<std::string, service::LayerView, std::less<>> all;
  std::map<std::string, service::LayerChange, std::less<>> changes;
  std::map<std::pair<std::string, std::string>, std::vector<Introduced>> introduced;  ///< (namespace, vulnerability)
  std::vector<std::string> spaces;
  std::vector<service::LayerPost> posts;  ///< those that got here
  std::optional<service::PostFailure> failure;
  std::optional<Error> broken;  ///< every call fails so

  std::optional<service::PostFailure> post(const service::LayerPost& layer, const Cancel&) override {
    posts.push_back(layer);
    if (all.count(layer.name) != 0) return std::nullopt;
    if (failure) return failure;
    service::LayerView view;
    view.name = layer.name;
    view.parent = layer.parent;
    view.api = layer.api;
    all[layer.name] = view;
    return std::nullopt;
  }
  Result<std::optional<service::LayerView>> find(std::string_view name, service::Detail detail) override {
    if (broken) return fail(*broken);
    const auto at = all.find(name);
    if (at == all.end()) return std::nullopt;
    service::LayerView view = at->second;
    if (detail == service::Detail::none) view.features.clear();
    if (detail != service::Detail::vulnerabilities) {
      for (service::Feature& feature : view.features) feature.findings = nullptr;
    }
    return view;
  }
  Result<std::optional<service::LayerChange>> change(std::string_view name, service::Detail) override {
    if (broken) return fail(*broken);
    const auto at = changes.find(name);
    if (at != changes.end()) return at->second;
    if (all.count(name) != 0) return service::LayerChange{};
    return std::nullopt;
  }
  Result<std::optional<int>> generation(std::string_view name) override {
    if (broken) return fail(*broken);
    const auto at = all.find(name);
    if (at == all.end()) return std::nullopt;
    return at->second.api;
  }
  Result<bool> remove(std::string_view name) override {
    if (broken) return fail(*broken);
    const auto at = all.find(name);
    if (at == all.end()) return false;
    all.erase(at);
    return true;
  }
  Result<std::vector<Introduced>> introducing(std::string_view name_space, std::string_view vulnerability, std::int64_t after,
                                              std::size_t limit) override {
    if (broken) return fail(*broken);
    std::vector<Introduced> out;
    for (const Introduced& one : introduced[{std::string(name_space), std::string(vulnerability)}]) {
      if (one.index > after && out.size() < limit) out.push_back(one);
    }
    return out;
  }
  Result<std::vector<std::string>> namespaces() override {
    if (broken) return fail(*broken);
    return spaces;
  }
};

/// Vulnerabilities in a map.
class FakeVulnerabilities final : public service::Vulnerabilities {
 public:
  std::map<std::string, std::map<std::string, service::Vulnerability, std::less<>>, std::less<>> all;
  std::optional<Error> broken;

  Result<std::vector<std::string>> namespaces() override {
    if (broken) return fail(*broken);
    std::vector<std::string> out;
    for (const auto& [name, vulnerabilities] : all) out.push_back(name);
    return out;
  }
  Result<std::optional<std::vector<service::Vulnerability>>> list(std::string_view name_space, std::string_view after,
                                                                  std::size_t limit) override {
    if (broken) return fail(*broken);
    const auto space = all.find(name_space);
    if (space == all.end()) return std::nullopt;
    std::vector<service::Vulnerability> out;
    for (auto at = space->second.upper_bound(after); at != space->second.end() && out.size() < limit; ++at) {
      out.push_back(at->second);
      out.back().fixes.clear();
    }
    return out;
  }
  Result<std::optional<service::Vulnerability>> get(std::string_view name_space, std::string_view name) override {
    if (broken) return fail(*broken);
    const service::Vulnerability* found = find(name_space, name);
    if (found == nullptr) return std::nullopt;
    return *found;
  }
  Result<std::vector<service::Vulnerability>> everywhere(std::string_view name) override {
    if (broken) return fail(*broken);
    std::vector<service::Vulnerability> out;
    for (const auto& [space, vulnerabilities] : all) {
      const auto at = vulnerabilities.find(name);
      if (at != vulnerabilities.end()) out.push_back(at->second);
    }
    return out;
  }
  Result<> put(const service::Vulnerability& value) override {
    if (broken) return fail(*broken);
    service::Vulnerability& stored = all[value.name_space][value.name];
    std::vector<service::Fix> fixes = stored.fixes;
    stored = value;
    stored.fixes = std::move(fixes);
    for (const service::Fix& fix : value.fixes) set(stored, fix);
    return {};
  }
  Result<bool> put_fix(std::string_view name_space, std::string_view name, const service::Fix& fix) override {
    if (broken) return fail(*broken);
    service::Vulnerability* found = find(name_space, name);
    if (found != nullptr) set(*found, fix);
    return found != nullptr;
  }
  Result<bool> remove_fix(std::string_view name_space, std::string_view name, std::string_view feature) override {
    if (broken) return fail(*broken);
    service::Vulnerability* found = find(name_space, name);
    if (found != nullptr) std::erase_if(found->fixes, [&](const service::Fix& fix) { return fix.feature == feature; });
    return found != nullptr;
  }
  Result<bool> remove(std::string_view name_space, std::string_view name) override {
    if (broken) return fail(*broken);
    const auto space = all.find(name_space);
    return space != all.end() && space->second.erase(std::string(name)) > 0;
  }

 private:
  service::Vulnerability* find(std::string_view name_space, std::string_view name) {
    const auto space = all.find(name_space);
    if (space == all.end()) return nullptr;
    const auto at = space->second.find(name);
    return at == space->second.end() ? nullptr : &at->second;
  }
  static void set(service::Vulnerability& to, const service::Fix& fix) {
    std::erase_if(to.fixes, [&](const service::Fix& each) { return each.feature == fix.feature; });
    to.fixes.push_back(fix);
    std::sort(to.fixes.begin(), to.fixes.end(), [](const service::Fix& a, const service::Fix& b) { return a.feature < b.feature; });
  }
};

/// Notifications as a test put them in, with the layers of each side.
class FakeNotifications final : public service::Notifications {
 public:
  std::map<std::string, service::Notification, std::less<>> all;
  std::vector<service::Layers::Introduced> before, after;
  std::optional<Error> broken;

  Result<std::optional<service::Notification>> get(std::string_view name) override {
    if (broken) return fail(*broken);
    const auto at = all.find(name);
    if (at == all.end()) return std::nullopt;
    return at->second;
  }
  Result<std::vector<service::Layers::Introduced>> layers(const service::Notification&, Side side, std::int64_t from,
                                                          std::size_t limit) override {
    if (broken) return fail(*broken);
    std::vector<service::Layers::Introduced> out;
    for (const service::Layers::Introduced& one : side == Side::before ? before : after) {
      if (one.index > from && out.size() < limit) out.push_back(one);
    }
    return out;
  }
  Result<bool> mark_read(std::string_view name, UnixTime at) override {
    if (broken) return fail(*broken);
    const auto found = all.find(name);
    if (found == all.end()) return false;
    if (found->second.read == 0) found->second.read = at;
    return true;
  }
};

inline service::Feature feature(std::string name, std::string name_space, std::string format, std::string version, std::string added_by,
                                std::vector<service::FeatureVulnerability> vulnerabilities = {}) {
  service::Feature out{std::move(name), std::move(name_space), std::move(format), std::move(version), std::move(added_by), nullptr};
  auto findings = std::make_shared<service::FeatureFindings>();
  findings->v1 = report::encode_v1_vulnerabilities(vulnerabilities);
  findings->vulnerabilities = std::move(vulnerabilities);
  out.findings = std::move(findings);
  return out;
}

inline service::FeatureVulnerability vulnerability(std::string name, std::string name_space, Severity severity, std::string fixed_by = "") {
  service::FeatureVulnerability out;
  out.name = std::move(name);
  out.name_space = std::move(name_space);
  out.description = "d";
  out.link = "l";
  out.severity = severity;
  out.fixed_by = std::move(fixed_by);
  return out;
}

}  // namespace eclair::test
