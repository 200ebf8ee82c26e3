// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/redhat_products.h"

#include <algorithm>
#include <array>

#include "util/text.h"

namespace eclair::feeds {
namespace redhat_products_detail {

constexpr int kMaxSteps = 8;  // of components within components; five were seen
// Of Enterprise Linux itself, rather than of something that is installed on it.
constexpr std::string_view kStreams[] = {"rhel_eus", "rhel_aus", "rhel_tus", "rhel_e4s", "rhel_els", "rhel_eus_long_life", "rhel_mission_critical"};
constexpr std::array<std::string_view, 5> kReleases = {"6", "7", "8", "9", "10"};

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

std::string percent_decoded(std::string_view s) {
  const auto digit = [](char c) -> int {
    if (text::is_digit(c)) return c - '0';
    const char l = text::lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && digit(s[i + 1]) >= 0 && digit(s[i + 2]) >= 0) {
      out += static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2]));
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

/// "postgresql:12" of "postgresql:12:8100020240814102525:489197e6"; "" when it is not a stream of a module.
std::string module_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) return {};
  const std::size_t end = std::min(text.size(), text.find(':', colon + 1));
  return end == colon + 1 ? std::string() : std::string(text.substr(0, end));
}

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 512 && std::all_of(s.begin(), s.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '+' || c == '~' || c == '^';
  });
}

/// A build of a whole module, which Red Hat's newer generator lists as if it were a package: its release is a number made of release and
/// time, and a context ("8100020240826142629.d47b87a4").
bool is_module_build(std::string_view version) {
  const auto [number, context] = text::cut(version.substr(version.rfind('-') + 1), '.');
  return number.size() >= 18 && std::all_of(number.begin(), number.end(), text::is_digit) && context.size() == 8;
}

/// The leading digits, at most three.
std::string_view number(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && n < 3 && text::is_digit(s[n])) ++n;
  return s.substr(0, n);
}

std::string_view known_release(std::string_view release) {
  const auto* const at = std::find(kReleases.begin(), kReleases.end(), release);
  if (at != kReleases.end()) return *at;
  return release;
}

/// "8" of "3.11.7-1.el8_4.5" and of "2.4.37-65.module+el8.10.0+21982".
std::string_view release_of_build(std::string_view version) {
  for (std::size_t at = version.find("el"); at != std::string_view::npos; at = version.find("el", at + 1)) {
    if (at == 0 || (version[at - 1] != '.' && version[at - 1] != '+')) continue;
    if (const std::string_view release = number(version.substr(at + 2)); !release.empty()) return release;
  }
  return {};
}

bool is_enterprise_linux(std::string_view product) {
  return product == "enterprise_linux" || product == "enterprise_linux_eus" || starts_with(product, "rhel_extras") ||
         std::find(std::begin(kStreams), std::end(kStreams), product) != std::end(kStreams);
}

}  // namespace redhat_products_detail

RedhatComponent redhat_component(std::string_view purl) {
  using namespace redhat_products_detail;
  RedhatComponent out;
  std::string_view rest = purl.substr(0, purl.find('#'));
  const bool module = starts_with(rest, "pkg:rpmmod/redhat/");
  if (!module && !starts_with(rest, "pkg:rpm/redhat/")) return out;
  rest.remove_prefix(rest.find('/', rest.find('/') + 1) + 1);
  const auto [path, qualifiers] = text::cut(rest, '?');
  const auto [name, version] = text::cut(path, '@');
  out.name = percent_decoded(name);
  out.version = percent_decoded(version);
  out.kind = module ? RedhatComponent::Kind::module : RedhatComponent::Kind::package;
  if (module) {
    out.module = module_of(out.version.empty() ? out.name : out.name + ":" + out.version);
    if (out.module.empty()) out.fault = "no stream of a module";
    return out;
  }
  if (!is_name(out.name)) out.fault = "not the name of a package";
  std::uint64_t epoch = 0;
  for (const std::string_view qualifier : text::split(qualifiers, '&')) {
    const auto [key, encoded] = text::cut(qualifier, '=');
    const std::string value = percent_decoded(encoded);
    if (key == "arch") out.arch = value == "nosrc" ? "src" : value;
    if (key == "epoch" && !value.empty()) {
      const auto parsed = text::parse_number(value);
      if (!parsed) out.fault = "an epoch that is not a number";
      epoch = parsed.value_or(0);
    }
    if (key == "rpmmod") {
      out.module = module_of(value);
      if (out.module.empty()) out.fault = "rpmmod names no stream of a module";
    }
  }
  if (!out.arch.empty() && !is_name(out.arch)) out.fault = "not the name of an architecture";
  if (is_module_build(out.version)) out.kind = RedhatComponent::Kind::module;
  // The epoch is a qualifier; in the version it stands too, in documents of 2024.
  if (epoch != 0 && !out.version.empty() && out.version.find(':') == std::string::npos) out.version.insert(0, std::to_string(epoch) + ":");
  if (starts_with(out.version, "0:")) out.version.erase(0, 2);
  return out;
}

std::vector<std::string_view> redhat_releases(std::string_view cpe, std::string_view version) {
  using namespace redhat_products_detail;
  const std::vector<std::string_view> parts = text::split(cpe, ':');
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string_view{}; };
  if (part(0) != "cpe" || part(2) != "redhat") return {};
  std::string_view release;
  if (is_enterprise_linux(part(3))) release = number(part(4));
  if (release.empty() && starts_with(part(6), "el")) release = number(part(6).substr(2));
  if (release.empty()) release = release_of_build(version);
  if (!release.empty()) return {known_release(release)};
  return {kReleases.begin(), kReleases.end()};
}

RedhatProducts::RedhatProducts(json::Value tree, std::uint32_t depth) {
  read_branches(tree["branches"], depth);
  tree["full_product_names"].each([&](json::Value product) {
    add(product, false);
    return true;
  });
  tree["relationships"].each([&](json::Value one) {
    const json::Value whole = one["full_product_name"];
    const std::string_view id = whole["product_id"].string();
    if (!id.empty()) relations_.try_emplace(id, Relation{one["product_reference"].string(), one["relates_to_product_reference"].string()});
    return true;
  });
}

void RedhatProducts::add(json::Value product, bool replace) {
  const std::string_view id = product["product_id"].string();
  if (id.empty()) return;
  const json::Value helper = product["product_identification_helper"];
  const Product made{helper["cpe"].string(), helper["purl"].string(), product["name"].string()};
  if (replace) {
    products_.insert_or_assign(id, made);
  } else {
    products_.try_emplace(id, made);
  }
}

void RedhatProducts::read_branches(json::Value branches, std::uint32_t depth) {
  if (depth == 0) return;
  branches.each([&](json::Value branch) {
    if (const json::Value product = branch["product"]; product.is_object()) add(product, true);
    read_branches(branch["branches"], depth - 1);
    return true;
  });
}

RedhatComponent RedhatProducts::component(std::string_view id, std::string_view cpe) const {
  using namespace redhat_products_detail;
  const auto found = products_.find(id);
  if (found == products_.end()) {
    RedhatComponent out;
    out.fault = "a component that is not in the product tree";
    return out;
  }
  if (!found->second.purl.empty()) {
    RedhatComponent out = redhat_component(found->second.purl);
    // "redis-0:6.2.17-1.module+el8.x86_64::redis:6"
    const std::size_t suffix = id.find("::");
    if (out.kind == RedhatComponent::Kind::package && out.module.empty() && suffix != std::string_view::npos) {
      out.module = module_of(id.substr(suffix + 2));
    }
    return out;
  }
  // Documents that were not made anew since 2023 have names alone. Of Enterprise Linux they are source packages, "module:stream/name" or
  // plain; what other products call a component may be anything.
  RedhatComponent out;
  const std::vector<std::string_view> parts = text::split(cpe, ':');
  if (parts.size() < 4 || !is_enterprise_linux(parts[3])) return out;
  const std::size_t slash = id.find('/');
  const std::string_view name = slash == std::string_view::npos ? id : id.substr(slash + 1);
  if (slash != std::string_view::npos) out.module = module_of(id.substr(0, slash));
  if (slash == std::string_view::npos && id.find(':') != std::string_view::npos) out.fault = "a build without a package URL";
  if (!is_name(name) || (slash != std::string_view::npos && out.module.empty())) return out;
  out.kind = RedhatComponent::Kind::package;
  out.name = name;
  return out;
}

std::optional<RedhatProducts::Target> RedhatProducts::find(std::string_view id) const {
  using namespace redhat_products_detail;
  auto relation = relations_.find(id);
  if (relation == relations_.end()) {
    if (products_.find(id) == products_.end()) return std::nullopt;
    return Target{};  // a product as a whole, or a component of none: nothing that is installed as a package
  }
  // Out of a component, through the modules that hold it, to the product that has a CPE.
  const std::string_view innermost = relation->second.component;
  std::string module;
  std::string_view cpe;
  for (int step = 0;; ++step) {
    if (step == kMaxSteps) return std::nullopt;
    const std::string_view outer = relation->second.product;
    if (const auto product = products_.find(outer); product != products_.end() && !product->second.cpe.empty()) {
      cpe = product->second.cpe;
      break;
    }
    relation = relations_.find(outer);
    if (relation == relations_.end()) return std::nullopt;
    if (const auto holder = products_.find(relation->second.component); holder != products_.end() && module.empty()) {
      module = redhat_component(holder->second.purl).module;
    }
  }
  Target out{cpe, component(innermost, cpe)};
  if (out.component.module.empty() && out.component.kind == RedhatComponent::Kind::package) out.component.module = std::move(module);
  return out;
}

}  // namespace eclair::feeds
