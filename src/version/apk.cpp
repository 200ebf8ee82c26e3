// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of apk-tools 3 (src/version.c there), of  number{.number}{letter}{_suffix{number}}{~hash}{-r number}.
//
// Both texts are read token by token. As long as the kinds agree the values decide; where they part, a suffix of a pre-release is the
// oldest that can follow, and otherwise the kinds decide: what the grammar places earlier is newer, the end is older than any token.
// A text that breaks the grammar gets the token `invalid` there, older than the end, and nothing after it is read. Which token can
// follow depends on the kind of the last one alone, so that equal prefixes leave both readers in equal states: the order is total.
#include "version/apk_suffixes.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace eclair::version {
namespace apk_detail {

enum class Kind { first_number, number, letter, suffix, suffix_number, hash, revision, end, invalid };  // newest first

class Reader {
 public:
  explicit Reader(std::string_view version) noexcept : rest_(version) { take_number(Kind::first_number); }

  Kind kind() const noexcept { return kind_; }
  std::string_view text() const noexcept { return text_; }
  int rank() const noexcept { return rank_; }  ///< of a suffix
  bool is_prerelease() const noexcept { return kind_ == Kind::suffix && rank_ < 0; }

  void next() noexcept {
    if (rest_.empty()) {
      kind_ = Kind::end;
      return;
    }
    const char c = rest_.front();
    if (is_apk_letter(c)) {
      if (kind_ > Kind::number) return fail();
      text_ = rest_.substr(0, 1);
      rest_.remove_prefix(1);
      kind_ = Kind::letter;
    } else if (c == '.') {
      if (kind_ > Kind::number) return fail();
      rest_.remove_prefix(1);
      take_number(Kind::number);
    } else if (text::is_digit(c)) {
      if (kind_ != Kind::suffix) return fail();
      take_number(Kind::suffix_number);
    } else if (c == '_') {
      if (kind_ > Kind::suffix_number) return fail();
      rest_.remove_prefix(1);
      take_suffix();
    } else if (c == '~') {
      if (kind_ >= Kind::hash) return fail();
      rest_.remove_prefix(1);
      take_hash();
    } else if (rest_.starts_with("-r")) {
      if (kind_ >= Kind::revision) return fail();
      rest_.remove_prefix(2);
      take_number(Kind::revision);
    } else {
      fail();
    }
  }

 private:
  void fail() noexcept { kind_ = Kind::invalid; }

  void take_number(Kind kind) noexcept {
    text_ = take_digits(rest_);
    kind_ = text_.empty() ? Kind::invalid : kind;
  }

  void take_suffix() noexcept {
    const std::string_view word = take_while(rest_, is_apk_letter);
    for (const ApkSuffix& known : kApkSuffixes) {
      if (known.word != word) continue;
      rank_ = known.rank;
      kind_ = Kind::suffix;
      return;
    }
    fail();
  }

  void take_hash() noexcept {
    text_ = take_while(rest_, [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
    kind_ = text_.empty() ? Kind::invalid : Kind::hash;
  }

  std::string_view rest_;
  std::string_view text_{};
  int rank_ = 0;
  Kind kind_ = Kind::invalid;
};

/// Two tokens of one kind.
std::strong_ordering compare_tokens(const Reader& a, const Reader& b) noexcept {
  switch (a.kind()) {
    case Kind::number:
      // A leading zero on either side makes both text: 1.01 < 1.1, and 1.0015 < 1.002.
      if (a.text().starts_with('0') || b.text().starts_with('0')) return a.text() <=> b.text();
      return compare_numbers(a.text(), b.text());
    case Kind::first_number:
    case Kind::suffix_number:
    case Kind::revision:
      return compare_numbers(a.text(), b.text());
    case Kind::suffix:
      return a.rank() <=> b.rank();
    case Kind::letter:
    case Kind::hash:
      return a.text() <=> b.text();
    case Kind::end:
    case Kind::invalid:
      break;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare(std::string_view a, std::string_view b) noexcept {
  Reader left(a);
  Reader right(b);
  while (left.kind() == right.kind()) {
    if (left.kind() >= Kind::end) return std::strong_ordering::equal;
    if (const auto order = compare_tokens(left, right); order != 0) return order;
    left.next();
    right.next();
  }
  if (left.is_prerelease()) return std::strong_ordering::less;
  if (right.is_prerelease()) return std::strong_ordering::greater;
  return right.kind() <=> left.kind();
}

bool is_valid(std::string_view version) noexcept {
  Reader reader(version);
  while (reader.kind() < Kind::end) reader.next();
  return reader.kind() == Kind::end;
}

constexpr Scheme kScheme{"apk", "Alpine and Wolfi packages, as apk-tools 3 compares them", &compare, &compare, &compare, &is_valid};

}  // namespace apk_detail

const Scheme& apk() { return apk_detail::kScheme; }

}  // namespace eclair::version
