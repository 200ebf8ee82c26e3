// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Pushes a file to a registry and pulls it again, for scripts that have a real registry:
//   artifact_tool push TARGET FILE TYPE [CA_FILE]     prints the manifest's digest, and "there" or "stored"
//   artifact_tool pull TARGET FILE TYPE [CA_FILE]     writes FILE; prints the manifest's digest and the title
// Credentials come from the environment and the credential files, as for every command. An error is a line "error: ...", with its hint.
#include <cstdio>
#include <string>

#include "image/artifact.h"
#include "util/byte_stream.h"

using namespace eclair;

namespace {

Result<> push(const std::string& target, const std::string& path, const std::string& type, const image::OpenOptions& options) {
  ECLAIR_TRY(const auto file, FileSource::open(path));
  const image::Artifact artifact{type, type + ".tar+zstd", path.substr(path.rfind('/') + 1), ""};
  ECLAIR_TRY(const image::PushedArtifact pushed, image::push_artifact(target, artifact, *file, options));
  std::printf("%s %s\n", pushed.manifest.text.c_str(), pushed.was_there ? "there" : "stored");
  return {};
}

Result<> pull(const std::string& target, const std::string& path, const std::string& type, const image::OpenOptions& options) {
  ECLAIR_TRY(const image::PulledArtifact pulled, image::pull_artifact(target, type, type + ".tar+zstd", options));
  std::FILE* const out = std::fopen(path.c_str(), "wb");
  if (out == nullptr) return fail(Errc::unavailable, "cannot write " + path);
  SourceStream stream(*pulled.file);
  while (true) {
    auto piece = stream.next();
    if (!piece || piece->empty()) break;
    std::fwrite(piece->data(), 1, piece->size(), out);
  }
  std::fclose(out);
  std::printf("%s %s\n", pulled.manifest.text.c_str(), pulled.title.c_str());
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count < 5) return 2;
  image::OpenOptions options;
  options.stall_seconds = 20;
  if (count > 5) options.ca_file = words[5];
  const Result<> done = (std::string(words[1]) == "push" ? push : pull)(words[2], words[3], words[4], options);
  if (done) return 0;
  std::fprintf(stderr, "error: %s\n", done.error().text.c_str());
  if (!done.error().hint.empty()) std::fprintf(stderr, "  hint: %s\n", done.error().hint.c_str());
  return 1;
}
