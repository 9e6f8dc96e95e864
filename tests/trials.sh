# shellcheck shell=bash
# The part of ./dev, which reads this file, that tries to break the gate for longer than the tests have time for.

# run_tool TARGET [ARGS]: builds a program of the tests, then runs it.
run_tool() {
  local target=$1
  install_packages "${build_packages[@]}"
  say "building $target"
  configure release
  cmake --build --preset release --parallel "$(job_count)" --target "$target" >&2
  "build/release/bin/$target" "${@:2}"
}

cmd_oracle() { run_tool tipdiffer "$@"; }

cmd_simulate() {
  if [[ ${1:-} != --compare ]]; then
    run_tool tipsimulate "$@"
    return
  fi
  install_packages "${build_packages[@]}" "${tidy_packages[@]}"
  JOBS=$(job_count) tests/simulation/compare "${@:2}"
}

cmd_crash() {
  if [[ ${1:-} != --power-losses ]]; then
    run_tool tipcrash "$@"
    return
  fi
  [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage_error "--power-losses takes a number"
  TIPGATE_POWER_LOSSES=$2 run_tool storage_test --gtest_filter='Crash.*'
}

cmd_damage() { run_tool tipdamage "$@"; }

cmd_fuzz() {
  install_packages "${build_packages[@]}" "${fuzz_packages[@]}"
  say "building build/fuzz"
  configure fuzz
  cmake --build --preset fuzz --parallel "$(job_count)" >&2
  tests/fuzz/run "$@"
}

# The next two in the place of this script, so that a signal reaches them.
cmd_soak() {
  build release "${programs[@]}" >&2
  exec /usr/bin/python3 tests/soak/soak.py "$@"
}

cmd_prove() {
  install_packages "${build_packages[@]}" "${test_packages[@]}"
  exec /usr/bin/python3 tests/prove/prove.py "$@"
}

cmd_mutations() {
  install_packages "${build_packages[@]}" "${test_packages[@]}"
  if [[ ${1:-} == --simulation ]]; then
    tests/mutations/simulation "${@:2}"
  else
    tests/mutations/run "$@"
  fi
}
