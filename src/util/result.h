// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace eclair {

/// Why something failed, as far as a caller reacts differently. Everything finer is text.
enum class Errc : unsigned char {
  invalid_input,  ///< drop this evidence or record, keep a note, go on
  unsupported,    ///< report as not covered, go on
  not_found,      ///< 404, or an empty answer
  conflict,       ///< retry the transaction
  limit,          ///< stop this input; the text names the limit and its value
  unavailable,    ///< retry with back-off; keep the old state
  cancelled,      ///< unwind quietly
  internal,       ///< a bug of ours: never hidden
};

/// A failure: a code to react to and one line for people.
/// Form of the text: lower case, what was being done, the offending thing, the limit if any; no advice, no full stop.
struct [[nodiscard]] Error {
  Errc code = Errc::internal;
  std::string text;
  std::string hint{};  ///< one line with something to type; only set where image/, net/ or cli/ know the way out

  /// Adds what the failing thing was part of, on the way up: "layer 3: <text>".
  Error within(std::string_view what) && {
    text.insert(0, std::string(what) + ": ");
    return std::move(*this);
  }
};

/// A value or an Error. One alias, so that std::expected is one changed line away.
template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string text) { return tl::unexpected<Error>(Error{code, std::move(text)}); }
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace eclair

#define ECLAIR_CONCAT_(a, b) a##b
#define ECLAIR_CONCAT(a, b) ECLAIR_CONCAT_(a, b)

/// ECLAIR_TRY(auto value, expression): takes the value of a Result, or returns its error from this function.
#define ECLAIR_TRY(declaration, ...)                                                                     \
  auto ECLAIR_CONCAT(try_, __LINE__) = (__VA_ARGS__);                                                    \
  if (!ECLAIR_CONCAT(try_, __LINE__)) return ::eclair::fail(std::move(ECLAIR_CONCAT(try_, __LINE__)).error()); \
  declaration = *std::move(ECLAIR_CONCAT(try_, __LINE__))

/// ECLAIR_CHECK_OK(expression): the same for a Result<void>.
#define ECLAIR_CHECK_OK(...)                                              \
  do {                                                                    \
    auto result_ = (__VA_ARGS__);                                         \
    if (!result_) return ::eclair::fail(std::move(result_).error());      \
  } while (false)
