# All from Debian packages; each with its reason in docs/dependencies.md.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(isal REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(lzma REQUIRED IMPORTED_TARGET liblzma)
find_package(BZip2 REQUIRED)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(curl REQUIRED libcurl)  # its header only: net/curl_library.h loads it
pkg_check_modules(ssl REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(pq REQUIRED libpq)  # its header only: store/postgres/pq_library.h loads it
find_package(Boost 1.74 REQUIRED)  # headers: Asio and Beast
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(expat REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-cpp)
find_package(simdjson REQUIRED)
find_package(RapidJSON REQUIRED)
find_package(doctest REQUIRED)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)  # tests only: the differential oracle of the tar walker
pkg_check_modules(dpkg IMPORTED_TARGET libdpkg)              # tests only: dpkg's own version comparison, the oracle of ours
find_library(ALPM_LIBRARY alpm)  # tests only: pacman's; without pkg-config, whose file wants libraries that are not needed
