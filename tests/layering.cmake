# The layers, as a test: cmake -P tests/layering.cmake
#
# Lists what each folder may include and names every line that includes anything else. Folders stand in
# order, low ones first, and a folder may use only itself and folders before it: a cycle cannot be written
# down here without failing. A folder within another stands before it. Another tree is checked with -D ROOT=DIR.

cmake_minimum_required(VERSION 3.25)

if(NOT DEFINED ROOT)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()

set(STD "<[a-z_]+>")
set(POSIX "<((sys|netinet|arpa|linux)/)?[a-z_]+[.]h>")
set(PROTO "tipgate/v1/" "google/protobuf/")
set(GRPC "grpc/" "grpcpp/")

set(folders)

# layer(FOLDER OURS ... THEIRS ... SYSTEM ...): OURS are folders; THEIRS are prefixes of third-party
# headers; SYSTEM are patterns of the compiler's and the system's own headers. Without THEIRS and SYSTEM
# all headers that are not ours are allowed.
macro(layer folder)
  cmake_parse_arguments(ARG "" "" "OURS;THEIRS;SYSTEM" ${ARGN})
  foreach(lower IN LISTS ARG_OURS)
    if(NOT lower IN_LIST folders)
      message(FATAL_ERROR "layering: ${folder}/ may not use ${lower}/, which does not stand below it")
    endif()
  endforeach()
  list(APPEND folders ${folder})
  set(ours_${folder} ${folder} ${ARG_OURS})
  set(theirs_${folder} ${ARG_THEIRS})
  set(system_${folder} ${ARG_SYSTEM})
endmacro()

layer(core    THEIRS absl/ SYSTEM ${STD})
layer(storage OURS core THEIRS absl/ rocksdb/ openssl/ SYSTEM ${STD} ${POSIX})
layer(offline OURS core storage THEIRS absl/ SYSTEM ${STD} ${POSIX})
layer(yaml    THEIRS absl/ ${PROTO} yaml-cpp/ SYSTEM ${STD})
layer(server  OURS core yaml SYSTEM ${STD} ${POSIX}
              THEIRS absl/ ${GRPC} ${PROTO} prometheus/ civetweb CivetServer.h CLI/)
layer(cli     OURS offline yaml THEIRS absl/ ${GRPC} ${PROTO} CLI/ SYSTEM ${STD} ${POSIX})
layer(bench   OURS core storage offline yaml server cli)
# The second implementation shares no code with what it is compared with.
layer(tests/oracle THEIRS absl/ gtest/ SYSTEM ${STD})
layer(tests   OURS core storage offline yaml server cli bench tests/oracle)

# The composition root is the one file that sees all.
set(ours_of_server/main.cc ${ours_server} storage)

# Sets ${result} to the folder with a layer that the path lies in, or to nothing.
function(layer_of result path)
  set(${result} "" PARENT_SCOPE)
  foreach(folder IN LISTS folders)
    string(FIND "${path}" "${folder}/" position)
    if(position EQUAL 0)
      set(${result} ${folder} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Sets ${result} to TRUE if a file of the folder may include <header> or "header".
function(is_allowed result folder file include)
  set(${result} FALSE PARENT_SCOPE)
  string(REGEX REPLACE "[<>\"]" "" header "${include}")
  set(ours ${ours_${folder}})
  if(DEFINED ours_of_${file})
    set(ours ${ours_of_${file}})
  endif()
  if(header MATCHES "[.][.]/")
    return()
  endif()
  layer_of(layer "${header}")
  if(layer)
    if(layer IN_LIST ours AND include MATCHES "^\"")
      set(${result} TRUE PARENT_SCOPE)
    endif()
    return()
  endif()
  if(NOT theirs_${folder} AND NOT system_${folder} AND header MATCHES "/|^[a-z_-]+([.]h)?$")
    set(${result} TRUE PARENT_SCOPE)
    return()
  endif()
  foreach(prefix IN LISTS theirs_${folder})
    string(FIND "${header}" "${prefix}" position)
    if(position EQUAL 0)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
  foreach(pattern IN LISTS system_${folder})
    if(include MATCHES "^${pattern}$")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# Sets ${result} to the number of the line that the text first stands in.
function(line_number result file text)
  file(READ ${ROOT}/${file} content)
  string(FIND "${content}" "${text}" position)
  string(SUBSTRING "${content}" 0 ${position} before)
  string(REGEX MATCHALL "\n" newlines "${before}")
  list(LENGTH newlines count)
  math(EXPR count "${count} + 1")
  set(${result} ${count} PARENT_SCOPE)
endfunction()

set(violation_count 0)
set(file_count 0)
file(GLOB_RECURSE files RELATIVE ${ROOT}
  ${ROOT}/*.h ${ROOT}/*.cc ${ROOT}/*.hpp ${ROOT}/*.cpp ${ROOT}/*.inc)
list(FILTER files EXCLUDE REGEX "^(build|[.][^/]*)/")

foreach(file IN LISTS files)
  math(EXPR file_count "${file_count} + 1")
  layer_of(folder "${file}")
  if(NOT folder)
    message(SEND_ERROR "${file}:1: the folder has no layer; name it in tests/layering.cmake")
    math(EXPR violation_count "${violation_count} + 1")
    continue()
  endif()
  file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[<\"][^>\"]*[>\"]" include "${line}")
    is_allowed(allowed ${folder} ${file} "${include}")
    if(NOT allowed)
      line_number(number ${file} "${line}")
      message(SEND_ERROR "${file}:${number}: ${folder}/ may not include ${include}")
      math(EXPR violation_count "${violation_count} + 1")
    endif()
  endforeach()
endforeach()

if(violation_count GREATER 0)
  message(FATAL_ERROR "layering: ${violation_count} violations in ${file_count} files")
endif()
if(file_count EQUAL 0)
  message(FATAL_ERROR "layering: no source files in ${ROOT}")
endif()
message(STATUS "layering: ${file_count} files keep to their layers")
