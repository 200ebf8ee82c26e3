// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/service.h"

#include <utility>

#include "service/layers/advisories.h"
#include "service/images/api_admission.h"
#include "service/images/api_eclair.h"
#include "service/classic/api_v0.h"
#include "service/classic/api_v1.h"
#include "service/layers/counted_layers.h"
#include "service/health.h"
#include "service/images/images.h"
#include "service/openapi.h"
#include "service/store_metrics.h"
#include "service/notify/api_stream.h"
#include "service/notify/stored_notifications.h"
#include "service/classic/stored_vulnerabilities.h"
#include "service/http/uuid.h"
#include "service/classic/vulnerabilities.h"
#include "store/service_store.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::service {
struct Service::Impl {
  Impl(Metrics& numbers, const Log& lines, std::string url, std::unique_ptr<store::ServiceStore> opened)
      : metrics(numbers), log(lines), store(std::move(opened)), advisories(std::move(url)) {}

  HealthParts health() {
    return {.store_works = [this] { return store->ping().has_value(); },
            .last_update =
                [this]() -> UnixTime {
                  const auto value = store->value("updater/last");
                  if (!value || !*value) return 0;
                  return static_cast<UnixTime>(text::parse_number(**value).value_or(0));
                },
            .notifier_queue = [this]() -> std::optional<std::size_t> {
              if (!notifies) return std::nullopt;
              const auto counts = store->counts();
              return counts ? static_cast<std::size_t>(counts->notifications_pending) : 0;
            }};
  }

  Metrics& metrics;
  const Log& log;
  std::unique_ptr<store::ServiceStore> store;
  Advisories advisories;
  std::unique_ptr<Layers> layers;
  std::unique_ptr<Vulnerabilities> vulnerabilities;
  std::unique_ptr<Notifications> notifications;
  std::unique_ptr<ClassicParts> classic;
  std::unique_ptr<Images> images;
  std::unique_ptr<EclairParts> own;
  Current<AdmissionPolicy> admission;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<Updater> updater;
  bool notifies = false;  ///< somebody is told
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;  // ends what was started

Result<std::unique_ptr<Service>> Service::open(ServiceSettings settings, Metrics& metrics, const Log& log) {
  ECLAIR_TRY(PageTokens tokens, PageTokens::create(settings.page_key));
  ECLAIR_TRY(auto store, store::open_service_store(settings.store_url));
  auto impl = std::make_unique<Impl>(metrics, log, settings.store_url, std::move(store));
  ECLAIR_TRY([[maybe_unused]] const std::uint64_t generation, impl->advisories.generation());  // so that a store that cannot be had is told now
  settings.layers.read = count_layers(metrics);
  ImageSettings images;
  images.fetch = settings.layers.fetch;
  images.limits = settings.layers.limits;
  images.version = settings.version;
  images.read = settings.layers.read;
  impl->images = make_images(*impl->store, impl->advisories, std::move(images));
  impl->admission.set(std::move(settings.admission));
  impl->own = std::make_unique<EclairParts>(EclairParts{*impl->images, *impl->store, impl->advisories, settings.version, &now, std::move(settings.load)});
  impl->layers = count_layers_of(make_layers(*impl->store, impl->advisories, std::move(settings.layers)), metrics);
  impl->vulnerabilities = make_vulnerabilities(impl->advisories, &now);
  impl->notifications = make_notifications(*impl->store, impl->advisories);
  impl->classic = std::make_unique<ClassicParts>(ClassicParts{*impl->layers, *impl->vulnerabilities, *impl->notifications, std::move(tokens), &now});
  describe_stores(metrics, *impl->store, impl->advisories);
  ECLAIR_TRY(const std::string owner, random_uuid());
  impl->notifies = !settings.notifier.hooks.targets.empty();
  impl->notifier = std::make_unique<Notifier>(Notifier::Parts{*impl->store, impl->advisories, *impl->notifications, *impl->vulnerabilities, metrics, log},
                                              std::move(settings.notifier), owner);
  Updater::Parts updates{*impl->store, settings.store_url, metrics, log, [notifier = impl->notifier.get()] { notifier->wake(); }};
  impl->updater = std::make_unique<Updater>(std::move(updates), std::move(settings.updater), owner);
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

void Service::start() {
  impl_->notifier->start();
  impl_->updater->start();
}

void Service::stop() {
  impl_->updater->stop();
  impl_->notifier->stop();
}

void Service::set_admission(AdmissionPolicy policy) { impl_->admission.set(std::move(policy)); }

std::vector<Api> Service::apis() {
  const auto text = [&metrics = impl_->metrics] { return metrics.text(); };
  std::vector<Api> out;
  out.push_back(api_v1(*impl_->classic));
  out.push_back(api_v0(*impl_->classic));
  out.push_back(api_eclair(*impl_->own));
  out.push_back(api_admission(impl_->admission, *impl_->images, impl_->metrics));
  out.push_back(api_stream(*impl_->store, *impl_->notifications));
  out.push_back(api_openapi());
  out.push_back(api_status(impl_->health(), text));
  out.push_back(api_health(impl_->health(), text));
  return out;
}

}  // namespace eclair::service
