// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/event_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <string>
#include <thread>
#include <utility>

namespace eclair::service {
namespace event_loop_detail {

namespace asio = boost::asio;
using boost::system::error_code;

/// Keeps itself alive by what waits.
struct Ticker : std::enable_shared_from_this<Ticker> {
  Ticker(asio::io_context& io, std::chrono::milliseconds every, std::function<void()> what) : timer(io), time(every), job(std::move(what)) {}
  void arm() {
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this()](const error_code& ec) {
      if (ec) return;
      self->arm();  // first: a job that throws must not be the last one
      self->job();
    });
  }
  asio::steady_timer timer;
  std::chrono::milliseconds time;
  std::function<void()> job;
};

}  // namespace event_loop_detail

struct EventLoop::Impl {
  boost::asio::io_context io{1};  // one thread: no locks inside
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread;
};

struct EventLoop::Watched::Impl {
  Impl(boost::asio::io_context& io, int descriptor) : stream(io, descriptor) {}
  boost::asio::posix::stream_descriptor stream;
};

EventLoop::Watched::Watched(EventLoop& loop, int descriptor) : impl_(std::make_unique<Impl>(loop.impl_->io, descriptor)) {}
EventLoop::Watched::~Watched() = default;

void EventLoop::Watched::wait(Ready what, std::function<void()> then) {
  using Stream = boost::asio::posix::stream_descriptor;
  impl_->stream.async_wait(what == Ready::read ? Stream::wait_read : Stream::wait_write, [then = std::move(then)](const boost::system::error_code& ec) {
    if (!ec) then();
  });
}

int EventLoop::Watched::descriptor() const { return impl_->stream.native_handle(); }

void EventLoop::Watched::close() {
  boost::system::error_code ignored;
  impl_->stream.close(ignored);
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() { stop(); }

void EventLoop::start(std::function<void(std::string_view what)> trouble) {
  impl_->thread = std::thread([io = &impl_->io, trouble = std::move(trouble)] {
    while (!io->stopped()) {
      try {
        io->run();
      } catch (const std::exception& e) {
        trouble(e.what());
      }
    }
  });
}

void EventLoop::stop() {
  impl_->work.reset();
  impl_->io.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void EventLoop::post(std::function<void()> job) { boost::asio::post(impl_->io, std::move(job)); }

void EventLoop::every(std::chrono::milliseconds time, std::function<void()> job) {
  std::make_shared<event_loop_detail::Ticker>(impl_->io, time, std::move(job))->arm();
}

void EventLoop::after(std::chrono::milliseconds time, std::function<void()> job) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(impl_->io, time);
  timer->async_wait([timer, job = std::move(job)](const boost::system::error_code& ec) {
    if (!ec) job();
  });
}

}  // namespace eclair::service
