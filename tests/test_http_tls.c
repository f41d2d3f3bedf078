/* test_http_tls.c: whom the HTTP client trusts. The server is the openssl command with a certificate made for this test; where that
 * command is missing, the tests that need it say so and do nothing. */
#include "harness/http/http.h"
#include "tests/fault_server.h"
#include "tests/testing.h"

#include <stdio.h>

static char folder[] = P_tmpdir "/chatconform-tls-XXXXXX";
static char certificate[sizeof folder + 16], key[sizeof folder + 16];
static pid_t server;
static int port;

/* Starts the openssl command, silent. */
static pid_t start_openssl(const char *const arguments[])
{
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    union {
        const char *const *constant;
        char *const *plain;
    } list = {arguments};
    const int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(nowhere, fd);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    execvp("openssl", list.plain);
    _exit(127);
}

static bool run_openssl(const char *const arguments[])
{
    int status = 0;
    ck_assert_int_ge(waitpid(start_openssl(arguments), &status, 0), 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool port_answers(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const bool answers = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return answers;
}

static void start(void)
{
    if (!run_openssl((const char *const[]){"openssl", "version", NULL})) {
        fprintf(stderr, "the openssl command is missing: certificates are not tested\n");
        return;
    }
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(certificate, sizeof certificate, "%s/cert.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    ck_assert(run_openssl((const char *const[]){"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                                                "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                                                certificate, NULL}));
    close(fault_listen(&port));
    char number[16];
    snprintf(number, sizeof number, "%d", port);
    server = start_openssl((const char *const[]){"openssl", "s_server", "-quiet", "-www", "-accept", number, "-cert", certificate, "-key", key, NULL});
    while (!port_answers())
        poll(NULL, 0, 10);
}

static void stop(void)
{
    if (!server)
        return;
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    unlink(certificate);
    unlink(key);
    rmdir(folder);
}

struct seen {
    enum http_fault fault;
    int status;
    char why[256];
};

static void keep(void *context, const struct http_reply *reply)
{
    struct seen *seen = context;
    seen->fault = reply->fault;
    seen->status = reply->status;
    memcpy(seen->why, reply->why, sizeof seen->why);
}

static struct seen ask(const char *host, int at, bool insecure, const char *ca)
{
    struct seen seen = {0};
    char url[128];
    snprintf(url, sizeof url, "https://%s:%d/", host, at);
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    ck_assert(http_pool_start(pool, &(struct http_request){.url = url, .insecure = insecure, .ca = ca}, keep, &seen));
    while (http_pool_busy(pool) > 0)
        ck_assert(http_pool_step(pool, 1000));
    http_pool_free(pool);
    return seen;
}

START_TEST(a_certificate_that_nobody_signed_is_not_accepted)
{
    if (!server)
        return;
    const struct seen seen = ask("localhost", port, false, NULL);
    ck_assert_int_eq(seen.fault, HTTP_TLS);
    ck_assert_int_eq(seen.status, 0);
    ck_assert_ptr_nonnull(strstr(seen.why, "the certificate of localhost:"));
    ck_assert_ptr_nonnull(strstr(seen.why, "self"));
}
END_TEST

START_TEST(a_certificate_of_another_host_is_not_accepted)
{
    if (!server)
        return;
    const struct seen seen = ask("127.0.0.1", port, false, certificate);
    ck_assert_int_eq(seen.fault, HTTP_TLS);
    ck_assert_ptr_nonnull(strstr(seen.why, "it is not for this host"));
}
END_TEST

START_TEST(a_named_authority_is_trusted)
{
    if (!server)
        return;
    const struct seen seen = ask("localhost", port, false, certificate);
    ck_assert_msg(seen.fault == HTTP_FINE, "%s", seen.why);
    ck_assert_int_eq(seen.status, 200);
}
END_TEST

START_TEST(insecure_accepts_any_certificate)
{
    if (!server)
        return;
    const struct seen seen = ask("127.0.0.1", port, true, NULL);
    ck_assert_msg(seen.fault == HTTP_FINE, "%s", seen.why);
    ck_assert_int_eq(seen.status, 200);
}
END_TEST

START_TEST(an_unreadable_authority_file_is_named)
{
    struct fault_server plain = fault_start((const struct fault_step[]){{FAULT_HOLD, .count = 0}});
    const struct seen seen = ask("127.0.0.1", plain.port, false, "/nowhere/ca.pem");
    ck_assert_int_eq(seen.fault, HTTP_BAD_REQUEST);
    ck_assert_str_eq(seen.why, "the file of trusted certificates cannot be read");
    fault_stop(&plain);
}
END_TEST

static Suite *http_tls_suite(void)
{
    Suite *suite = suite_create("http_tls");
    TCase *trust = tcase_create("trust");
    tcase_set_timeout(trust, 20);
    tcase_add_unchecked_fixture(trust, start, stop);
    tcase_add_test(trust, a_certificate_that_nobody_signed_is_not_accepted);
    tcase_add_test(trust, a_certificate_of_another_host_is_not_accepted);
    tcase_add_test(trust, a_named_authority_is_trusted);
    tcase_add_test(trust, insecure_accepts_any_certificate);
    tcase_add_test(trust, an_unreadable_authority_file_is_named);
    suite_add_tcase(suite, trust);
    return suite;
}

TEST_MAIN(http_tls_suite)
