# What `dev` asks CMake to build, seen by stand-ins for cmake and dpkg-query.
# cmake -D SCRATCH=DIR -P tests/structure/dev_test.cmake

cmake_minimum_required(VERSION 3.25)

set(dev ${CMAKE_CURRENT_LIST_DIR}/../../dev)
set(log ${SCRATCH}/cmake.log)

file(REMOVE_RECURSE ${SCRATCH})
file(WRITE ${SCRATCH}/bin/cmake "#!/bin/sh\necho \"$@\" >>${log}\n[ \"$1\" != --build ]\n")
file(WRITE ${SCRATCH}/bin/dpkg-query "#!/bin/sh\nfor word; do echo \"installed $word\"; done\n")
file(CHMOD ${SCRATCH}/bin/cmake ${SCRATCH}/bin/dpkg-query
  PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(ENV{PATH} "${SCRATCH}/bin:$ENV{PATH}")

# Runs dev, whose build fails, with these words.
function(run_dev)
  file(WRITE ${log} "")
  execute_process(COMMAND ${dev} ${ARGN} RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  file(READ ${log} calls)
  set(status ${status} PARENT_SCOPE)
  set(calls "${calls}" PARENT_SCOPE)
endfunction()

function(expect_targets expected)
  run_dev(${ARGN})
  if(status EQUAL 0 OR NOT calls MATCHES "--build --preset release --parallel [0-9]+${expected}\n")
    message(SEND_ERROR "dev ${ARGN}: expected \"${expected}\" to be built: ${calls}")
  endif()
endfunction()

function(expect_preset preset)
  run_dev(${ARGN})
  if(status EQUAL 0 OR NOT calls MATCHES "--build --preset ${preset} --parallel [0-9]+\n")
    message(SEND_ERROR "dev ${ARGN}: expected all of ${preset} to be built: ${calls}")
  endif()
endfunction()

function(expect_usage_error)
  run_dev(${ARGN})
  if(NOT status EQUAL 2 OR NOT calls STREQUAL "")
    message(SEND_ERROR "dev ${ARGN}: expected a usage error: ${status} ${calls}")
  endif()
endfunction()

expect_targets("" build)
expect_targets("" test)
expect_targets(" --target tipgate tipctl tipbench tipecho tipevening" run --once)
expect_targets(" --target rejection_page" docs)
expect_targets(" --target tipgate tipbench tipecho" bench --quick)
expect_targets(" --target tipgate tipbench tipecho tipnaive peerbench" bench --peers)
expect_targets(" --target tipgate tipbench restart_benchmark" bench --growth --payers 10)
expect_targets(" --target tipgate restart_benchmark" bench --restart)
expect_targets(" --target tip_stages" perf-gate)
expect_targets(" --target tipcrash" crash --rounds 1)
expect_targets(" --target storage_test" crash --power-losses 1)
expect_usage_error(crash --power-losses)
expect_usage_error(crash --power-losses many)
expect_preset(fuzz fuzz --seconds 1)
expect_usage_error(run --data-dir)
expect_usage_error(run --data-dir=)
