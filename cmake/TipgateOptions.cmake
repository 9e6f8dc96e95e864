# tipgate_options: what our own code is compiled with. Generated code does not get it.

option(TIPGATE_WERROR "Treat warnings in our own code as errors" ON)
set(TIPGATE_SANITIZE "" CACHE STRING "Sanitizers, such as address,undefined or thread")
option(TIPGATE_FUZZ "Build the targets of tests/fuzz for libFuzzer, which needs Clang" OFF)

# A second build of the same sources is nearly free where ccache is installed.
find_program(CCACHE ccache)
if(CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(tipgate_options INTERFACE)
target_include_directories(tipgate_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(tipgate_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wconversion -Wno-sign-conversion -Wcast-qual -Wextra-semi
  $<$<BOOL:${TIPGATE_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

if(TIPGATE_SANITIZE)
  add_compile_options(-fsanitize=${TIPGATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TIPGATE_SANITIZE})
  if(TIPGATE_SANITIZE STREQUAL "thread")
    foreach(symbol
        _ZN4absl7debian35Mutex4LockEv
        _ZN4absl7debian35Mutex6UnlockEv
        _ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE
        _ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE
        _ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE
        _ZN4absl7debian312Notification6NotifyEv
        _ZNK4absl7debian312Notification19WaitForNotificationEv)
      add_link_options(-Wl,--wrap=${symbol})
    endforeach()
    add_library(tipgate_tsan_absl_mutex OBJECT ${PROJECT_SOURCE_DIR}/tests/support/tsan_absl_mutex.cc)
    target_link_libraries(tipgate_tsan_absl_mutex PRIVATE absl::synchronization absl::time)
    link_libraries($<TARGET_OBJECTS:tipgate_tsan_absl_mutex>)
  endif()
endif()

# tipgate_add_library(NAME SOURCES ... PUBLIC ... PRIVATE ...): one library a folder, tipgate::NAME.
function(tipgate_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(tipgate_${name} STATIC ${ARG_SOURCES})
  add_library(tipgate::${name} ALIAS tipgate_${name})
  target_link_libraries(tipgate_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} tipgate_options)
  target_include_directories(tipgate_${name} PUBLIC ${PROJECT_SOURCE_DIR})
endfunction()

# tipgate_add_executable(NAME SOURCES ... LINK ...)
function(tipgate_add_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} tipgate_options)
endfunction()
