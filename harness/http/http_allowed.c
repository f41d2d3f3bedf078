/* http_allowed.c: what may be asked for at all: base URLs and headers, and the names of faults.
 *
 * URLs and headers come from people and suites. What libcurl would make of an odd one (a file read, a header injected, a password sent
 * along) is never tried: only plain, absolute http and https URLs pass. No sentence here repeats the URL, which may hold a key. */
#include "harness/http/http_inner.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { URL_LIMIT = 8192 };

static const char *const fault_names[HTTP_FAULT_COUNT] = {
    [HTTP_FINE] = "fine",
    [HTTP_BAD_REQUEST] = "request.bad",
    [HTTP_DNS] = "net.dns",
    [HTTP_REFUSED] = "net.refused",
    [HTTP_CONNECT_TIMEOUT] = "net.timeout.connect",
    [HTTP_TLS] = "net.tls",
    [HTTP_FIRST_TIMEOUT] = "net.timeout.first",
    [HTTP_IDLE_TIMEOUT] = "net.timeout.idle",
    [HTTP_TOTAL_TIMEOUT] = "net.timeout.total",
    [HTTP_RESET] = "net.reset",
    [HTTP_EMPTY] = "http.empty",
    [HTTP_MALFORMED] = "http.malformed",
    [HTTP_TRUNCATED] = "http.truncated",
    [HTTP_LIMIT_HEADERS] = "http.limit.headers",
    [HTTP_LIMIT_BODY] = "http.limit.body",
    [HTTP_CANCELLED] = "net.cancelled",
    [HTTP_LOCAL] = "net.local",
};

const char *http_fault_name(enum http_fault fault)
{
    return (unsigned)fault < HTTP_FAULT_COUNT ? fault_names[fault] : "unknown";
}

/* Where the parts of a URL are; only for URLs that split() took. */
struct parts {
    const char *host; /* with the brackets of an IPv6 address */
    size_t host_length;
    unsigned port;
};

static bool no(char *why, size_t size, const char *sentence)
{
    snprintf(why, size, "%s", sentence);
    return false;
}

static bool bytes_allowed(const char *url, char *why, size_t size)
{
    for (size_t i = 0; url[i]; i++) {
        const unsigned char c = (unsigned char)url[i];
        if (i >= URL_LIMIT) {
            snprintf(why, size, "the URL is longer than %d bytes", URL_LIMIT);
            return false;
        }
        if (c > 0x20 && c < 0x7f && c != '#')
            continue;
        if (c == '#')
            return no(why, size, "the URL has a fragment (#...), which is never sent");
        const char *what = c == ' ' ? "a space" : c < 0x80 ? "a control character" : "a character outside ASCII (write it percent-encoded)";
        snprintf(why, size, "the URL has %s at byte %zu", what, i + 1);
        return false;
    }
    return true;
}

static size_t scheme_length(const char *url, unsigned *port)
{
    *port = 443;
    if (strncasecmp(url, "https://", 8) == 0)
        return 8;
    *port = 80;
    return strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
}

static bool port_allowed(const char *digits, size_t length, unsigned *port)
{
    unsigned value = 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        value = value * 10 + (unsigned)(digits[i] - '0');
        if (value > 65535)
            return false;
    }
    *port = value;
    return value > 0;
}

static size_t host_length(const char *host)
{
    static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    if (*host != '[')
        return strspn(host, name);
    const size_t inside = strspn(host + 1, "0123456789abcdefABCDEF:.");
    return inside > 0 && host[1 + inside] == ']' ? inside + 2 : 0;
}

static bool split(const char *url, struct parts *parts, char *why, size_t size)
{
    const size_t scheme = scheme_length(url, &parts->port);
    if (scheme == 0)
        return no(why, size, "the URL must begin with http:// or https://");
    const char *host = url + scheme;
    const size_t authority = strcspn(host, "/?");
    if (memchr(host, '@', authority))
        return no(why, size, "the URL has a user name or password in it, which is not allowed here");
    parts->host = host;
    parts->host_length = host_length(host);
    if (authority == 0 || (parts->host_length == 0 && *host == ':'))
        return no(why, size, "the URL names no host");
    if (parts->host_length == 0 || (parts->host_length < authority && host[parts->host_length] != ':'))
        return no(why, size, "the host in the URL has a character that no host name has");
    if (parts->host_length < authority
        && !port_allowed(host + parts->host_length + 1, authority - parts->host_length - 1, &parts->port))
        return no(why, size, "the port in the URL is not a number from 1 to 65535");
    return true;
}

bool http_url_allowed(const char *url, char *why, size_t why_size)
{
    struct parts parts;
    if (!url || !*url)
        return no(why, why_size, "the URL is empty");
    return bytes_allowed(url, why, why_size) && split(url, &parts, why, why_size);
}

void http_place(const char *url, char *place, size_t size)
{
    struct parts parts;
    char why[128];
    if (split(url, &parts, why, sizeof why))
        snprintf(place, size, "%.*s:%u", parts.host_length > 255 ? 255 : (int)parts.host_length, parts.host, parts.port);
    else
        snprintf(place, size, "the endpoint");
}

bool http_header_allowed(const char *name, const char *value)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return name && value && *name && name[strspn(name, token)] == '\0' && value[strcspn(value, "\r\n")] == '\0';
}
