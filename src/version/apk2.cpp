// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of apk-tools 2 (src/version.c of its last releases), kept to explain what an older Alpine thought; matching uses `apk`.
//
// It differs from version 3 in the reading, not in the idea. A reader knows the kind of the next token before it reads its value; a
// value is compared before the kind that follows. Numbers may be missing, a letter may be followed by a number, suffixes match by
// prefix, there is no hash, and a number of 18 digits or more breaks the text. Zeros before a number that follows a dot are a token of
// their own, worth minus the zeros that are too many. Here a broken text is *newer* than one that goes on or ends.
#include <cstddef>

#include "version/apk_suffixes.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace eclair::version {
namespace apk2_detail {

enum class Kind { invalid, dotted, number, letter, suffix, suffix_number, revision, end };  // newest first

/// What a token is worth: `rank`, and among equal ranks the number.
struct Value {
  std::ptrdiff_t rank = 0;
  std::string_view digits{};
};

constexpr std::size_t kMaxDigits = 17;

class Reader {
 public:
  explicit Reader(std::string_view version) noexcept : rest_(version) {}

  Kind kind() const noexcept { return kind_; }  ///< of the token that take() reads next

  Value take() noexcept {
    if (rest_.empty()) {
      kind_ = Kind::end;
      return {};
    }
    Value value;
    switch (kind_) {
      case Kind::dotted:
        if (rest_.front() == '0') {
          // All but one of the zeros; the last starts the number, which is the next token.
          std::size_t zeros = 1;
          while (zeros < rest_.size() && rest_[zeros] == '0') ++zeros;
          rest_.remove_prefix(zeros - 1);
          kind_ = Kind::number;
          return {-static_cast<std::ptrdiff_t>(zeros - 1), {}};
        }
        [[fallthrough]];
      case Kind::number:
      case Kind::suffix_number:
      case Kind::revision:
        value.digits = take_digits(rest_);
        if (value.digits.size() > kMaxDigits) return broken();
        break;
      case Kind::letter:
        value.rank = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        break;
      case Kind::suffix: {
        const int rank = take_suffix();
        if (rank == 0) return broken();
        value.rank = rank > 0 ? rank - 1 : rank;  // the first rank above none is worth what a missing suffix is: "1_" = "1_cvs"
        break;
      }
      case Kind::end:
      case Kind::invalid:
        return broken();
    }
    find_next();
    return value;
  }

 private:
  Value broken() noexcept {
    kind_ = Kind::invalid;
    return {-1, {}};
  }

  /// 0: not a suffix that apk knows.
  int take_suffix() noexcept {
    for (const ApkSuffix& known : kApkSuffixes) {
      if (!rest_.starts_with(known.word)) continue;
      rest_.remove_prefix(known.word.size());
      return known.rank;
    }
    return 0;
  }

  void find_next() noexcept {
    if (rest_.empty()) {
      kind_ = Kind::end;
      return;
    }
    const Kind last = kind_;
    const char c = rest_.front();
    if ((last == Kind::number || last == Kind::dotted) && is_apk_letter(c)) {
      kind_ = Kind::letter;
    } else if (last == Kind::letter && text::is_digit(c)) {
      kind_ = Kind::number;
    } else if (last == Kind::suffix && text::is_digit(c)) {
      kind_ = Kind::suffix_number;
    } else if (c == '.' && (last == Kind::number || last == Kind::dotted)) {
      rest_.remove_prefix(1);
      kind_ = Kind::dotted;
    } else if (c == '_' && last <= Kind::suffix_number) {
      rest_.remove_prefix(1);
      kind_ = Kind::suffix;
    } else if (rest_.starts_with("-r")) {
      rest_.remove_prefix(2);
      kind_ = Kind::revision;
    } else {
      kind_ = Kind::invalid;
    }
  }

  std::string_view rest_;
  Kind kind_ = Kind::number;
};

std::strong_ordering compare_values(const Value& a, const Value& b) noexcept {
  if (const auto order = a.rank <=> b.rank; order != 0) return order;
  return compare_numbers(a.digits, b.digits);
}

std::strong_ordering compare(std::string_view a, std::string_view b) noexcept {
  Reader left(a);
  Reader right(b);
  while (left.kind() == right.kind() && left.kind() != Kind::end && left.kind() != Kind::invalid) {
    const Value left_value = left.take();
    const Value right_value = right.take();
    if (const auto order = compare_values(left_value, right_value); order != 0) return order;
  }
  if (left.kind() == right.kind()) return std::strong_ordering::equal;
  const Kind left_kind = left.kind();
  const Kind right_kind = right.kind();
  if (left_kind == Kind::suffix && left.take().rank < 0) return std::strong_ordering::less;
  if (right_kind == Kind::suffix && right.take().rank < 0) return std::strong_ordering::greater;
  return right_kind <=> left_kind;
}

bool is_valid(std::string_view version) noexcept {
  Reader reader(version);
  do reader.take();
  while (reader.kind() != Kind::end && reader.kind() != Kind::invalid);
  return reader.kind() == Kind::end;
}

constexpr Scheme kScheme{"apk2", "Alpine packages, as apk-tools 2 compared them", &compare, &compare, &compare, &is_valid};

}  // namespace apk2_detail

const Scheme& apk2() { return apk2_detail::kScheme; }

}  // namespace eclair::version
