// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace eclair::service {
namespace transport_detail {

class Plain final : public Transport {
 public:
  explicit Plain(int socket) : socket_(socket) {}

  Status handshake() override { return Status::done; }

  Status read(char* to, std::size_t room, std::size_t& count) override {
    return after(::recv(socket_, to, room, 0), Status::want_read, count);
  }

  Status write(std::span<const iovec> pieces, std::size_t& count) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());
    message.msg_iovlen = pieces.size();
    return after(::sendmsg(socket_, &message, MSG_NOSIGNAL), Status::want_write, count);
  }

  void end() override { ::shutdown(socket_, SHUT_WR); }

 private:
  static Status after(ssize_t result, Status blocked, std::size_t& count) {
    if (result > 0) {
      count = static_cast<std::size_t>(result);
      return Status::done;
    }
    if (result < 0 && (errno == EAGAIN || errno == EINTR)) return blocked;
    return Status::closed;
  }

  int socket_;
};

}  // namespace transport_detail

std::unique_ptr<Transport> plain_transport(int socket) { return std::make_unique<transport_detail::Plain>(socket); }

}  // namespace eclair::service
