/*
 * Preloaded into pcscd by the tests. The vpcd driver writes the length and the body of each frame separately;
 * with Nagle's algorithm on its side and delayed acknowledgements on ours, every APDU then takes some 44 ms.
 * Turning the algorithm off on each accepted TCP connection brings that to a fraction of a millisecond.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

typedef int (*accept_function)(int, struct sockaddr *, socklen_t *);

int accept(int listener, struct sockaddr *address, socklen_t *length)
{
    static accept_function next = NULL;
    if (next == NULL)
        next = (accept_function)dlsym(RTLD_NEXT, "accept");

    int connection = next(listener, address, length);
    if (connection >= 0) {
        int on = 1;
        /* Fails on unix sockets, which have no Nagle's algorithm: nothing to do there. */
        (void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return connection;
}
