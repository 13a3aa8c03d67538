# Completion of riveter for fish. Save it as ~/.config/fish/completions/riveter.fish
function __riveter_candidates
  set -l words (commandline -opc) (commandline -ct)
  riveter __candidates $words[2..-1] 2>/dev/null
end
complete -c riveter -f -n 'count (__riveter_candidates) >/dev/null' -a '(__riveter_candidates)'
