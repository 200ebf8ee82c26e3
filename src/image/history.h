// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/manifest.h"
#include "model/image.h"
#include "util/result.h"

namespace eclair::image {

/// A history entry's created_by as Dockerfile words: "/bin/sh -c #(nop)  CMD [\"sh\"]" is `CMD ["sh"]`, "/bin/sh -c make" is `RUN make`.
/// What no rule fits stays as it is: the name of a tool, or what somebody typed. Bytes are the image's own: clean before showing.
std::string dockerfile_command(std::string_view created_by);

/// Completes the description of an image from its config: platform, the history with its empty steps, commands, diff ids, total size.
/// blobs: the layers that have a blob, bottom first; digest, media_type, size and not_analysed are kept.
/// A history that names another number of layers than there are is not guessed at: no commands, and a note.
/// errors: invalid_input when the config names another number of diff ids than there are layers (no runtime takes such an image).
Result<> describe(std::vector<LayerInfo> blobs, const Config& config, Image& into);

/// The same for a manifest's layers, and its config's digest. Foreign layers come out as any other: who cannot get one sets not_analysed.
Result<> describe(const Manifest& manifest, const Config& config, Image& into);

}  // namespace eclair::image
