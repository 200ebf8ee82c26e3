// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/image.h"
#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/entry_reader.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::image {

/// How to get at an image. Everything that a target's name does not say.
struct OpenOptions {
  std::string platform;              ///< "os/arch[/variant]"; "" = linux/<this machine>
  bool insecure = false;             ///< plain HTTP and unverified TLS, for any host
  std::string ca_file;               ///< further trusted certificates, PEM
  std::string username, password;    ///< for the registry; override credential files
  std::string registry_token;        ///< bearer token, sent as it is
  std::string name;                  ///< name to show instead of the target
  bool network = true;               ///< false: what would have to come over a network is an error
  unsigned stall_seconds = 60;       ///< no byte for so long: an error
  /// Where a name is looked for, in this order: "registry", "docker", "podman", "containers-storage". Empty: in its registry; and, with
  /// `local_engines`, where that does not have it or refuses it, in the engines of this machine.
  std::vector<std::string> from{};
  /// Hosts that are asked in place of a registry: "docker.io" to "mirror.example.com". The image keeps its name.
  std::map<std::string, std::string, std::less<>> mirrors{};
  bool local_engines = false;
  bool look_for_credentials = true;  ///< in the environment and in credential files, where none are given here
  /// Whether a connection to a host at a numeric address may be made (net::Options::may_connect). May be empty: any.
  std::function<bool(const std::string& host, const std::string& address)> may_connect{};
  Limits limits;
  const Cancel* stop = nullptr;
};

/// An image that was found: what it is made of, and its bytes.
class Source {
 public:
  virtual ~Source() = default;
  virtual const Image& image() const = 0;
  /// The blob of the layer with this index (from 1), as stored: compressed or not. May be called again, and for several layers at
  /// once from several threads. The caller compares its digest with LayerInfo::digest.
  /// errors: not_found (the blob is missing, named), unavailable, invalid_input, unsupported (foreign layer).
  virtual Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t index) const = 0;
  /// For forms that have entries but no blob (a folder): reads them directly. nullptr: use open_layer.
  virtual Result<std::unique_ptr<EntryReader>> walk_layer(std::uint32_t /*index*/) const { return std::unique_ptr<EntryReader>{}; }
  /// Entries count only below this folder, which is cut off ("rootfs" of an ACI); "" = all.
  virtual std::string_view path_prefix() const { return {}; }
};

/// Finds what a target means and opens it (spec: schemes and the order of resolution in docs/user/targets.md).
/// target: "oci-dir:P", "oci:P[:tag|@digest]", "oci-archive:P", "docker-archive:P", "aci:P", "rootfs:P", "dir:P", "layer:P", "file:P",
///         "registry:R", "docker://R", "docker:N", "docker-daemon:N", "local://N", "podman:N" (an engine on this machine),
///         "containers-storage:N", "-" (stdin), an existing path, or a registry reference.
/// Who opens names of strangers gives a registry reference to open_registry() instead.
/// errors: not_found, invalid_input, unsupported, unavailable; the text names the target and the cause, hint says what to type.
Result<std::unique_ptr<Source>> open(std::string_view target, const OpenOptions& options);

/// The parts of open() for a caller that looks at bytes first, since they may be something else than an image.
/// The regular file that a target without a scheme names, by the rules of open(); nullopt: it names something else.
std::optional<std::string> named_file(std::string_view target);
/// Standard input from its beginning to its end; what comes through a pipe is kept in memory or an unlinked temporary file.
/// errors: invalid_input (it is a terminal), limit (spool_bytes), unavailable, cancelled.
Result<std::shared_ptr<const ByteSource>> standard_input(const OpenOptions& options);
/// An image by its bytes, whatever form they have. shown: its name in the report, where the options have none.
Result<std::unique_ptr<Source>> open_bytes(std::shared_ptr<const ByteSource> bytes, std::string_view shown, const OpenOptions& options);

}  // namespace eclair::image
