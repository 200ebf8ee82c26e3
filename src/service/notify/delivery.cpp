// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/delivery.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "service/notify/hook_body.h"

namespace eclair::service {
namespace delivery_detail {

constexpr std::uint64_t kLongestPause = 15 * 60;
constexpr std::size_t kMostAtOnce = 256;   // taken together
constexpr unsigned kBeforeRest = 5;        // failures in a row that make a target count as away

std::uint64_t pause(std::uint32_t failures) { return failures == 0 ? 0 : std::min<std::uint64_t>(std::uint64_t{1} << std::min(failures - 1, 20u), kLongestPause); }

}  // namespace delivery_detail
using namespace delivery_detail;

Delivery::Delivery(Parts parts, HookTarget target, DeliverySettings settings, std::string owner, std::vector<std::string> enough)
    : parts_(std::move(parts)), target_(std::move(target)), id_(target_.id()), settings_(settings), owner_(std::move(owner)), enough_(std::move(enough)) {}

Delivery::OneResult Delivery::send(const store::ServiceStore::Delivery& one, Clock::time_point until) const {
  OneResult out;
  const auto untried = [&] { return parts_.stop.requested() || Clock::now() >= until; };
  if (untried()) {
    out.untried = true;
    return out;
  }
  const auto bodies = hook_bodies(target_.format, one.notification.name, parts_.notifications, parts_.vulnerabilities);
  if (!bodies) {
    if (parts_.sent) parts_.sent({one.notification.name, false, bodies.error().text, 0});
    return out;
  }
  for (const std::string& body : *bodies) {
    // Making a body may have taken long.
    if (untried()) {
      out.untried = true;
      return out;
    }
    const auto begin = Clock::now();
    const HookSender::Outcome result = parts_.sender.send(target_.url, body);
    out.untried = result.cancelled;
    if (result.cancelled) return out;
    out.retry_after_seconds = result.retry_after_seconds;
    if (parts_.sent) parts_.sent({one.notification.name, result.accepted, result.why, std::chrono::duration<double, std::milli>(Clock::now() - begin).count()});
    if (!result.accepted) return out;
  }
  out.accepted = true;
  return out;
}

store::ServiceStore::Outcome Delivery::outcome(const store::ServiceStore::Delivery& one, const OneResult& result) const {
  store::ServiceStore::Outcome out;
  out.notification = one.notification.id;
  out.attempts = one.attempts;
  if (result.untried) return out;
  out.accepted = result.accepted;
  if (result.accepted) {
    out.attempts = 0;
    out.over = target_.format == HookFormat::v0 || settings_.renotify_seconds == 0;
    out.again_seconds = settings_.renotify_seconds;
    return out;
  }
  ++out.attempts;
  out.again_seconds = std::max(pause(out.attempts), std::min(result.retry_after_seconds, kLongestPause));
  if (out.attempts >= settings_.attempts) out.attempts = 0;
  return out;
}

void Delivery::rest_or_not(const std::vector<OneResult>& results) {
  for (const OneResult& one : results) {
    if (one.accepted) failures_ = 0;
    if (!one.accepted && !one.untried) ++failures_;
  }
  if (failures_ >= kBeforeRest) rests_until_ = Clock::now() + std::chrono::seconds(pause(failures_ - kBeforeRest + 1));
}

Result<std::size_t> Delivery::step() {
  if (Clock::now() < rests_until_) return std::size_t{0};
  const bool away = failures_ >= kBeforeRest;
  const Clock::time_point begin = Clock::now();
  ECLAIR_TRY(const auto taken, parts_.store.claim(id_, owner_, settings_.lease_seconds, away ? 1 : kMostAtOnce));
  if (taken.empty()) return std::size_t{0};
  // What is not begun by then is given back. The lease began after `begin`; the rest of it is for requests that are on their way.
  const auto until = begin + std::chrono::milliseconds(settings_.lease_seconds * 500ull);
  std::vector<OneResult> results(taken.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < taken.size(); i = next++) results[i] = send(taken[i], until);
  };
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(settings_.at_once, taken.size()); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& one : helpers) one.join();
  std::vector<store::ServiceStore::Outcome> outcomes;
  for (std::size_t i = 0; i < taken.size(); ++i) outcomes.push_back(outcome(taken[i], results[i]));
  rest_or_not(results);
  ECLAIR_CHECK_OK(parts_.store.settle(id_, owner_, outcomes, enough_));
  return taken.size();
}

}  // namespace eclair::service
