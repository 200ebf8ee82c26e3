// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace eclair::test {

/// A folder for a test's files, gone with all that is in it when the test ends.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "eclair-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = std::move(name);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

}  // namespace eclair::test
