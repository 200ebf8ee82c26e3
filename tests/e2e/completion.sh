#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Completion, in the shells themselves: what a press of the tab key writes.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
terminal=$SOURCE_DIR/tests/support/terminal.py
mkdir bin "dir with files" data
ln -s "$ECLAIR" bin/eclair
export PATH="$T/bin:$PATH" ECLAIR_DATA_DIR="$T/data" TERM=xterm
touch "dir with files/one.tar" image-of-mine.tar
printf 'registry.example.com:5000/shop/api:1.4\ndebian:12\n' >data/recent-images

expect 0 completion bash; has "complete -F _eclair eclair"; silent
expect 1 completion; one_error
expect 1 completion tcsh; says "tcsh: no completion for this shell (bash, zsh, fish)"
expect 0 __complete scan --sev; has "--severity"; has ":none"; silent
expect 0 __complete; has "scan	"
expect 0 __complete scan ''; has "registry.example.com:5000/shop/api:1.4"; has ":files"
# Whatever stands on the line, and whatever is set: nothing is said but lines to choose from.
echo 'nonsense: [' >.eclair.yaml
ECLAIR_PARALLEL=x expect 0 __complete scan --nonsense "$(printf 'a\033b')" ''; silent
rm .eclair.yaml

# press SHELL COMMAND-LINE-AND-TABS WANTED...: types it, and the screen must show what is wanted. Each shell is without its owner's files.
press() {
  local shell=$1 keys=$2 want; shift 2
  case $shell in
    bash) printf 'PS1="> "; source <(eclair completion bash)\n' >rc; set -- "$@"
          python3 "$terminal" --columns 100 --type "$keys" --seconds 20 -- bash --noprofile --rcfile rc -i >screen || true;;
    zsh) mkdir -p zsh; printf 'PS1="> "; fpath=("$PWD/zsh" $fpath); autoload -Uz compinit; compinit -u -d zsh/dump; zstyle ":completion:*" menu no\n' >zsh/.zshrc
         eclair completion zsh >zsh/_eclair
         ZDOTDIR=$T/zsh python3 "$terminal" --columns 100 --type "$keys" --seconds 20 -- zsh -i >screen || true;;
    fish) mkdir -p "$HOME/.config/fish/completions"; eclair completion fish >"$HOME/.config/fish/completions/eclair.fish"
          printf 'function fish_prompt; echo "> "; end\nset fish_greeting\n' >"$HOME/.config/fish/config.fish"
          python3 "$terminal" --columns 100 --type "$keys" --seconds 20 -- fish -i >screen || true;;
  esac
  for want in "$@"; do
    grep -qF -- "$want" screen || { cat screen >&2; die "$shell, after '$keys': lacks $want"; }
  done
}
tried=0
for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || { echo "without $shell"; continue; }
  tried=$((tried + 1))
  press $shell 'eclair sca\t' '> eclair scan'
  press $shell 'eclair scan --seve\t' '> eclair scan --severity'
  press $shell 'eclair scan --severity high,cri\t' '> eclair scan --severity high,critical'
  press $shell 'eclair db expo\t' '> eclair db export'
  press $shell 'eclair scan registry\t' '> eclair scan registry.example.com:5000/shop/api:1.4'
  press $shell 'eclair scan registry.example.com:50\t' '> eclair scan registry.example.com:5000/shop/api:1.4'
  press $shell 'eclair scan --color=alw\t' '> eclair scan --color=always'
  press $shell 'eclair scan --input image-o\t' '> eclair scan --input image-of-mine.tar'
  press $shell 'eclair scan --input=image-o\t' '> eclair scan --input=image-of-mine.tar'
  press $shell 'eclair scan image-o\t' '> eclair scan image-of-mine.tar'
  press $shell 'eclair config \t\t' 'init' 'show' 'check'
done
[ "$tried" -gt 0 ] || skip "no shell to try"
