# Language, sanitizers and hardening, as one interface target that every own target links privately.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

option(ECLAIR_WERROR "warnings are errors" OFF)
option(ECLAIR_FUZZ "link the fuzz targets with libFuzzer instead of the replay program" OFF)
option(ECLAIR_PCH "precompile the standard headers" OFF)
set(ECLAIR_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize takes them")

find_program(CCACHE ccache)
if(CCACHE)
  # Relative paths, so that clones in other folders share the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(eclair_settings INTERFACE)
target_include_directories(eclair_settings INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_definitions(eclair_settings INTERFACE _GLIBCXX_ASSERTIONS)
if(ECLAIR_SANITIZE)
  target_compile_options(eclair_settings INTERFACE -fsanitize=${ECLAIR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(eclair_settings INTERFACE -fsanitize=${ECLAIR_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(eclair_settings INTERFACE -fstack-protector-strong -fstack-clash-protection)
  target_compile_definitions(eclair_settings INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(eclair_settings INTERFACE -pie -Wl,-z,relro,-z,now -Wl,--as-needed)
endif()
# A hundred programs are linked with debug information: GNU ld takes two to four times as long, and 600 MB for each. What users run is linked by the system's own.
find_program(LLD NAMES ld.lld ld.lld-14)
find_program(MOLD mold)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND LLD)
  target_link_options(eclair_settings INTERFACE -fuse-ld=${LLD})
elseif(MOLD AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(eclair_settings INTERFACE -fuse-ld=mold)
endif()
