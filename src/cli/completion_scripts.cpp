// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The scripts know nothing of commands and options: each key press asks the program that stands on the command line.
#include "cli/complete.h"

namespace eclair::cli {
namespace completion_scripts_detail {

// Bash breaks words at "=" and ":", which stand in options and image names; so the line is taken apart here, and what bash keeps is cut off again.
constexpr std::string_view kBash = R"script(# bash completion of eclair. For this shell: source <(eclair completion bash)
_eclair() {
  local line=${COMP_LINE:0:COMP_POINT} words current one cut files=:none
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[${#words[@]}-1]}
  COMPREPLY=()
  while IFS= read -r one; do
    case $one in
      :none | :files | :folders) files=$one ;;
      *) COMPREPLY+=("${one%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]}" __complete "${words[@]:1}" 2>/dev/null)
  if [[ $files != :none ]]; then
    local kind=-f path=$current
    [[ $files == :folders ]] && kind=-d
    [[ $current == -* || $current == *=* ]] && path=${current#*=}
    # What is a name of a file is quoted as one; an image's colons are to stay as they are.
    [[ ${#COMPREPLY[@]} == 0 ]] && compopt -o filenames 2>/dev/null
    while IFS= read -r one; do COMPREPLY+=("${current%"$path"}$one"); done < <(compgen $kind -- "$path")
  fi
  cut=
  [[ $COMP_WORDBREAKS == *=* && $current == *=* ]] && cut=${current%"${current##*=}"}
  [[ $COMP_WORDBREAKS == *:* && ${current#"$cut"} == *:* ]] && cut=${current%"${current##*:}"}
  [[ -n $cut ]] && COMPREPLY=("${COMPREPLY[@]#"$cut"}")
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _eclair eclair
)script";

constexpr std::string_view kZsh = R"script(#compdef eclair
# zsh completion of eclair. Put it where $fpath looks, as _eclair; or for this shell: source <(eclair completion zsh)
_eclair() {
  local -a found shown
  local one word files=:none
  for one in "${(@f)$(${(Q)words[1]} __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $one in
      :none|:files|:folders) files=$one ;;
      *)
        word=${one%%$'\t'*}
        found+=("$word")
        if [[ $one == *$'\t'* ]]; then shown+=("$word -- ${one#*$'\t'}"); else shown+=("$word"); fi ;;
    esac
  done
  (( $#found )) && compadd -l -d shown -a found
  if [[ $files != :none ]]; then
    [[ $PREFIX == *=* ]] && compset -P '*='
    if [[ $files == :folders ]]; then _files -/; else _files; fi
  fi
  (( $#found ))
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _eclair "$@"; else compdef _eclair eclair; fi
)script";

constexpr std::string_view kFish = R"script(# fish completion of eclair. Put it into ~/.config/fish/completions/eclair.fish; or for this shell: eclair completion fish | source
function __eclair_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program $words[1]
  set -e words[1]
  for one in ($program __complete $words "$current" 2>/dev/null)
    switch $one
      case :none
      case :files :folders
        set -l path (string replace -r '^[^=]*=' '' -- "$current")
        set -l before (string sub -l (math (string length -- "$current") - (string length -- "$path")) -- "$current")
        if test $one = :folders
          for found in (__fish_complete_directories "$path"); echo -- "$before$found"; end
        else
          for found in (__fish_complete_path "$path"); echo -- "$before$found"; end
        end
      case '*'
        echo -- $one
    end
  end
end
complete -c eclair -f -a '(__eclair_complete)'
)script";

}  // namespace completion_scripts_detail

std::string_view completion_script(std::string_view shell) {
  using namespace completion_scripts_detail;
  return shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : std::string_view{};
}

}  // namespace eclair::cli
