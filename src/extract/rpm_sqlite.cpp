// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// rpm's SQLite database, read by SQLite itself through a read-only file system of ours over ByteSource::read_at.
//
// rpm leaves its database in write-ahead mode, and an image made from a running or killed container has transactions that are only
// in the log. With "locking_mode=EXCLUSIVE" set before the first read SQLite keeps the log's index on the heap, so that no shared
// memory is needed; where the image has no log we show an empty one, so that a database in that mode opens the same way.
//
// The file is hostile. Against it: only this one table may be read (authorizer), no triggers, views, functions or extensions; the
// schema must be found within a few reads, which bounds what parsing it can cost; the page cache is small and blobs go straight to
// our buffer; the number of instructions and of record bytes is bounded; record numbers must rise, or else a tree that shares pages
// could be walked without an end.
#include <sqlite3.h>

#include <atomic>
#include <limits>
#include <map>
#include <mutex>

#include "extract/rpm_database.h"
#include "util/text.h"

namespace eclair::extract {
namespace rpm_sqlite_detail {

constexpr char kVfsName[] = "eclair-bytes";
constexpr std::uint64_t kSchemaReadBytes = 1u << 20;  // rpm's whole schema is about 6 KB
constexpr int kCacheKib = 1024;
constexpr int kInstructionsPerTick = 1000;
constexpr std::int64_t kMaxProbes = 5'000;            // record numbers tried one by one between damaged pages

/// One open database, as our file system sees it. Lives on the stack of one walk, used by one thread.
struct Files {
  const ByteSource* main = nullptr;
  const ByteSource* wal = nullptr;
  const Cancel* stop = nullptr;
  std::uint64_t reads_left = 0, ticks_left = 0;
  bool out_of_reads = false, out_of_ticks = false;
  Error failed{};  // of the source, when read_at fails
  bool source_failed = false;
};

/// The open databases by name. SQLite hands a file system only names.
class OpenDatabases {
 public:
  std::string add(Files& files) {
    const std::lock_guard lock(mutex_);
    std::string name = "eclair-rpm-" + std::to_string(++last_);
    by_name_.emplace(name, &files);
    return name;
  }
  void remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    by_name_.erase(name);
  }
  Files* find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : at->second;
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::map<std::string, Files*, std::less<>> by_name_;
};

OpenDatabases& open_databases() {
  static OpenDatabases one;
  return one;
}

struct File {
  sqlite3_file base;
  Files* files;
  const ByteSource* bytes;  // null: an empty log
};

int file_close(sqlite3_file*) { return SQLITE_OK; }
int file_read(sqlite3_file* f, void* into, int count, sqlite3_int64 offset) {
  auto& file = *reinterpret_cast<File*>(f);
  auto& files = *file.files;
  const auto asked = static_cast<std::size_t>(count);
  if (files.stop->requested()) return SQLITE_IOERR_READ;
  if (asked > files.reads_left) {
    files.out_of_reads = true;
    return SQLITE_IOERR_READ;
  }
  files.reads_left -= asked;
  std::size_t got = 0;
  if (file.bytes != nullptr) {
    const auto read = file.bytes->read_at(static_cast<std::uint64_t>(offset), {static_cast<char*>(into), asked});
    if (!read) {
      files.source_failed = true;
      files.failed = read.error();
      return SQLITE_IOERR_READ;
    }
    got = *read;
  }
  if (got == asked) return SQLITE_OK;
  std::fill_n(static_cast<char*>(into) + got, asked - got, '\0');
  return SQLITE_IOERR_SHORT_READ;
}
int file_write(sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; }
int file_truncate(sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; }
int file_sync(sqlite3_file*, int) { return SQLITE_OK; }
int file_size(sqlite3_file* f, sqlite3_int64* size) {
  const auto* bytes = reinterpret_cast<File*>(f)->bytes;
  *size = bytes == nullptr ? 0 : static_cast<sqlite3_int64>(bytes->size());
  return SQLITE_OK;
}
int file_lock(sqlite3_file*, int) { return SQLITE_OK; }
int file_is_reserved(sqlite3_file*, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}
int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int file_sector_size(sqlite3_file*) { return 4096; }
int file_characteristics(sqlite3_file*) { return 0; }

constexpr sqlite3_io_methods kFileMethods{
    .iVersion = 1,  // without shared memory
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
};

/// The database that a name such as "eclair-rpm-7" or "eclair-rpm-7-wal" belongs to.
Files* find_files(std::string_view name, bool& is_wal) {
  constexpr std::string_view kWal = "-wal";
  is_wal = name.size() > kWal.size() && name.substr(name.size() - kWal.size()) == kWal;
  if (is_wal) name.remove_suffix(kWal.size());
  return open_databases().find(name);
}

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* flags_out) {
  f->pMethods = nullptr;
  bool is_wal = false;
  Files* files = name == nullptr ? nullptr : find_files(name, is_wal);
  if (files == nullptr || (flags & (is_wal ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB)) == 0) return SQLITE_CANTOPEN;  // no temporary files
  auto& file = *reinterpret_cast<File*>(f);
  file.files = files;
  file.bytes = is_wal ? files->wal : files->main;
  file.base.pMethods = &kFileMethods;
  if (flags_out != nullptr) *flags_out = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  return SQLITE_OK;
}
int vfs_delete(sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; }
int vfs_access(sqlite3_vfs*, const char* name, int, int* there) {
  bool is_wal = false;
  const Files* files = find_files(name, is_wal);
  *there = files != nullptr && (!is_wal || files->wal != nullptr);
  return SQLITE_OK;
}
int vfs_full_path(sqlite3_vfs*, const char* name, int room, char* into) {
  sqlite3_snprintf(room, into, "%s", name);
  return SQLITE_OK;
}
int vfs_randomness(sqlite3_vfs*, int count, char* into) {
  std::fill_n(into, count, '\0');  // only for names of temporary files and new logs, which there are none of
  return count;
}
int vfs_sleep(sqlite3_vfs*, int) { return 0; }
int vfs_time(sqlite3_vfs*, double* julian_day) {
  *julian_day = 2440587.5;  // 1970: analysis has no clock
  return SQLITE_OK;
}
int vfs_last_error(sqlite3_vfs*, int, char*) { return 0; }

int register_vfs() {
  static sqlite3_vfs vfs{
      .iVersion = 1,
      .szOsFile = sizeof(File),
      .mxPathname = 64,
      .zName = kVfsName,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_path,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_time,
      .xGetLastError = vfs_last_error,
  };
  return sqlite3_vfs_register(&vfs, 0);
}

int on_tick(void* context) {
  auto& files = *static_cast<Files*>(context);
  if (files.stop->requested()) return 1;
  if (files.ticks_left == 0) {
    files.out_of_ticks = true;
    return 1;
  }
  --files.ticks_left;
  return 0;
}

/// Only plain reads of plain tables; no functions, no pragmas, no recursion (whatever a hostile schema hides behind a name).
int authorize(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

class Walk {
 public:
  Walk(const ByteSource& in, const ByteSource* wal, const Limits& limits, const Cancel& stop, RpmRecords& out)
      : limits_(limits), out_(out), files_bytes_(in.size() + (wal == nullptr ? 0 : wal->size())), budget_(files_bytes_) {
    files_.main = &in;
    files_.wal = wal != nullptr && wal->size() > 0 ? wal : nullptr;
    files_.stop = &stop;
    name_ = open_databases().add(files_);
  }
  ~Walk() {
    close();
    open_databases().remove(name_);
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  Result<> run() {
    const auto strict = open(Tolerance::none);
    if (!strict) {
      if (must_stop() || strict.error().code != Errc::invalid_input) return fail(strict.error());
      // A file cut short, or another table's damaged definition: SQLite gets past both when told that it is to repair the schema.
      close();
      if (!open(Tolerance::damaged_schema)) return fail(must_stop() ? failure("opening it").value() : strict.error());
      ECLAIR_CHECK_OK(out_.damage("incomplete", strict.error().text));
    }
    return read_in_order();
  }

 private:
  /// The error for what SQLite just said.
  tl::unexpected<Error> failure(std::string_view doing) const {
    if (files_.stop->requested()) return fail(Errc::cancelled, "cancelled");
    if (files_.source_failed) return fail(files_.failed);
    const std::string what = "sqlite database: " + std::string(doing) + ": ";
    if (files_.out_of_reads) return fail(Errc::limit, what + "its schema is larger than " + std::to_string(kSchemaReadBytes) + " bytes");
    if (files_.out_of_ticks) return fail(Errc::limit, what + "it takes too many steps");
    const int code = db_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(db_);
    return fail(code == SQLITE_NOMEM || code == SQLITE_TOOBIG ? Errc::limit : Errc::invalid_input,
                what + text::clean(db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_), 200));
  }
  /// Whether going on makes no sense: the cause is not the database.
  bool must_stop() const { return files_.stop->requested() || files_.source_failed || files_.out_of_reads || files_.out_of_ticks; }

  enum class Tolerance { none, damaged_schema };

  void close() {
    sqlite3_blob_close(blob_);
    sqlite3_finalize(numbers_);
    sqlite3_close(db_);
    blob_ = nullptr;
    numbers_ = nullptr;
    db_ = nullptr;
  }

  Result<> open(Tolerance tolerance) {
    static const int registered = register_vfs();
    if (registered != SQLITE_OK) return fail(Errc::internal, "cannot register a file system with sqlite");
    files_.ticks_left = (limits_.packages * 64) / kInstructionsPerTick + 1000;
    // Recovering the log reads it once; what is read beyond is the schema.
    files_.reads_left = kSchemaReadBytes + (files_.wal == nullptr ? 0 : 2 * files_.wal->size());
    if (sqlite3_open_v2(name_.c_str(), &db_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, kVfsName) != SQLITE_OK) {
      return failure("opening it");
    }
    sqlite3_db_config(db_, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 0, 0);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, tolerance == Tolerance::none ? 1 : 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const auto length = std::min<std::uint64_t>(limits_.rpm_header_bytes + (64u << 10), std::numeric_limits<int>::max());
    sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, static_cast<int>(length));
    sqlite3_limit(db_, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
    sqlite3_limit(db_, SQLITE_LIMIT_COLUMN, 100);
    sqlite3_limit(db_, SQLITE_LIMIT_EXPR_DEPTH, 20);
    sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(db_, kInstructionsPerTick, on_tick, &files_);
    std::string pragmas = "PRAGMA locking_mode=EXCLUSIVE; ";
    if (tolerance == Tolerance::damaged_schema) pragmas += "PRAGMA writable_schema=ON; ";  // nothing can be written: see file_write
    pragmas += "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-" + std::to_string(kCacheKib);
    if (sqlite3_exec(db_, pragmas.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure("preparing it");
    sqlite3_set_authorizer(db_, authorize, nullptr);
    ECLAIR_CHECK_OK(prepare("SELECT rowid FROM main.Packages NOT INDEXED ORDER BY rowid"));
    files_.reads_left = std::numeric_limits<std::uint64_t>::max();
    return {};
  }

  /// To be called after a failure. SQLite checks a page's cells when the page comes into the cache, and one that failed stays there and
  /// counts as checked: the next look at it would follow cells that end outside of it, into whatever the memory holds.
  void forget_pages() { sqlite3_db_release_memory(db_); }

  Result<> prepare(const char* sql) {
    sqlite3_finalize(numbers_);
    numbers_ = nullptr;
    forget_pages();
    if (sqlite3_prepare_v2(db_, sql, -1, &numbers_, nullptr) != SQLITE_OK) return failure("finding its table Packages");
    return {};
  }

  Result<> read_in_order() {
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    while (true) {
      const int step = sqlite3_step(numbers_);
      if (step == SQLITE_DONE) return {};
      const std::int64_t number = step == SQLITE_ROW ? sqlite3_column_int64(numbers_, 0) : 0;
      if (step != SQLITE_ROW || number <= last) {
        const Error why = failure("reading its table Packages").value();
        if (must_stop()) return fail(why);
        return read_behind_damage(std::max<std::int64_t>(last, 0), step == SQLITE_ROW ? "record numbers out of order" : why.text);
      }
      last = number;
      ECLAIR_CHECK_OK(read_record(number));
    }
  }

  /// The scan cannot pass a damaged page, so it is continued from the other end down to damage; the numbers between the two, which
  /// rpm gives out one by one, are then tried singly.
  Result<> read_behind_damage(std::int64_t last, std::string_view why) {
    ECLAIR_CHECK_OK(out_.damage("incomplete", "sqlite database: records after number " + std::to_string(last) + " are damaged: " + std::string(why)));
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
    if (prepare("SELECT rowid FROM main.Packages NOT INDEXED ORDER BY rowid DESC")) {
      while (sqlite3_step(numbers_) == SQLITE_ROW) {
        const std::int64_t number = sqlite3_column_int64(numbers_, 0);
        if (number <= last || number >= end) break;
        end = number;
        ECLAIR_CHECK_OK(read_record(number));
      }
    }
    if (must_stop()) return failure("reading its table Packages");
    ECLAIR_CHECK_OK(prepare("SELECT 1 FROM main.Packages NOT INDEXED WHERE rowid = ?1"));
    const std::int64_t room = std::min(end - 1 - last, kMaxProbes);
    for (std::int64_t i = 1; i <= room; ++i) {
      sqlite3_bind_int64(numbers_, 1, last + i);
      const int step = sqlite3_step(numbers_);
      sqlite3_reset(numbers_);
      if (must_stop()) return failure("reading its table Packages");
      if (step == SQLITE_ROW) {
        ECLAIR_CHECK_OK(read_record(last + i));
      } else if (step != SQLITE_DONE) {
        forget_pages();
      }
    }
    return {};
  }

  /// A record that is there, so that a failure is damage.
  Result<> read_record(std::int64_t number) {
    int code = blob_ == nullptr ? sqlite3_blob_open(db_, "main", "Packages", "blob", number, 0, &blob_) : sqlite3_blob_reopen(blob_, number);
    std::uint64_t size = 0;
    if (code == SQLITE_OK) {
      size = static_cast<std::uint64_t>(sqlite3_blob_bytes(blob_));
      if (size > limits_.rpm_header_bytes || size > files_bytes_) {
        return out_.damage("bad_record", "sqlite database: record " + std::to_string(number) + " is " + std::to_string(size) +
                                             " bytes large; rpm_header_bytes is " + std::to_string(limits_.rpm_header_bytes));
      }
      ECLAIR_CHECK_OK(budget_.take(size));
      buffer_.resize(size);
      code = sqlite3_blob_read(blob_, buffer_.data(), static_cast<int>(size), 0);
    }
    if (code == SQLITE_OK) return out_.header(static_cast<std::uint64_t>(number), buffer_);
    const Error why = failure("record " + std::to_string(number)).value();
    sqlite3_blob_close(blob_);  // a handle that failed once stays so
    blob_ = nullptr;
    forget_pages();
    if (must_stop()) return fail(why);
    return out_.damage("bad_record", why.text);
  }

  const Limits& limits_;
  RpmRecords& out_;
  std::uint64_t files_bytes_;
  RpmByteBudget budget_;
  Files files_;
  std::string name_, buffer_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* numbers_ = nullptr;
  sqlite3_blob* blob_ = nullptr;
};

}  // namespace rpm_sqlite_detail

Result<> walk_rpm_sqlite(const ByteSource& in, const ByteSource* wal, const Limits& limits, const Cancel& stop, RpmRecords& out) {
  return rpm_sqlite_detail::Walk(in, wal, limits, stop, out).run();
}

}  // namespace eclair::extract
