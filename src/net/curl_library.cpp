// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.h"

#include <dlfcn.h>

#include <string>

namespace eclair::net {
namespace curl_library_detail {

Result<CurlLibrary> open() {
  const auto because = [] {
    const char* why = ::dlerror();
    return std::string(why == nullptr ? "no reason given" : why);
  };
  void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);  // never closed: its threads and atexit handlers live on
  if (library == nullptr) return fail(Error{Errc::unavailable, "cannot use the network: " + because(), "install libcurl4 (Debian, Ubuntu) or libcurl"});
  CurlLibrary out;
#define ECLAIR_CURL_LOAD(name)                                                          \
  out.name = reinterpret_cast<decltype(out.name)>(::dlsym(library, "curl_" #name));     \
  if (out.name == nullptr) return fail(Errc::unavailable, "cannot use the network: " + because());
  ECLAIR_CURL_FUNCTIONS(ECLAIR_CURL_LOAD)
#undef ECLAIR_CURL_LOAD
  if (out.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return fail(Errc::unavailable, "cannot use the network: libcurl does not start");
  return out;
}

}  // namespace curl_library_detail

Result<const CurlLibrary*> load_curl() {
  static const Result<CurlLibrary> library = curl_library_detail::open();
  if (!library) return fail(library.error());
  return &*library;
}

}  // namespace eclair::net
