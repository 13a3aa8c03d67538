# Completion of riveter for bash. Load it with: source <(riveter completion bash)
_riveter() {
  local current=${COMP_WORDS[COMP_CWORD]} quoted='' candidate
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  case $current in
    [\'\"]*) quoted=1 words[-1]=${current:1} ;; # readline closes the quotation
    *) words[-1]=${current//\\/} ;;
  esac
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ $candidate == *= ]] && compopt -o nospace 2>/dev/null
    [[ -z $quoted && $candidate != *= ]] && printf -v candidate %q "$candidate"
    COMPREPLY+=("$candidate")
  done < <("${COMP_WORDS[0]}" __candidates "${words[@]}" 2>/dev/null)
}
complete -o default -F _riveter riveter
