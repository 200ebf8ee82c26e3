// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/pq_library.h"

#include <dlfcn.h>

#include <string>

namespace eclair::store::postgres {
namespace pq_library_detail {

Result<PqLibrary> open() {
  const auto because = [] {
    const char* why = ::dlerror();
    return std::string(why == nullptr ? "no reason given" : why);
  };
  void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);  // never closed: what it brings registers handlers for the end of the process
  if (library == nullptr) return fail(Error{Errc::unavailable, "cannot use PostgreSQL: " + because(), "install libpq5 (Debian, Ubuntu) or libpq"});
  PqLibrary out;
#define ECLAIR_PQ_LOAD(name)                                                        \
  out.name = reinterpret_cast<decltype(out.name)>(::dlsym(library, "PQ" #name));    \
  if (out.name == nullptr) return fail(Errc::unavailable, "cannot use PostgreSQL: " + because() + " (libpq of PostgreSQL 14 or later is needed)");
  ECLAIR_PQ_FUNCTIONS(ECLAIR_PQ_LOAD)
#undef ECLAIR_PQ_LOAD
  return out;
}

}  // namespace pq_library_detail

Result<const PqLibrary*> load_pq() {
  static const Result<PqLibrary> library = pq_library_detail::open();
  if (!library) return fail(library.error());
  return &*library;
}

}  // namespace eclair::store::postgres
