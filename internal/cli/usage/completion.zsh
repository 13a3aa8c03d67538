#compdef riveter
# Completion of riveter for zsh. Load it with: source <(riveter completion zsh), after compinit.
_riveter() {
  local -a candidates
  candidates=("${(@f)$(${words[1]} __candidates "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=(${candidates:#})
  if (( ${#candidates} == 0 )); then
    _files
    return
  fi
  compadd -S '' -- ${(M)candidates:#*=}
  compadd -- ${candidates:#*=}
}
compdef _riveter riveter
