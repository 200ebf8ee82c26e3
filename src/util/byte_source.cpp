// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace eclair {
namespace byte_source_detail {

constexpr std::size_t kWindowBytes = 64u << 10;

Result<std::size_t> pread_all(int descriptor, std::uint64_t offset, std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t n = ::pread(descriptor, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Errc::unavailable, std::string("cannot read: ") + std::strerror(errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<int> open_unlinked() {
  const char* folder = std::getenv("TMPDIR");
  const std::string where = folder != nullptr && *folder != '\0' ? folder : "/tmp";
  const int direct = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (direct >= 0) return direct;
  std::string name = where + "/eclair-XXXXXX";  // file systems without O_TMPFILE
  const int made = ::mkostemp(name.data(), O_CLOEXEC);
  if (made < 0) return fail(Errc::unavailable, "cannot make a temporary file in " + where + ": " + std::strerror(errno));
  ::unlink(name.c_str());
  return made;
}

}  // namespace byte_source_detail

Result<> read_exact(const ByteSource& in, std::uint64_t offset, std::span<char> into) {
  ECLAIR_TRY(const std::size_t n, in.read_at(offset, into));
  if (n < into.size()) {
    return fail(Errc::invalid_input,
                "ends early: " + std::to_string(into.size() - n) + " bytes missing at offset " + std::to_string(offset + n));
  }
  return {};
}

Result<std::string> read_all(const ByteSource& in, std::uint64_t max_bytes) {
  if (in.size() > max_bytes) {
    return fail(Errc::limit, std::to_string(in.size()) + " bytes, more than the limit of " + std::to_string(max_bytes));
  }
  std::string out(in.size(), '\0');
  ECLAIR_CHECK_OK(read_exact(in, 0, out));
  return out;
}

Result<std::size_t> MemorySource::read_at(std::uint64_t offset, std::span<char> into) const {
  if (offset >= bytes_.size()) return std::size_t{0};
  const std::size_t n = std::min<std::uint64_t>(into.size(), bytes_.size() - offset);
  std::memcpy(into.data(), bytes_.data() + offset, n);
  return n;
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const int why = errno;
    return fail(why == ENOENT || why == ENOTDIR ? Errc::not_found : Errc::unavailable, "cannot open " + path + ": " + std::strerror(why));
  }
  struct stat st {};
  if (::fstat(descriptor, &st) != 0 || !S_ISREG(st.st_mode)) {
    ::close(descriptor);
    return fail(Errc::invalid_input, path + " is not a regular file");
  }
  return std::make_unique<FileSource>(descriptor, static_cast<std::uint64_t>(st.st_size));
}

FileSource::~FileSource() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> FileSource::read_at(std::uint64_t offset, std::span<char> into) const {
  return byte_source_detail::pread_all(descriptor_, offset, into);
}

SliceSource::SliceSource(const ByteSource& whole, std::uint64_t offset, std::uint64_t size)
    : whole_(whole), offset_(std::min(offset, whole.size())), size_(std::min(size, whole.size() - offset_)) {}

Result<std::size_t> SliceSource::read_at(std::uint64_t offset, std::span<char> into) const {
  if (offset >= size_) return std::size_t{0};
  return whole_.read_at(offset_ + offset, into.first(std::min<std::uint64_t>(into.size(), size_ - offset)));
}

LineReader::LineReader(const ByteSource& in, std::size_t max_line_bytes) : in_(in), max_line_bytes_(max_line_bytes) {}

Result<bool> LineReader::fill() {
  if (ended_) return false;
  window_.erase(0, begin_);
  begin_ = 0;
  const std::size_t had = window_.size();
  window_.resize(had + byte_source_detail::kWindowBytes);
  ECLAIR_TRY(const std::size_t n, in_.read_at(offset_, std::span<char>(window_).subspan(had)));
  window_.resize(had + n);
  offset_ += n;
  ended_ = n == 0;
  return n > 0;
}

Result<bool> LineReader::next(std::string_view& line) {
  cut_ = false;
  std::size_t seen = 0;
  while (true) {
    const std::size_t at = window_.find('\n', begin_ + seen);
    if (at != std::string::npos) {
      line = std::string_view(window_).substr(begin_, at - begin_);
      begin_ = at + 1;
      break;
    }
    seen = window_.size() - begin_;
    if (seen >= max_line_bytes_) {  // keep what fits, pass over the rest
      std::string kept = window_.substr(begin_, max_line_bytes_);
      bool more = true;
      while (more) {
        begin_ = window_.size();
        ECLAIR_TRY(more, fill());
        const std::size_t end = window_.find('\n', begin_);
        if (end == std::string::npos) continue;
        begin_ = end + 1;
        break;
      }
      window_.insert(begin_, kept);
      line = std::string_view(window_).substr(begin_, kept.size());
      begin_ += kept.size();
      cut_ = true;
      break;
    }
    ECLAIR_TRY(const bool more, fill());
    if (more) continue;
    if (seen == 0) return false;
    line = std::string_view(window_).substr(begin_);
    begin_ = window_.size();
    break;
  }
  ++line_number_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > max_line_bytes_) {
    line = line.substr(0, max_line_bytes_);
    cut_ = true;
  }
  return true;
}

SpillBuffer::SpillBuffer(std::uint64_t spill_bytes) : spill_bytes_(spill_bytes) {}
SpillBuffer::~SpillBuffer() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
SpillBuffer::SpillBuffer(SpillBuffer&& o) noexcept
    : spill_bytes_(o.spill_bytes_), size_(std::exchange(o.size_, 0)), memory_(std::move(o.memory_)), descriptor_(std::exchange(o.descriptor_, -1)) {}
SpillBuffer& SpillBuffer::operator=(SpillBuffer&& o) noexcept {
  std::swap(spill_bytes_, o.spill_bytes_);
  std::swap(size_, o.size_);
  std::swap(memory_, o.memory_);
  std::swap(descriptor_, o.descriptor_);
  return *this;
}

Result<> SpillBuffer::append(std::string_view bytes) {
  if (descriptor_ < 0 && size_ + bytes.size() > spill_bytes_) {
    ECLAIR_TRY(descriptor_, byte_source_detail::open_unlinked());
    const std::string held = std::exchange(memory_, {});
    size_ = 0;
    ECLAIR_CHECK_OK(append(held));
  }
  if (descriptor_ < 0) {
    memory_.append(bytes);
    size_ += bytes.size();
    return {};
  }
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Errc::unavailable, std::string("cannot write a temporary file: ") + std::strerror(errno));
    size_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

std::unique_ptr<ByteSource> SpillBuffer::take() {
  const std::uint64_t size = std::exchange(size_, 0);
  if (descriptor_ >= 0) return std::make_unique<FileSource>(std::exchange(descriptor_, -1), size);
  return std::make_unique<MemorySource>(std::exchange(memory_, {}));
}

}  // namespace eclair
