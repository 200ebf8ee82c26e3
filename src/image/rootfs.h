// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "util/entry_reader.h"
#include "image/source.h"
#include "util/byte_source.h"

namespace eclair::image {

/// A folder as the root file system of an image: one layer without a blob, read by walk_layer().
///
/// Entries come folder by folder, sorted by name, so that two walks give the same. Symlinks are entries and are never followed; devices and
/// pipes are entries and are never opened; a file is opened when its body is first read, and only if it still is the file that was seen.
/// What cannot be read becomes a note with its path ("unreadable"), and the walk goes on.
/// Other file systems inside are entered only where they are of a kind that holds systems (ext4, xfs, btrfs, ...), so proc, sysfs, tmpfs,
/// network and overlay mounts are not, and notes say so; of "/" itself the folders proc, sys and dev are not entered at all.
/// Bounds: Limits::layer_entries, image_bytes (error), path_bytes, path_depth (note).
/// errors: not_found, unavailable.
Result<std::unique_ptr<Source>> open_folder_rootfs(const std::string& path, Image described, const OpenOptions& options);
/// What a folder means beyond its files. overlay: a layer as the kernel's overlayfs keeps it, where a character device 0:0 removes a name and
/// an attribute on a folder hides what lower layers have in it. whole_tree: a layer that is complete, and hides all that is below it.
enum class FolderMarks : unsigned char { none, overlay, whole_tree };
std::unique_ptr<EntryReader> folder_reader(int root_descriptor, bool is_host_root, const Limits& limits, const Cancel* stop,
                                           FolderMarks marks = FolderMarks::none);

/// A tar that is a root file system (docker export) or one layer: as stored, compressed or not.
/// described: kind, name and source are kept.
std::unique_ptr<Source> open_single_layer(std::shared_ptr<const ByteSource> file, Image described);

/// One file that is no archive of layers: a layer with this one entry.
std::unique_ptr<Source> open_single_file(std::shared_ptr<const ByteSource> file, std::string name, Image described);

}  // namespace eclair::image
