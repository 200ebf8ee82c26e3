// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace eclair::service {

/// A value in force, replaced as a whole while others use it: who took it keeps what it took.
/// threads: any.
template <class T>
class Current {
 public:
  Current() = default;
  explicit Current(T value) { set(std::move(value)); }
  void set(T value) { std::atomic_store(&value_, std::make_shared<const T>(std::move(value))); }
  /// null only before the first set().
  std::shared_ptr<const T> get() const { return std::atomic_load(&value_); }

 private:
  std::shared_ptr<const T> value_;
};

}  // namespace eclair::service
