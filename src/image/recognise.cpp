// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/recognise.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "image/archive.h"
#include "util/tar.h"
#include "util/tar_header.h"
#include "util/text.h"

namespace eclair::image {
namespace recognise_detail {

constexpr std::size_t kPipeBytes = 256u << 10;
/// How many entries of a tar may pass before one must look like a root file system. Archives of images begin with none of those.
constexpr std::uint64_t kUndecidedEntries = 16;

struct Magic {
  std::string_view bytes;
  const char* what;
};
using namespace std::string_view_literals;
constexpr Magic kMagics[] = {
    {"\x89PNG\r\n"sv, "a PNG picture"},
    {"\xff\xd8\xff"sv, "a JPEG picture"},
    {"GIF8"sv, "a GIF picture"},
    {"%PDF-"sv, "a PDF document"},
    {"\x7f"
     "ELF"sv,
     "an ELF program"},
    {"MZ"sv, "a Windows program"},
    {"PK\x03\x04"sv, "a zip archive (jar, wheel, ...)"},
    {"PK\x05\x06"sv, "an empty zip archive"},
    {"!<arch>\n"sv, "an ar archive (a Debian package?)"},
    {"\xed\xab\xee\xdb"sv, "an RPM package"},
    {"SQLite format 3\0"sv, "an SQLite database"},
    {"hsqs"sv, "a squashfs file system"},
    {"QFI\xfb"sv, "a QEMU disk image"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    {"\x04\x22\x4d\x18"sv, "lz4-compressed data"},
    {"LZIP"sv, "lzip-compressed data"},
    {"\x1f\x9d"sv, "data of compress(1)"},
    {"\x1f\x8b"sv, "gzip-compressed data"},
    {"\x28\xb5\x2f\xfd"sv, "zstd-compressed data"},
    {"BZh"sv, "bzip2-compressed data"},
    {"\xfd"
     "7zXZ\0"sv,
     "xz-compressed data"},
    {"07070"sv, "a cpio archive"},
    {"#!"sv, "a script"},
};

std::string json_kind(std::string_view s) {
  const auto has = [&](std::string_view key) { return s.find(key) != std::string_view::npos; };
  if (has("\"bomFormat\"") || has("cyclonedx.org")) return "a CycloneDX SBOM";
  if (has("\"spdxVersion\"") || has("spdx.org")) return "an SPDX SBOM";
  if (has("\"ArtifactName\"")) return "a Trivy report";
  if (has("syft")) return "a Syft SBOM";
  return "JSON";
}

}  // namespace recognise_detail

std::string looks_like(std::string_view first) {
  using namespace recognise_detail;
  for (const Magic& magic : kMagics) {
    if (first.starts_with(magic.bytes)) return magic.what;
  }
  const std::string_view trimmed = text::trim(first);
  if (trimmed.starts_with("{") || trimmed.starts_with("[")) return json_kind(trimmed);
  if (trimmed.starts_with("<")) return trimmed.find("cyclonedx") != std::string_view::npos ? "a CycloneDX SBOM" : "XML or HTML";
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && !text::is_space(c) && c != '\x1b') || c == '\x7f'; };
  return std::none_of(first.begin(), first.end(), is_control) && !trimmed.empty() ? "text" : "data of an unknown kind";
}

bool is_tar(std::string_view first) {
  if (first.size() < tar::kBlockBytes) return false;
  const std::string_view block = first.substr(0, tar::kBlockBytes);
  return tar::is_zero_block(block) || tar::parse_header(block).has_value();
}

Result<Survey> survey(ByteStream& tar, const Limits& limits, const Cancel* stop) {
  using namespace recognise_detail;
  const auto reader = tar_reader(tar, limits);
  Survey out;
  std::optional<std::string> manifest;
  bool system = false, rootfs = false;
  for (std::uint64_t entries = 0;; ++entries) {
    if (stop != nullptr && stop->requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_TRY(const Entry* entry, reader->next());
    if (entry == nullptr) break;
    system = system || is_system_path(entry->path);
    rootfs = rootfs || entry->path == "rootfs" || entry->path.starts_with("rootfs/");
    if (is_image_marker(entry->path) || (entries >= kUndecidedEntries && !system && !rootfs)) {
      out.needs_index = true;
      return out;
    }
    if (entry->path != "manifest" || entry->kind != PathKind::file || entry->size > limits.manifest_bytes) continue;
    manifest.emplace();
    while (true) {
      ECLAIR_TRY(const std::string_view piece, reader->read());
      if (piece.empty()) break;
      manifest->append(piece);
    }
  }
  if (manifest && rootfs && !system) out.aci_manifest = std::move(manifest);
  return out;
}

Result<std::shared_ptr<const ByteSource>> spool(ByteStream& in, std::uint64_t stored_bytes, const Limits& limits, const Cancel* stop) {
  SpillBuffer buffer(limits.spill_bytes);
  while (true) {
    if (stop != nullptr && stop->requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_TRY(const std::string_view piece, in.next());
    if (piece.empty()) return std::shared_ptr<const ByteSource>(buffer.take());
    ECLAIR_CHECK_OK(buffer.append(piece));
    if (buffer.size() > limits.spool_bytes) return fail(Errc::limit, "more bytes than the limit spool_bytes of " + std::to_string(limits.spool_bytes));
    if (stored_bytes > 0 && buffer.size() > limits.ratio_floor_bytes && buffer.size() / stored_bytes > limits.ratio) {
      return fail(Errc::limit, "expands to more than " + std::to_string(limits.ratio) + " times its size (limit ratio)");
    }
  }
}

Result<std::shared_ptr<const ByteSource>> spool(int descriptor, const Limits& limits, const Cancel* stop) {
  class Pipe final : public ByteStream {
   public:
    explicit Pipe(int descriptor) : descriptor_(descriptor), piece_(recognise_detail::kPipeBytes, '\0') {}
    Result<std::string_view> next() override {
      while (true) {
        const ssize_t n = ::read(descriptor_, piece_.data(), piece_.size());
        if (n >= 0) return std::string_view(piece_).substr(0, static_cast<std::size_t>(n));
        if (errno != EINTR) return fail(Errc::unavailable, std::string("cannot read: ") + std::strerror(errno));
      }
    }

   private:
    int descriptor_;
    std::string piece_;
  };
  Pipe pipe(descriptor);
  return spool(pipe, 0, limits, stop);
}

}  // namespace eclair::image
