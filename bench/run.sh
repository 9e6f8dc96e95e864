# shellcheck shell=bash
# The benchmark part of ./dev, which reads this file: what `./dev bench` does.

readonly peer_packages=(
  libhiredis-dev libpq-dev postgresql-15 python3 python3-matplotlib redis-server)

# Debian's packages ask it, if it is there, before they start a service.
readonly service_policy=/usr/sbin/policy-rc.d

allow_services() { as_root rm -f "$service_policy"; }

# What one would take instead is installed, and never started: peerbench starts its own.
install_peers() {
  local missing
  missing=$(missing_packages "${build_packages[@]}" "${peer_packages[@]}")
  if [[ -z $missing ]]; then
    return
  fi
  # Whoever has a policy of their own keeps it.
  if [[ -e $service_policy ]]; then
    install_packages "${build_packages[@]}" "${peer_packages[@]}"
    return
  fi
  trap allow_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # 101: starting is not allowed.
  as_root sh -c "printf '#!/bin/sh\\nexit 101\\n' >$service_policy && chmod 755 $service_policy"
  install_packages "${build_packages[@]}" "${peer_packages[@]}"
  allow_services
  trap - EXIT INT TERM
}

# Each mode beside an empty service, then the micro-benchmarks. Arguments go to tipbench.
bench_modes() {
  build release
  local mode batch
  mkdir -p build/release/bench
  for mode in unary batch stream; do
    batch=$([[ $mode == unary ]] && echo 1 || echo 1000)
    say "tipbench --mode $mode --batch $batch"
    build/release/bin/tipbench --mode "$mode" --batch "$batch" --payers 100000 --seconds 5 --echo \
      --json "build/release/bench/$mode.json" "$@"
  done
  say "core_benchmark"
  build/release/bin/core_benchmark --benchmark_min_time=0.2
}

# One JSON object a line on standard output, a line a mode, and nothing else. Arguments go to tipbench.
bench_quick() {
  build release tipgate tipbench tipecho >&2
  local mode batch echo_flag report status
  mkdir -p build/release/bench
  while read -r mode batch echo_flag; do
    say "tipbench --mode $mode --batch $batch"
    report=build/release/bench/quick-$mode-$batch.json
    rm -f "$report"
    status=0
    build/release/bin/tipbench --mode "$mode" --batch "$batch" --payers 100000 --seconds 10 --warmup 2 \
      ${echo_flag:+"$echo_flag"} --json "$report" "$@" </dev/null >&2 || status=$?
    [[ ! -s $report ]] || cat "$report"
    ((status == 0)) || fail "tipbench --mode $mode ended with exit status $status"
  done <<'MODES'
unary 1 --echo
batch 50
batch 1000
stream 1000
MODES
}

# In the place of this script, so that a signal reaches it. With Debian's Python, which finds
# Debian's packages, whatever else is called python3.
# compare ACTION [ARGS]
compare() { exec /usr/bin/python3 bench/peers/compare.py "$@"; }
# restart [ARGS]
restart() { exec /usr/bin/python3 bench/peers/restart.py "$@"; }

# overload ACTION [ARGS]
overload() { exec /usr/bin/python3 bench/peers/overload.py "$@"; }

cmd_bench() {
  local action=${1:-}
  case $action in
    --quick)
      bench_quick "${@:2}"
      ;;
    --peers)
      install_peers
      build release tipgate tipbench tipecho tipnaive peerbench >&2
      compare run "${@:2}"
      ;;
    --growth)
      install_packages "${build_packages[@]}" python3 python3-matplotlib
      build release tipgate tipbench restart_benchmark >&2
      compare growth "${@:2}"
      ;;
    --restart)
      install_packages "${build_packages[@]}" python3 python3-matplotlib
      build release tipgate restart_benchmark >&2
      restart "${@:2}"
      ;;
    --overload)
      install_packages "${build_packages[@]}" python3 python3-matplotlib
      build release tipgate tipbench >&2
      overload run "${@:2}"
      ;;
    --page)
      install_packages python3 python3-matplotlib
      (compare page "${@:2}")  # Comes back.
      overload page "${@:2}"
      ;;
    *) bench_modes "$@" ;;
  esac
}
