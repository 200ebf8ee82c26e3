// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace eclair::service {

/// Keeps what was used last, up to a sum of costs. Values are shared: one that is dropped lives on with whoever holds it.
/// threads: own synchronisation.
template <class Key, class Value>
class Lru {
 public:
  explicit Lru(std::uint64_t most) : most_(most) {}

  std::shared_ptr<const Value> find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    items_.splice(items_.begin(), items_, found->second);
    return found->second->value;
  }

  /// Replaces what is there under the key.
  void put(const Key& key, std::shared_ptr<const Value> value, std::uint64_t cost) {
    const std::lock_guard lock(mutex_);
    drop(key);
    items_.push_front({key, std::move(value), cost});
    places_[key] = items_.begin();
    cost_ += cost;
    while (cost_ > most_ && items_.size() > 1) drop(Key(items_.back().key));
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    items_.clear();
    places_.clear();
    cost_ = 0;
  }

 private:
  struct Item {
    Key key;
    std::shared_ptr<const Value> value;
    std::uint64_t cost;
  };

  void drop(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    cost_ -= found->second->cost;
    items_.erase(found->second);
    places_.erase(found);
  }

  const std::uint64_t most_;
  std::mutex mutex_;  // guards all below
  std::list<Item> items_;  // used last first
  std::unordered_map<Key, typename std::list<Item>::iterator> places_;
  std::uint64_t cost_ = 0;
};

}  // namespace eclair::service
