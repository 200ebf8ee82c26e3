// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/builder.h"

#include <algorithm>
#include <tuple>

#include "extract/deb_vendor.h"
#include "extract/rpm_package.h"
#include "match/families.h"
#include "match/match.h"
#include "match/package_url.h"
#include "model/codenames.h"
#include "util/text.h"

namespace eclair::sbom {
namespace builder_detail {

constexpr std::size_t kShownNames = 5;
constexpr std::size_t kFewPackages = 10;  // a list so short may well name no other source package

Digest digest_or_none(std::string_view text) { return Digest::parse(text).value_or(Digest{}); }

/// Files that hold a whole package database: what proves a package, and tells nothing of when it came.
bool is_database(std::string_view path) {
  return path.ends_with("lib/dpkg/status") || path.ends_with("lib/apk/db/installed") || path.find("/rpm/Packages") != std::string_view::npos ||
         path.find("rpm/rpmdb.sqlite") != std::string_view::npos;
}

/// "Name <address>" of SPDX's "Organization: Name (address)".
std::string person(std::string_view text) {
  for (const std::string_view kind : {"Organization:", "Person:", "Tool:"}) {
    if (text.starts_with(kind)) text.remove_prefix(kind.size());
  }
  std::string out(text::trim(text));
  const std::size_t open = out.rfind('(');
  if (open != std::string::npos && out.ends_with(')') && out.find('@', open) != std::string::npos) {
    out[open] = '<';
    out.back() = '>';
  }
  return out;
}

void set_source(const Part& part, PackageVersion& package) {
  if (!part.source_rpm.empty()) {
    const extract::SourceRpm source = extract::split_source_rpm(part.source_rpm);
    package.source_name = source.name;
    package.source_version = source.version;
  }
  if (!part.source_name.empty()) package.source_name = part.source_name;
  if (!part.source_version.empty()) {
    package.source_version = part.source_version;
    if (!part.source_release.empty()) package.source_version += "-" + part.source_release;
    if (!part.source_epoch.empty() && part.source_epoch != "0") package.source_version.insert(0, part.source_epoch + ":");
  }
  if (package.source_name == package.name) package.source_name.clear();
  if (package.source_version == package.version) package.source_version.clear();
}

void set_vendor(const Part& part, PackageVersion& package) {
  if (!part.vendor.empty()) package.vendor = part.vendor;
  if (!package.vendor.empty() || part.builder.empty()) return;
  const std::string builder = person(part.builder);
  if (package.type == "deb") package.vendor = extract::deb_vendor(builder, package.version);
  if (package.type == "rpm") package.vendor = extract::rpm_vendor_id(builder, package.version.substr(package.version.rfind('-') + 1));
}

/// A component that is no package of its own: an image, a file, a build.
bool is_no_package(std::string_view type) { return type == "oci" || type == "docker"; }

}  // namespace builder_detail

using namespace builder_detail;

void Builder::subject(std::string_view name, std::string_view digest) {
  if (!name.empty()) bom_.image.name = name;
  const std::size_t at = digest.find("sha256:");
  if (at == std::string_view::npos) return;
  const Digest found = digest_or_none(digest.substr(at));
  if (!found.empty()) bom_.image.digest = found;
}

void Builder::config_digest(std::string_view digest) { bom_.image.config_digest = digest_or_none(digest); }

void Builder::subject_property(std::string_view name, std::string_view value) {
  if (name == "aquasecurity:trivy:DiffID" || name == "eclair:image:diff_id") layer({}, value);
  if (name == "aquasecurity:trivy:ImageID" || name == "eclair:image:config_digest") config_digest(value);
  if (name == "aquasecurity:trivy:RepoDigest" || name == "eclair:image:digest") subject({}, value);
}

void Builder::layer(std::string_view digest, std::string_view diff_id, std::string_view command, std::uint64_t size) {
  LayerInfo info;
  info.digest = digest_or_none(digest);
  info.diff_id = digest_or_none(diff_id);
  if (info.digest.empty() && info.diff_id.empty() && command.empty()) return;
  if (bom_.image.history.size() >= limits_.layers) return;
  info.index = static_cast<std::uint32_t>(bom_.image.history.size() + 1);
  info.created_by = command;
  info.size = size;
  // The same layer may come twice in an image: the lower one counts.
  if (!info.digest.empty()) layers_.emplace(info.digest.text, info.index);
  if (!info.diff_id.empty()) layers_.emplace(info.diff_id.text, info.index);
  bom_.image.history.push_back(std::move(info));
}

void Builder::distribution(std::string_view id, std::string_view version, std::string_view pretty) {
  Os os = match::distribution(id, version);
  if (!pretty.empty() && os.pretty.empty()) os.pretty = pretty;
  // One that we know goes before one that we do not, and the first of those before others.
  auto& systems = bom_.inventory.systems;
  if (systems.empty()) systems.push_back(std::move(os));
  else if (match::name_space(systems[0]).empty() && !match::name_space(os).empty()) systems[0] = std::move(os);
}

Result<> Builder::add(Part part) {
  Pending one;
  PackageVersion& package = one.occurrence.package;
  if (!part.purl.empty()) {
    auto url = match::parse_purl(part.purl);
    if (!url) {
      ++bad_url_count_;
      if (bad_urls_.size() < kShownNames) bad_urls_.insert(url.error().text);
      return {};
    }
    if (is_no_package(url->type)) return {};
    package = match::package_of(*url);
    one.os = match::distribution_of(*url);
    if (package.version.empty()) package.version = part.version;
  } else {
    if (part.type.empty() || part.name.empty()) {
      nameless(part.name);
      part.type = "generic";
      if (part.name.empty()) return {};
    }
    package.type = part.type;
    package.name = part.group.empty() ? part.name : part.group + (part.type == "maven" ? ":" : "/") + part.name;
    package.version = part.version;
  }
  if (package.arch.empty()) package.arch = part.arch;
  if (!part.module.empty()) {
    const auto words = text::split(part.module, ':');
    package.module = words.size() > 1 ? std::string(words[0]) + ":" + std::string(words[1]) : part.module;
  }
  set_source(part, package);
  set_vendor(part, package);

  std::sort(part.paths.begin(), part.paths.end());
  part.paths.erase(std::unique(part.paths.begin(), part.paths.end()), part.paths.end());
  const auto database = std::find_if(part.paths.begin(), part.paths.end(), is_database);
  if (database != part.paths.end()) one.occurrence.paths = {*database};
  else one.occurrence.paths = std::move(part.paths);
  one.occurrence.extractor = "sbom";
  one.occurrence.repositories = std::move(part.repositories);
  one.occurrence.cpes = std::move(part.cpes);
  one.layers = std::move(part.layers);
  one.layer_index = part.layer_index;
  if (pending_.size() >= limits_.packages) return fail(Errc::limit, "more packages than the limit packages of " + std::to_string(limits_.packages));
  pending_.push_back(std::move(one));
  return {};
}

void Builder::nameless(std::string_view name) {
  ++nameless_count_;
  if (nameless_.size() < kShownNames && !name.empty()) nameless_.push_back(text::clean(name, 80));
}

/// A layer that only packages name comes after those that are known.
std::uint32_t Builder::layer_named(const std::string& id) {
  if (const auto known = layers_.find(id); known != layers_.end()) return known->second;
  const std::size_t before = bom_.image.history.size();
  layer({}, id);
  return bom_.image.history.size() > before ? static_cast<std::uint32_t>(before + 1) : 0;
}

/// Of several layers the lowest: later ones hold a copy of the database, which is written anew by each installation.
std::uint32_t Builder::layer_of(const Pending& one) {
  std::uint32_t lowest = 0;
  for (const std::string& id : one.layers) {
    // A layer is named twice by some, by digest and by diff id: known names come first.
    const auto known = layers_.find(id);
    if (known != layers_.end() && (lowest == 0 || known->second < lowest)) lowest = known->second;
  }
  if (lowest > 0) {
    // Ours name the blob first, then the diff id, by which alone the document's own list knows the layer.
    LayerInfo& info = bom_.image.history[lowest - 1];
    if (lowest == one.layer_index && one.layers.size() == 2 && info.digest.empty() && layers_.find(one.layers[0]) == layers_.end()) {
      info.digest = digest_or_none(one.layers[0]);
      if (!info.digest.empty()) layers_.emplace(info.digest.text, lowest);
    }
    return lowest;
  }
  if (one.layer_index > 0 && one.layer_index <= limits_.layers) {
    while (bom_.image.history.size() < one.layer_index) {
      LayerInfo unnamed;
      unnamed.index = static_cast<std::uint32_t>(bom_.image.history.size() + 1);
      bom_.image.history.push_back(std::move(unnamed));
    }
    LayerInfo& info = bom_.image.history[one.layer_index - 1];
    for (const std::string& id : one.layers) {
      const Digest digest = digest_or_none(id);
      if (digest.empty()) continue;
      // Ours come in this order: the blob's digest, the diff id.
      (info.digest.empty() && one.layers.size() > 1 && &id == &one.layers.front() ? info.digest : info.diff_id) = digest;
      layers_.emplace(digest.text, one.layer_index);
    }
    return one.layer_index;
  }
  return one.layers.empty() ? 0 : layer_named(one.layers.front());
}

/// Packages of another distribution than the document's own keep theirs, and are judged as its.
std::uint32_t Builder::system_of(const Os& os) {
  auto& systems = bom_.inventory.systems;
  const std::string space = match::name_space(os);
  if (space.empty()) return 0;
  for (std::uint32_t i = 0; i < systems.size(); ++i) {
    if (match::name_space(systems[i]) == space) return i;
  }
  if (systems.size() >= 64) return 0;
  systems.push_back(os);
  return static_cast<std::uint32_t>(systems.size() - 1);
}

void Builder::note_gaps() {
  auto& notes = bom_.inventory.notes;
  const auto counted = [](std::uint64_t n, std::string_view one) { return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s"); };
  if (nameless_count_ > 0) {
    std::string message = counted(nameless_count_, "component") + " without a package URL " + (nameless_count_ == 1 ? "was" : "were") + " not judged";
    if (!nameless_.empty()) message += ": " + text::join(nameless_, ", ") + (nameless_count_ > nameless_.size() ? ", ..." : "");
    notes.push_back({"incomplete", {}, std::move(message)});
  }
  if (bad_url_count_ > 0) {
    std::string message = bad_urls_.empty() ? "a package URL that is none" : *bad_urls_.begin();
    if (bad_url_count_ > 1) message += " (and " + std::to_string(bad_url_count_ - 1) + " more)";
    notes.push_back({"bad_record", {}, std::move(message)});
  }
  std::size_t system = 0, with_source = 0;
  for (const Occurrence& one : bom_.inventory.packages) {
    if (one.package.type != "deb" && one.package.type != "rpm" && one.package.type != "apk") continue;
    ++system;
    if (!one.package.source_name.empty()) ++with_source;
  }
  if (system > kFewPackages && with_source == 0) {
    notes.push_back({"incomplete", {}, "no package names the source package that it was built from, which advisories speak of: some are not found"});
  }
}

Result<Bom> Builder::finish() {
  Inventory& inventory = bom_.inventory;
  if (inventory.systems.empty()) {
    // The distribution of most packages is the document's own.
    std::map<std::string, std::pair<std::size_t, const Os*>> seen;
    for (const Pending& one : pending_) {
      if (!match::name_space(one.os).empty()) {
        auto& [count, os] = seen[match::name_space(one.os)];
        ++count;
        os = &one.os;
      }
    }
    const auto most = std::max_element(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
    inventory.systems.push_back(most == seen.end() ? Os{} : *most->second.second);
    if (most == seen.end()) {  // a distribution without its release is still worth a word
      const auto named = std::find_if(pending_.begin(), pending_.end(), [](const Pending& one) { return !one.os.id.empty(); });
      if (named != pending_.end()) inventory.systems[0] = named->os;
    }
  }
  if (inventory.systems[0].pretty.empty() && inventory.systems[0].codename == "sid") inventory.systems[0].pretty = "Debian GNU/Linux sid";
  for (Pending& one : pending_) {
    one.occurrence.layer = layer_of(one);
    if (match::is_system_type(one.occurrence.package.type)) {
      one.occurrence.os = system_of(one.os);
      inventory.had_package_database = true;
    }
    inventory.packages.push_back(std::move(one.occurrence));
  }
  pending_.clear();
  std::sort(inventory.packages.begin(), inventory.packages.end(), [](const Occurrence& a, const Occurrence& b) {
    const auto key = [](const Occurrence& o) { return std::tie(o.package, o.paths, o.layer); };
    return key(a) < key(b);
  });
  const auto same = [](const Occurrence& a, const Occurrence& b) { return a.package == b.package && a.paths == b.paths && a.os == b.os; };
  inventory.packages.erase(std::unique(inventory.packages.begin(), inventory.packages.end(), same), inventory.packages.end());
  note_gaps();
  bom_.image.kind = "sbom";
  for (const LayerInfo& layer : bom_.image.history) bom_.image.size += layer.size;
  return std::move(bom_);
}

}  // namespace eclair::sbom
