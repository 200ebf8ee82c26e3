add_library(eclair_warnings INTERFACE)
target_compile_options(eclair_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wextra-semi -Wformat=2 -Wimplicit-fallthrough $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>)
# Designated initialisers that leave the rest to defaults are how our plain structs are meant to be made.
target_compile_options(eclair_warnings INTERFACE -Wno-missing-field-initializers)
# g++ 12 sees uninitialised values inside std::optional where there are none.
target_compile_options(eclair_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(ECLAIR_WERROR)
  target_compile_options(eclair_warnings INTERFACE -Werror)
endif()
