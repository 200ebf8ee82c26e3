// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/platform.h"

#include <algorithm>
#include <array>
#include <vector>

#include "util/text.h"

namespace eclair::image {
namespace platform_detail {

constexpr std::string_view host_architecture() {
#if defined(__x86_64__)
  return "amd64";
#elif defined(__aarch64__)
  return "arm64";
#elif defined(__arm__)
  return "arm";
#elif defined(__i386__)
  return "386";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
  return "ppc64le";
#elif defined(__s390x__)
  return "s390x";
#elif defined(__riscv) && __riscv_xlen == 64
  return "riscv64";
#else
  return "amd64";
#endif
}

bool is_word(std::string_view s) {
  return !s.empty() && s.size() <= 32 && std::all_of(s.begin(), s.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

bool says_platform(const Descriptor& child) { return !child.platform.os.empty() || !child.platform.architecture.empty(); }

/// A child's platform as it counts: linux/amd64 if it does not say, and an arm that does not say its variant is v7.
Platform effective(const Descriptor& child) {
  if (!says_platform(child)) return {"linux", "amd64", ""};
  Platform out = normalised(child.platform);
  if (out.os.empty()) out.os = "linux";
  if (out.architecture == "arm" && out.variant.empty()) out.variant = "v7";
  return out;
}

/// Position of the best child for one wanted platform; size() if none.
std::size_t best(const std::vector<std::size_t>& images, std::span<const Descriptor> children, const Platform& wanted) {
  const auto find = [&](auto&& fits) {
    for (const std::size_t i : images) {
      const Platform has = effective(children[i]);
      if (has.os == wanted.os && has.architecture == wanted.architecture && fits(has.variant)) return i;
    }
    return children.size();
  };
  if (!wanted.variant.empty()) return find([&](const std::string& v) { return v == wanted.variant; });
  if (wanted.architecture == "arm") {
    for (const std::string_view variant : {"v7", "v6", "v5"}) {
      const std::size_t i = find([&](const std::string& v) { return v == variant; });
      if (i < children.size()) return i;
    }
  }
  const std::size_t plain = find([](const std::string& v) { return v.empty(); });
  return plain < children.size() ? plain : find([](const std::string&) { return true; });
}

}  // namespace platform_detail

using namespace platform_detail;

Platform normalised(Platform p) {
  p.os = text::lower(p.os);
  p.architecture = text::lower(p.architecture);
  p.variant = text::lower(p.variant);
  if (p.os == "macos") p.os = "darwin";
  if (p.architecture == "x86_64" || p.architecture == "x86-64") p.architecture = "amd64";
  if (p.architecture == "i386" || p.architecture == "i686" || p.architecture == "x86") p.architecture = "386";
  if (p.architecture == "aarch64") p.architecture = "arm64";
  if (p.architecture == "armhf") p = {p.os, "arm", p.variant.empty() ? "v7" : p.variant};
  if (p.architecture == "armel") p = {p.os, "arm", p.variant.empty() ? "v6" : p.variant};
  if (p.architecture == "arm" && !p.variant.empty() && text::is_digit(p.variant.front())) p.variant.insert(0, "v");
  if (p.architecture == "arm64" && (p.variant == "v8" || p.variant == "8")) p.variant.clear();
  if (p.architecture == "amd64" && p.variant == "v1") p.variant.clear();
  return p;
}

Result<Platform> parse_platform(std::string_view typed) {
  if (typed.empty()) return Platform{"linux", std::string(host_architecture()), ""};
  const auto parts = text::split(typed, '/');
  const bool sound = (parts.size() == 2 || parts.size() == 3) && std::all_of(parts.begin(), parts.end(), is_word);
  if (!sound) {
    Error error{Errc::invalid_input, "not a platform: " + text::quoted(typed)};
    error.hint = "--platform os/architecture[/variant], such as linux/arm64 or linux/arm/v7";
    return fail(std::move(error));
  }
  return normalised({std::string(parts[0]), std::string(parts[1]), parts.size() == 3 ? std::string(parts[2]) : ""});
}

std::string not_an_image(const Descriptor& child) {
  if (child.is_attestation()) return "attestation";
  if (const auto type = child.annotation("vnd.docker.reference.type"); !type.empty()) return text::clean(type, 100);
  return text::clean(child.artifact_type, 100);
}

Result<Choice> choose_platform(std::span<const Descriptor> children, std::string_view wanted) {
  ECLAIR_TRY(const Platform platform, parse_platform(wanted));
  std::vector<std::size_t> images, linux_images, unsaid_indexes;
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (!not_an_image(children[i]).empty()) continue;
    if (media::is_index(children[i].media_type) && !says_platform(children[i])) {
      unsaid_indexes.push_back(i);
      continue;
    }
    images.push_back(i);
    if (effective(children[i]).os == "linux") linux_images.push_back(i);
  }
  if (images.empty() && unsaid_indexes.empty()) {
    return fail(Errc::not_found, children.empty() ? "the index is empty" : "the index holds no image, only attestations or artifacts");
  }
  if (const std::size_t found = best(images, children, platform); found < children.size()) return Choice{found, ""};
  if (!unsaid_indexes.empty()) return Choice{unsaid_indexes.front(), ""};

  const auto taken = [&](std::size_t i, const char* what) {
    return Choice{i, "no image for " + platform.text() + ": took " + what + ", " + text::clean(effective(children[i]).text(), 100)};
  };
  if (wanted.empty() && images.size() == 1) return taken(images[0], "the only one there is");
  if (wanted.empty() && linux_images.size() == 1) return taken(linux_images[0], "the only one for Linux");

  std::vector<std::string> there;
  for (const std::size_t i : images) there.push_back(text::clean(effective(children[i]).text(), 100));
  std::sort(there.begin(), there.end());
  there.erase(std::unique(there.begin(), there.end()), there.end());
  const std::string first = there.front();
  if (there.size() > 30) {
    const std::string more = std::to_string(there.size() - 30) + " more";
    there.resize(30);
    there.push_back(more);
  }
  Error error{Errc::not_found, "no image for " + platform.text() + ", only for " + text::join(there, ", ")};
  error.hint = "--platform " + first;
  return fail(std::move(error));
}

std::string artifact_name(std::string_view config_type, std::string_view artifact_type, std::string_view layer_type) {
  struct Known {
    std::string_view prefix;
    std::string_view name;
  };
  static constexpr std::array<Known, 14> kKnown{{
      {"application/vnd.cncf.helm.", "a Helm chart"},
      {"application/vnd.dev.cosign.", "a cosign signature"},
      {"application/vnd.dev.sigstore.", "a sigstore bundle"},
      {"application/vnd.cncf.notary.", "a Notary signature"},
      {"application/vnd.in-toto", "an attestation"},
      {"application/vnd.dsse.", "an attestation"},
      {"application/vnd.cyclonedx", "an SBOM"},
      {"application/spdx", "an SBOM"},
      {"text/spdx", "an SBOM"},
      {"application/vnd.syft", "an SBOM"},
      {"application/vnd.wasm.", "a WebAssembly module"},
      {"application/vnd.cncf.openpolicyagent.", "a policy bundle"},
      {"application/vnd.cncf.flux.", "a Flux artifact"},
      {"application/vnd.docker.plugin.", "a Docker plugin"},
  }};
  const auto known = [&](std::string_view type) -> std::string {
    for (const Known& k : kKnown) {
      if (type.substr(0, k.prefix.size()) == k.prefix) return std::string(k.name);
    }
    return {};
  };
  // A signature keeps an ordinary image config; its layer tells.
  for (const std::string_view type : {artifact_type, config_type, layer_type}) {
    if (std::string name = known(type); !name.empty()) return name;
  }
  return {};
}

}  // namespace eclair::image
