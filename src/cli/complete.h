// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

/// What may stand next on a command line: for the shells' completion.
namespace eclair::cli {

struct Completion {
  struct Candidate {
    std::string word;  ///< the whole word, with what is there of it
    std::string help;  ///< one line; may be empty
  };
  enum class Files : std::uint8_t { none, files, folders };
  std::vector<Candidate> candidates;  ///< all begin with the word that is completed
  Files files = Files::none;          ///< what else may stand there, for the shell to look for
};

/// words: all behind the program's name up to the cursor; the last one is completed and may be empty.
/// recent: images that were scanned lately; asked for only where an image may stand.
/// Pure, but for `recent`.
Completion complete(std::span<const std::string_view> words, std::span<const Command* const> commands,
                    const std::function<std::vector<std::string>()>& recent);

/// The hidden command __complete: a line "WORD<tab>HELP" for each candidate, then ":none", ":files" or ":folders".
std::string completion_lines(const Completion& completion);

/// The script that a shell sources: "bash", "zsh", "fish"; "" = no such shell.
std::string_view completion_script(std::string_view shell);

}  // namespace eclair::cli
