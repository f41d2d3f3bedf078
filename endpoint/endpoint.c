/* endpoint.c: the reference endpoint as an HTTP server (see endpoint.h). All that knows libmicrohttpd is here.
 *
 * Each connection has a thread, so that a stream may wait between two events without holding up anybody. What goes out is decided in
 * service.c; this file takes in bodies, bounds everything that a client can make large or long, and sends. */
#include "endpoint/endpoint.h"

#include "endpoint/service.h"
#include "endpoint/payload.h"
#include "endpoint/tamper.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    TIMEOUT_S = 30,             /* of a connection on which nothing happens; the library's own default is for ever */
    CONNECTIONS = 256,          /* at once: a runner with many jobs opens a new one for each request */
    CONNECTION_MEMORY = 65536,  /* bytes for headers and buffers */
    THREAD_STACK = 1024 * 1024, /* bytes; nothing here recurses deeply */
    BACKLOG = 128,
    DRAINED_MAX = 4 * BODY_MAX, /* of a body that is too long, this much is read before the connection is cut */
    BLOCK = 32768,              /* bytes handed to the library at once */
    PAUSES = 64,                /* so many events of a stream are sent one by one; then they may travel together */
};

struct endpoint {
    struct MHD_Daemon *daemon;
    struct service service;
    const struct flaw **flaws;
    const struct fault **faults;
    char *api_key;
    int port;
};

/* A request on its way in. */
struct inbox {
    char *body;
    size_t length, room;
    bool too_large;
};

/* A stream on its way out. */
struct outbox {
    struct payload payload;
    size_t sent, event;
    bool again; /* events are repeated without end */
};

static void sleep_ms(long duration_ms)
{
    struct timespec left = {duration_ms / 1000, duration_ms % 1000 * 1000000};
    while (duration_ms > 0 && nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

/* The pauses before the next event. What never ends goes back to the second one instead of sending the end. */
static void turn_to_next(struct outbox *outbox)
{
    const struct pace *pace = &outbox->payload.pace;
    size_t count = outbox->payload.count;
    outbox->event++;
    if (pace->endless && outbox->event + 1 == count && count > 2) {
        outbox->event = 1;
        outbox->sent = outbox->payload.ends[0];
        outbox->again = true;
    }
    if (outbox->event < count && (outbox->event < PAUSES || outbox->again))
        sleep_ms(pace->between_ms);
    if (pace->stall_at > 0 && outbox->event == pace->stall_at)
        sleep_ms(pace->stall_ms);
}

/* Hands over one event, or a part of one that is longer than `room`. */
static ssize_t send_event(void *context, uint64_t position, char *bytes, size_t room)
{
    struct outbox *outbox = context;
    struct payload *payload = &outbox->payload;
    (void)position;
    if (outbox->sent == 0)
        sleep_ms(payload->pace.before_ms);
    while (outbox->event < payload->count && outbox->sent == payload->ends[outbox->event])
        turn_to_next(outbox);
    if (outbox->event == payload->count)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t left = payload->ends[outbox->event] - outbox->sent, most = payload->pace.bytes ? payload->pace.bytes : room;
    size_t step = left < room ? left : room;
    step = step < most ? step : most;
    memcpy(bytes, payload->bytes + outbox->sent, step);
    outbox->sent += step;
    return (ssize_t)step;
}

static void free_outbox(void *context)
{
    struct outbox *outbox = context;
    payload_clear(&outbox->payload);
    free(outbox);
}

/* The library's response for a body; takes over what `payload` holds. NULL when memory runs out. */
static struct MHD_Response *make_response(struct payload *payload)
{
    struct MHD_Response *response;
    if (!payload->ends) {
        response = MHD_create_response_from_buffer(payload->length, payload->bytes, MHD_RESPMEM_MUST_FREE);
        if (!response)
            payload_clear(payload);
        return response;
    }
    struct outbox *outbox = calloc(1, sizeof *outbox);
    response = outbox ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, send_event, outbox, free_outbox) : NULL;
    if (response) {
        outbox->payload = *payload;
        return response;
    }
    free(outbox);
    payload_clear(payload);
    return NULL;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct json_object *reply)
{
    struct payload payload;
    struct MHD_Response *response = reply && payload_write(reply, &payload) ? make_response(&payload) : NULL;
    if (!response)
        return MHD_NO;
    struct json_object *headers = jo_get(reply, "headers");
    if (headers) {
        json_object_object_foreach(headers, name, value)
            MHD_add_response_header(response, name, jo_text(value));
    }
    unsigned status = (unsigned)jo_int(jo_get(reply, "status"), MHD_HTTP_INTERNAL_SERVER_ERROR);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* Keeps the next part of a body. False when the connection shall be cut. */
static bool take_in(struct inbox *inbox, const char *bytes, size_t size)
{
    if (inbox->too_large || size > BODY_MAX - inbox->length) {
        inbox->too_large = true;
        inbox->length += size; /* goes on counting what is thrown away */
        return inbox->length <= DRAINED_MAX;
    }
    if (inbox->length + size > inbox->room) {
        size_t room = 2 * inbox->room > inbox->length + size ? 2 * inbox->room : inbox->length + size;
        char *larger = realloc(inbox->body, room);
        if (!larger)
            return false;
        inbox->body = larger;
        inbox->room = room;
    }
    memcpy(inbox->body + inbox->length, bytes, size);
    inbox->length += size;
    return true;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result take_parameter(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    jo_put(context, name, jo_string(value ? value : ""));
    return MHD_YES;
}

static enum MHD_Result answer_call(struct endpoint *endpoint, struct MHD_Connection *connection, const char *path, const char *method,
                                   const struct inbox *inbox)
{
    struct call call = {.method = method, .path = path, .authorization = header(connection, "Authorization"),
                        .content_type = header(connection, "Content-Type"), .too_large = inbox->too_large, .query = jo_object()};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, call.query);
    call.body = inbox->body && !inbox->too_large ? inbox->body : "";
    call.length = inbox->too_large ? 0 : inbox->length;
    struct json_object *reply = service_answer(&endpoint->service, &call);
    json_object_put(call.query);
    sleep_ms((long)jo_int(jo_get(reply, "wait_ms"), 0));
    enum MHD_Result result = jo_int(jo_get(reply, "status"), 0) ? send_reply(connection, reply) : MHD_NO;
    json_object_put(reply);
    return result;
}

/* Called by the library: first without a body, then for each part of it, then once more at its end. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
    (void)version;
    struct inbox *inbox = *state;
    if (!inbox) {
        *state = calloc(1, sizeof *inbox);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*upload_size > 0) {
        size_t size = *upload_size;
        *upload_size = 0;
        return take_in(inbox, upload, size) ? MHD_YES : MHD_NO;
    }
    return answer_call(context, connection, path, method, inbox);
}

static void forget(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct inbox *inbox = *state;
    if (inbox)
        free(inbox->body);
    free(inbox);
    *state = NULL;
}

/* A listening socket, made here because only so the reason of a failure is known. -1 with a sentence. */
static int listen_on(const char *address, int port, int *bound_port, char *why, size_t why_size)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *found = NULL;
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    address = strcmp(address, "localhost") == 0 ? "127.0.0.1" : address;
    if (port < 0 || port > 65535 || getaddrinfo(address, service, &hints, &found) != 0) {
        snprintf(why, why_size, "cannot listen on %s:%d: not an address and port", address, port);
        return -1;
    }
    struct sockaddr_storage bound;
    socklen_t bound_size = sizeof bound;
    int yes = 1, listener = socket(found->ai_family, SOCK_STREAM, 0);
    bool good = listener >= 0 && fcntl(listener, F_SETFD, FD_CLOEXEC) == 0 && fcntl(listener, F_SETFL, O_NONBLOCK) == 0 &&
                setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, BACKLOG) == 0 &&
                getsockname(listener, (struct sockaddr *)&bound, &bound_size) == 0;
    if (!good)
        snprintf(why, why_size, "cannot listen on %s:%d: %s", address, port, strerror(errno));
    else if (bound.ss_family == AF_INET6)
        *bound_port = ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
    else
        *bound_port = ntohs(((struct sockaddr_in *)&bound)->sin_port);
    freeaddrinfo(found);
    if (!good && listener >= 0)
        close(listener);
    return good ? listener : -1;
}

/* Looks the defects up. False with a sentence. */
static bool choose_flaws(struct endpoint *endpoint, const char *const *ids, char *why, size_t why_size)
{
    size_t count = 0;
    while (ids && ids[count])
        count++;
    endpoint->flaws = calloc(count + 1, sizeof *endpoint->flaws);
    endpoint->faults = calloc(count + 1, sizeof *endpoint->faults);
    if (!endpoint->flaws || !endpoint->faults) {
        snprintf(why, why_size, "memory ran out");
        return false;
    }
    size_t flaws = 0, faults = 0;
    for (size_t i = 0; i < count; i++) {
        const struct flaw *flaw = flaw_find(ids[i]);
        const struct fault *fault = flaw ? NULL : fault_find(ids[i]);
        if (!flaw && !fault) {
            snprintf(why, why_size, "there is no defect called %s", ids[i]);
            return false;
        }
        if (flaw)
            endpoint->flaws[flaws++] = flaw;
        else
            endpoint->faults[faults++] = fault;
    }
    endpoint->service.flaws = endpoint->flaws;
    endpoint->service.faults = endpoint->faults;
    return true;
}

static bool choose_mutant(struct endpoint *endpoint, const char *mutant, char *why, size_t why_size)
{
    endpoint->service.tamper = mutant ? tamper_new(mutant, why, why_size) : NULL;
    return !mutant || endpoint->service.tamper;
}

static bool start_daemon(struct endpoint *endpoint, const char *address, int port, char *why, size_t why_size)
{
    int listener = listen_on(address, port, &endpoint->port, why, why_size);
    if (listener < 0)
        return false;
    endpoint->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC, 0, NULL, NULL, handle, endpoint,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (endpoint->daemon)
        return true;
    close(listener);
    snprintf(why, why_size, "cannot start a server on %s:%d", address, endpoint->port);
    return false;
}

struct endpoint *endpoint_start(const struct endpoint_options *options, char *why, size_t why_size)
{
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    bool good = endpoint && (!options->api_key || (endpoint->api_key = strdup(options->api_key)) != NULL);
    if (!good)
        snprintf(why, why_size, "memory ran out");
    if (good) {
        endpoint->service.api_key = endpoint->api_key;
        endpoint->service.profile = options->profile ? options->profile : CC_OPENAI;
        endpoint->service.store = store_new();
        good = choose_flaws(endpoint, options->defects, why, why_size) && choose_mutant(endpoint, options->mutant, why, why_size) &&
               start_daemon(endpoint, options->address ? options->address : "127.0.0.1", options->port, why, why_size);
    }
    if (good)
        return endpoint;
    endpoint_stop(endpoint);
    return NULL;
}

int endpoint_port(const struct endpoint *endpoint)
{
    return endpoint->port;
}

size_t endpoint_mutated(const struct endpoint *endpoint)
{
    return endpoint->service.tamper ? tamper_count(endpoint->service.tamper) : 0;
}

void endpoint_stop(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    if (endpoint->daemon)
        MHD_stop_daemon(endpoint->daemon);
    tamper_free(endpoint->service.tamper);
    free(endpoint->flaws);
    free(endpoint->faults);
    store_free(endpoint->service.store);
    free(endpoint->api_key);
    free(endpoint);
}
