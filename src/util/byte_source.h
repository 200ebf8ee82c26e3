// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair {

/// Bytes with a size that can be read at any offset: a held file of a layer, a spill file, a local archive.
/// No parser takes a whole large file; it reads windows of this.
/// threads: read_at may be called from several threads at once.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills `into` from `offset`. Returns how many bytes there were; fewer than asked only at the end, 0 past it.
  /// errors: unavailable (the device failed).
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const = 0;
};

/// Fills `into` completely or fails with invalid_input, naming the offset and how much was missing.
Result<> read_exact(const ByteSource& in, std::uint64_t offset, std::span<char> into);

/// The whole source, if it is at most `max_bytes` (else: limit).
Result<std::string> read_all(const ByteSource& in, std::uint64_t max_bytes);

/// Bytes in memory. Owns them.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// An open file, read with pread. Owns the descriptor.
class FileSource final : public ByteSource {
 public:
  /// Opens a regular file (never a device, pipe or directory). errors: not_found, invalid_input, unavailable.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);
  FileSource(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;

 private:
  int descriptor_;
  std::uint64_t size_;
};

/// A part of another source, which must outlive it.
class SliceSource final : public ByteSource {
 public:
  /// The range is cut to what `whole` has.
  SliceSource(const ByteSource& whole, std::uint64_t offset, std::uint64_t size);
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;

 private:
  const ByteSource& whole_;
  std::uint64_t offset_, size_;
};

/// Reads a source line by line through one bounded window.
/// A line longer than `max_line_bytes` is cut there: `cut()` says so and the rest of it is passed over.
class LineReader {
 public:
  explicit LineReader(const ByteSource& in, std::size_t max_line_bytes = 1u << 20);
  /// The next line without its "\n" or "\r\n"; false at the end. The view is good until the next call.
  Result<bool> next(std::string_view& line);
  bool cut() const { return cut_; }
  std::uint64_t line_number() const { return line_number_; }  ///< of the last line, from 1

 private:
  Result<bool> fill();
  const ByteSource& in_;
  std::size_t max_line_bytes_;
  std::string window_;
  std::size_t begin_ = 0;
  std::uint64_t offset_ = 0, line_number_ = 0;
  bool ended_ = false, cut_ = false;
};

/// Collects bytes in memory and, past `spill_bytes`, in an unlinked temporary file (TMPDIR).
class SpillBuffer {
 public:
  explicit SpillBuffer(std::uint64_t spill_bytes);
  ~SpillBuffer();
  SpillBuffer(SpillBuffer&&) noexcept;
  SpillBuffer& operator=(SpillBuffer&&) noexcept;
  /// errors: unavailable (disk full, no temporary folder).
  Result<> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  bool spilled() const { return descriptor_ >= 0; }
  /// What was collected; the buffer is empty afterwards.
  std::unique_ptr<ByteSource> take();

 private:
  std::uint64_t spill_bytes_, size_ = 0;
  std::string memory_;
  int descriptor_ = -1;
};

}  // namespace eclair
