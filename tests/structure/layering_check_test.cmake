# Proves that the layering check can fail: plants includes in a scratch tree, wrong and right ones.
# cmake -D SCRATCH=DIR -P tests/structure/layering_check_test.cmake

cmake_minimum_required(VERSION 3.25)

set(check ${CMAKE_CURRENT_LIST_DIR}/../layering.cmake)

# Runs the check over a tree of one file with one include, in its third line.
function(check_include file include)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/${file} "#pragma once\n\n#include ${include}\n")
  execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${check}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(status ${status} PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_refused file include)
  check_include(${file} "${include}")
  if(status EQUAL 0 OR NOT output MATCHES "${file}:[13]: ")
    message(SEND_ERROR "not found: ${file} includes ${include}: ${output}")
  endif()
endfunction()

function(expect_allowed file include)
  check_include(${file} "${include}")
  if(NOT status EQUAL 0)
    message(SEND_ERROR "refused: ${file} includes ${include}: ${output}")
  endif()
endfunction()

expect_refused(core/tip.h [["grpcpp/grpcpp.h"]])
expect_refused(core/tip.h [[<rocksdb/db.h>]])
expect_refused(core/tip.h [["storage/recovery.h"]])
expect_refused(core/tip.h [["server/config.h"]])
expect_refused(core/tip.h [["tipgate/v1/tip.pb.h"]])
expect_refused(core/tip.h [[<unistd.h>]])
expect_refused(core/tip.h [["money.h"]])
expect_refused(core/rules/day_limit.h [[<yaml-cpp/yaml.h>]])
expect_refused(storage/recovery.cc [["server/config.h"]])
expect_refused(storage/recovery.cc [["tipgate/v1/tip.pb.h"]])
expect_refused(server/pipeline.cc [["storage/recovery.h"]])
expect_refused(server/pipeline.cc [[<rocksdb/db.h>]])
expect_refused(cli/table.cc [["core/money.h"]])
expect_refused(bench/load.cc [["tests/support/clock.h"]])
expect_refused(core/tip.h [["core/../server/config.h"]])
expect_refused(util/strings.h [[<string>]])
expect_refused(bench/load.cc [["tests/oracle/world.h"]])
foreach(header core/money.h core/policy.h storage/recovery.h server/config.h yaml/duration_text.h tests/support/core_gate.h
    tests/differ/fields.h tests/core/tip_rules_fixture.h tipgate/v1/tip.pb.h world.h tests/oracle/../../core/money.h
    ../support/core_gate.h)
  expect_refused(tests/oracle/world.h "\"${header}\"")
endforeach()
expect_refused(tests/oracle/world.h [[<core/money.h>]])
expect_refused(tests/oracle/world.h [[<unistd.h>]])

expect_allowed(core/tip.h [["core/money.h"]])
expect_allowed(core/tip.h [["absl/time/time.h"]])
expect_allowed(core/rules/day_limit.h [[<cstdint>]])
expect_allowed(storage/recovery.cc [[<sys/stat.h>]])
expect_allowed(storage/recovery.cc [[<rocksdb/db.h>]])
expect_allowed(server/main.cc [["storage/recovery.h"]])
expect_allowed(server/pipeline.cc [["tipgate/v1/tip.grpc.pb.h"]])
expect_allowed(bench/load.cc [["server/config.h"]])
expect_allowed(tests/core/tip_test.cc [[<gtest/gtest.h>]])
expect_allowed(tests/differ/duel.h [["tests/oracle/oracle.h"]])
expect_allowed(tests/oracle/world.h [["tests/oracle/codes.h"]])
expect_allowed(tests/oracle/world.h [["absl/time/time.h"]])
expect_allowed(tests/oracle/world.h [[<vector>]])
expect_allowed(tests/oracle/oracle_self_test.cc [["gtest/gtest.h"]])

file(REMOVE_RECURSE ${SCRATCH})
