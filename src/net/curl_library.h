// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include "util/result.h"

namespace eclair::net {

/// The functions of libcurl that we call, under their names without `curl_`.
///
/// libcurl is loaded when the network is first needed, not linked: it brings 27 libraries (Kerberos, LDAP, GnuTLS, ...), which cost every
/// start of the program 6 ms, and most runs read files only.
struct CurlLibrary {
#define ECLAIR_CURL_FUNCTIONS(X)                                                                                                       \
  X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_pause) X(easy_perform) X(easy_reset) X(easy_setopt) X(easy_strerror) X(free)     \
  X(getdate) X(global_init) X(multi_add_handle) X(multi_cleanup) X(multi_info_read) X(multi_init) X(multi_perform) X(multi_poll)       \
  X(multi_remove_handle) X(slist_append) X(slist_free_all) X(url) X(url_cleanup) X(url_get) X(url_set) X(version_info)
#define ECLAIR_CURL_MEMBER(name) decltype(&::curl_##name) name = nullptr;
  ECLAIR_CURL_FUNCTIONS(ECLAIR_CURL_MEMBER)
#undef ECLAIR_CURL_MEMBER
};

/// Loads libcurl.so.4 at the first call, and initialises it; every later call costs nothing and answers the same. From any thread.
/// errors: unavailable (libcurl is not installed, or lacks a function).
Result<const CurlLibrary*> load_curl();

}  // namespace eclair::net
