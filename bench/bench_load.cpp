// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Asks an HTTP server as fast as it answers, over some connections that stay open, one request at a time on each. Prints one JSON object.
//   bench_load HOST PORT --connections N --seconds S [--gzip] [--pid P] < PATHS          GET of each line, over and over
//   bench_load HOST PORT --connections N --once [--pid P] --post URL-PATH < BODIES       POST of each line, once
// --pid: the server's, whose CPU seconds are then told too.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  int socket = -1;
  std::string out, head;
  std::size_t sent = 0;
  std::uint64_t body_left = 0;
  bool in_body = false, busy = false;
  int status = 0;
  Clock::time_point began;
};

double cpu_of(const std::string& pids) {
  double sum = 0;
  std::stringstream all(pids);
  for (std::string pid; std::getline(all, pid, ',');) {
    std::ifstream in("/proc/" + pid + "/stat");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    std::stringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    double user = 0, system = 0;
    for (int i = 3; fields >> field; ++i) {
      if (i == 14) user = std::atof(field.c_str());
      if (i == 15) system = std::atof(field.c_str());
    }
    sum += (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  std::string host, port, post, pid;
  std::size_t connections = 1;
  double seconds = 5;
  bool once = false, gzip = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string(); };
    if (word == "--connections") connections = static_cast<std::size_t>(std::atoi(value().c_str()));
    else if (word == "--seconds") seconds = std::atof(value().c_str());
    else if (word == "--post") post = value();
    else if (word == "--pid") pid = value();
    else if (word == "--once") once = true;
    else if (word == "--gzip") gzip = true;
    else if (host.empty()) host = word;
    else port = word;
  }
  std::vector<std::string> requests;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    if (post.empty()) {
      requests.push_back("GET " + line + " HTTP/1.1\r\nHost: " + host + "\r\n" + (gzip ? "Accept-Encoding: gzip\r\n" : "") + "\r\n");
    } else {
      requests.push_back("POST " + post + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + std::to_string(line.size()) + "\r\n\r\n" + line);
    }
  }
  if (requests.empty() || port.empty()) {
    std::fprintf(stderr, "bench_load: nothing to ask for; see the head of bench_load.cpp\n");
    return 1;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  const int poll = ::epoll_create1(0);
  std::vector<Connection> all(connections);
  std::vector<double> times;
  std::uint64_t bytes = 0, failed = 0, started = 0;
  const double cpu_before = pid.empty() ? 0 : cpu_of(pid);
  const auto began = Clock::now(), until = began + std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
  const auto may_start = [&] { return once ? started < requests.size() : Clock::now() < until; };
  const auto start = [&](Connection& c) {
    c.busy = may_start();
    if (!c.busy) return;
    c.out = requests[started++ % requests.size()];
    c.sent = 0;
    c.head.clear();
    c.in_body = false;
    c.began = Clock::now();
    const ssize_t n = ::send(c.socket, c.out.data(), c.out.size(), MSG_NOSIGNAL);
    c.sent = n > 0 ? static_cast<std::size_t>(n) : 0;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(all[i].socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(all[i].socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("bench_load: connect");
      return 1;
    }
    ::fcntl(all[i].socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &event);
  }
  for (Connection& c : all) start(c);
  std::string buffer(1 << 20, '\0');
  std::vector<epoll_event> events(256);
  while (std::any_of(all.begin(), all.end(), [](const Connection& c) { return c.busy; })) {
    const int n = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 30000);
    if (n <= 0) {
      std::fprintf(stderr, "bench_load: no answer within 30 s\n");
      return 1;
    }
    for (int e = 0; e < n; ++e) {
      Connection& c = all[events[static_cast<std::size_t>(e)].data.u64];
      const ssize_t got = ::recv(c.socket, buffer.data(), buffer.size(), 0);
      if (got == 0) {
        std::fprintf(stderr, "bench_load: the server closed a connection\n");
        return 1;
      }
      if (got < 0) continue;
      std::size_t at = 0;
      const auto size = static_cast<std::size_t>(got);
      if (!c.in_body) {
        c.head.append(buffer, 0, size);
        const auto end = c.head.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        c.status = std::atoi(c.head.c_str() + 9);
        const auto length = c.head.find("ontent-Length: ");
        c.body_left = length < end ? std::strtoull(c.head.c_str() + length + 15, nullptr, 10) : 0;
        at = size - (c.head.size() - end - 4);
        c.in_body = true;
      }
      c.body_left -= std::min<std::uint64_t>(c.body_left, size - at);
      bytes += size;
      if (c.body_left > 0) continue;
      times.push_back(std::chrono::duration<double>(Clock::now() - c.began).count());
      if (c.status < 200 || c.status > 299) ++failed;
      start(c);
    }
  }
  const double took = std::chrono::duration<double>(Clock::now() - began).count();
  const double cpu = pid.empty() ? 0 : cpu_of(pid) - cpu_before;
  std::sort(times.begin(), times.end());
  const auto part = [&](double share) { return times[std::min(times.size() - 1, static_cast<std::size_t>(static_cast<double>(times.size()) * share))] * 1000; };
  std::printf("{\"requests\":%zu,\"failed\":%llu,\"per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"bytes_each\":%llu,\"server_cpu_ms_each\":%.3f}\n", times.size(),
              static_cast<unsigned long long>(failed), static_cast<double>(times.size()) / took, part(0.5), part(0.99),
              static_cast<unsigned long long>(bytes / times.size()), cpu * 1000 / static_cast<double>(times.size()));
  return failed == 0 ? 0 : 2;
}
