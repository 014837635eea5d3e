/* api_session_socket.h - whether sockets can be bound to links. */
#ifndef NS_API_SESSION_SOCKET_H
#define NS_API_SESSION_SOCKET_H

#pragma GCC visibility push(hidden)

/* Whether the kernel lets this process bind a socket to a link: it tries. */
int ns_can_bind_sockets(void);

#pragma GCC visibility pop

#endif
