# Tests beyond the unit tests of cmake/modules.cmake.
file(GLOB e2e CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/e2e/*.sh")
foreach(script IN LISTS e2e)
  get_filename_component(name "${script}" NAME_WE)
  if(name STREQUAL "prelude")
    continue()
  endif()
  add_test(NAME e2e_${name} COMMAND bash "${script}")
  # A script with the line "# needs: ../shared" skips where that folder is not: .ci/run allows it to.
  file(STRINGS "${script}" shared REGEX "^# needs: \\.\\./shared")
  set(labels e2e)
  if(shared)
    list(APPEND labels shared)
  endif()
  set_tests_properties(e2e_${name} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77
    ENVIRONMENT "ECLAIR=$<TARGET_FILE:eclair>;SOURCE_DIR=${CMAKE_SOURCE_DIR};BINARY_DIR=${CMAKE_BINARY_DIR}")
endforeach()

add_subdirectory(tests/oracle)

# What scripts use that no command offers yet.
add_executable(artifact_tool tests/support/artifact_tool.cpp)
target_link_libraries(artifact_tool PRIVATE eclair_image eclair_warnings)
add_executable(purl_lines tests/support/purl_lines.cpp)
target_include_directories(purl_lines PRIVATE "${CMAKE_SOURCE_DIR}/tests")
target_link_libraries(purl_lines PRIVATE eclair_match eclair_warnings)
