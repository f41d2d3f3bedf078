/* fault_server.h: a server that breaks HTTP in exact ways, for tests.
 *
 * A real HTTP server cannot send wrong lengths, cut headers or resets. This one plays a script of steps on each connection over raw
 * sockets, in a process of its own, and counts in shared memory what it was asked. It listens on 127.0.0.1 only. */
#ifndef FAULT_SERVER_H
#define FAULT_SERVER_H

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum fault_act {
    FAULT_CLOSE, /* the end of every script */
    FAULT_READ,  /* a whole request, its body included */
    FAULT_HEAD,  /* up to the blank line of a request; the body stays unread */
    FAULT_SEND,  /* bytes, `count` times (0: once; -1: for ever) */
    FAULT_DRIP,  /* bytes one by one, with `count` ms before each */
    FAULT_WAIT,  /* `count` ms */
    FAULT_RESET, /* RST */
    FAULT_FIN,   /* no more bytes from here, but goes on reading until the client closes */
    FAULT_HOLD,  /* says nothing, reads until the client closes */
    FAULT_DEAF,  /* neither reads nor says anything */
};

struct fault_step {
    enum fault_act act;
    const char *bytes;
    long count;
    size_t length; /* of bytes; 0: as C says */
};

/* What the server has seen; shared between the processes. */
struct fault_seen {
    volatile int connections, requests;
    volatile size_t length;
    char bytes[65536]; /* of the requests, one after the other */
};

struct fault_server {
    pid_t pid;
    int port;
    struct fault_seen *seen;
};

struct fault_connection {
    int fd; /* -1: free */
    size_t step, at;
    long times, wake_ms;
    char head[32768];
    size_t head_length, body_left;
    bool head_done;
};

enum { FAULT_CONNECTIONS = 32 };

static inline long fault_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void fault_next(struct fault_connection *connection)
{
    connection->step++;
    connection->at = 0;
    connection->times = 0;
    connection->wake_ms = 0;
}

static inline void fault_close(struct fault_connection *connection, bool reset)
{
    const struct linger hard = {.l_onoff = 1, .l_linger = 0};
    if (reset)
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(connection->fd);
    connection->fd = -1;
}

static inline void fault_note(struct fault_seen *seen, const char *bytes, size_t length)
{
    const size_t room = sizeof seen->bytes - 1 - seen->length;
    memcpy(seen->bytes + seen->length, bytes, length < room ? length : room);
    seen->length += length < room ? length : room;
}

/* The bytes of the body that are still to come after a head. */
static inline size_t fault_body_left(const char *head, const char *end, size_t beyond)
{
    for (const char *line = head; line && line < end; line = strstr(line, "\r\n")) {
        line += strncmp(line, "\r\n", 2) == 0 ? 2 : 0;
        if (strncasecmp(line, "content-length:", 15) == 0) {
            const size_t length = (size_t)strtoul(line + 15, NULL, 10);
            return length > beyond ? length - beyond : 0;
        }
    }
    return 0;
}

/* Reads on; true when the step is over. */
static inline bool fault_read(struct fault_connection *connection, struct fault_seen *seen, bool with_body)
{
    char bytes[16384];
    const size_t room = connection->head_done ? sizeof bytes : sizeof connection->head - 1 - connection->head_length;
    const ssize_t got = recv(connection->fd, bytes, !with_body ? 1 : room < sizeof bytes ? room : sizeof bytes, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            fault_close(connection, false);
        return false;
    }
    fault_note(seen, bytes, (size_t)got);
    if (connection->head_done) {
        connection->body_left -= (size_t)got < connection->body_left ? (size_t)got : connection->body_left;
        return connection->body_left == 0;
    }
    memcpy(connection->head + connection->head_length, bytes, (size_t)got);
    connection->head_length += (size_t)got;
    connection->head[connection->head_length] = '\0';
    const char *end = strstr(connection->head, "\r\n\r\n");
    if (!end)
        return false;
    seen->requests++;
    connection->head_done = true;
    connection->body_left = fault_body_left(connection->head, end, connection->head_length - (size_t)(end + 4 - connection->head));
    return !with_body || connection->body_left == 0;
}

/* Sends what it can of `length` bytes from `at` on; true when all are gone. */
static inline bool fault_send(struct fault_connection *connection, const char *bytes, size_t length)
{
    const ssize_t sent = send(connection->fd, bytes + connection->at, length - connection->at, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        fault_close(connection, false);
    if (sent > 0)
        connection->at += (size_t)sent;
    return connection->at == length;
}

static inline void fault_drip(struct fault_connection *connection, const struct fault_step *step, size_t length)
{
    if (connection->wake_ms == 0)
        connection->wake_ms = fault_now_ms() + step->count;
    if (fault_now_ms() < connection->wake_ms)
        return;
    connection->wake_ms += step->count;
    fault_send(connection, step->bytes, connection->at + 1);
    if (connection->fd >= 0 && connection->at == length)
        fault_next(connection);
}

static inline void fault_send_step(struct fault_connection *connection, const struct fault_step *step, size_t length)
{
    for (int i = 0; i < 64 && fault_send(connection, step->bytes, length); i++) {
        connection->at = 0;
        if (step->count >= 0 && ++connection->times >= step->count) {
            fault_next(connection);
            return;
        }
    }
}

static inline void fault_drain(struct fault_connection *connection)
{
    char bytes[16384];
    const ssize_t got = recv(connection->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        fault_close(connection, false);
}

/* Plays the step at hand as far as it goes now. */
static inline void fault_play(struct fault_connection *connection, const struct fault_step *script, struct fault_seen *seen)
{
    const struct fault_step *step = &script[connection->step];
    const size_t length = step->length ? step->length : step->bytes ? strlen(step->bytes) : 0;
    switch (step->act) {
    case FAULT_CLOSE:
    case FAULT_RESET:
        fault_close(connection, step->act == FAULT_RESET);
        break;
    case FAULT_READ:
    case FAULT_HEAD:
        if (fault_read(connection, seen, step->act == FAULT_READ)) {
            connection->head_done = false;
            connection->head_length = 0;
            fault_next(connection);
        }
        break;
    case FAULT_SEND:
        fault_send_step(connection, step, length);
        break;
    case FAULT_DRIP:
        fault_drip(connection, step, length);
        break;
    case FAULT_WAIT:
        if (connection->wake_ms == 0)
            connection->wake_ms = fault_now_ms() + step->count;
        if (fault_now_ms() >= connection->wake_ms)
            fault_next(connection);
        break;
    case FAULT_FIN:
        shutdown(connection->fd, SHUT_WR);
        connection->at = 1;
        fault_drain(connection);
        break;
    case FAULT_HOLD:
        fault_drain(connection);
        break;
    case FAULT_DEAF:
        break;
    }
}

/* What poll should wait for, and how long at most. */
static inline short fault_events(const struct fault_connection *connection, const struct fault_step *script, int *wait_ms)
{
    switch (script[connection->step].act) {
    case FAULT_READ:
    case FAULT_HEAD:
    case FAULT_HOLD:
        return POLLIN;
    case FAULT_FIN:
        if (connection->at == 0)
            *wait_ms = 0;
        return POLLIN;
    case FAULT_SEND:
        return POLLOUT;
    case FAULT_DEAF:
        return 0;
    case FAULT_DRIP:
    case FAULT_WAIT:
        *wait_ms = *wait_ms < 2 ? *wait_ms : 2;
        return 0;
    default:
        *wait_ms = 0;
        return 0;
    }
}

static inline void fault_accept(int listener, struct fault_connection *connections, struct fault_seen *seen)
{
    for (size_t i = 0; i < FAULT_CONNECTIONS; i++) {
        if (connections[i].fd >= 0)
            continue;
        const int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return;
        connections[i] = (struct fault_connection){.fd = fd};
        seen->connections++;
    }
}

static inline void fault_serve(int listener, const struct fault_step *script, struct fault_seen *seen)
{
    static struct fault_connection connections[FAULT_CONNECTIONS];
    fcntl(listener, F_SETFL, O_NONBLOCK);
    for (size_t i = 0; i < FAULT_CONNECTIONS; i++)
        connections[i].fd = -1;
    for (;;) {
        struct pollfd polls[FAULT_CONNECTIONS + 1];
        int wait_ms = 1000;
        for (size_t i = 0; i < FAULT_CONNECTIONS; i++) {
            polls[i] = (struct pollfd){.fd = connections[i].fd};
            if (connections[i].fd >= 0)
                polls[i].events = fault_events(&connections[i], script, &wait_ms);
        }
        polls[FAULT_CONNECTIONS] = (struct pollfd){.fd = listener, .events = POLLIN};
        poll(polls, FAULT_CONNECTIONS + 1, wait_ms);
        for (size_t i = 0; i < FAULT_CONNECTIONS; i++)
            if (connections[i].fd >= 0)
                fault_play(&connections[i], script, seen);
        fault_accept(listener, connections, seen);
    }
}

/* A listening socket on a free port. */
static inline int fault_listen(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fd, 64), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* Starts to serve that script, which ends with a zeroed step. */
static inline struct fault_server fault_start(const struct fault_step *script)
{
    struct fault_server server = {0};
    const int listener = fault_listen(&server.port);
    void *shared = mmap(NULL, sizeof *server.seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(shared != MAP_FAILED);
    server.seen = shared;
    server.pid = fork();
    ck_assert_int_ge(server.pid, 0);
    if (server.pid == 0) {
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        fault_serve(listener, script, server.seen);
    }
    close(listener);
    return server;
}

static inline void fault_stop(struct fault_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server->seen, sizeof *server->seen);
}

#endif
