/* Every libcurl option of ours, each with its reason where the name does not give it. */
#include "core/options.h"

#ifndef ZC_VERSION
#error "ZC_VERSION comes from the build"
#endif

/* libcurl before 8.2 keeps a pointer to the last header of the login before, and follows it when the first header line of the next
 * answer begins with a blank. */
#define FORGETS_HEADERS 0x080200

/* Options set one after the other; the first refusal is kept and ends the rest. */
struct setter {
    CURL *easy;
    CURLcode code;
};

static void
set_long(struct setter *s, CURLoption option, long value)
{
    if (s->code == CURLE_OK) {
        s->code = curl_easy_setopt(s->easy, option, value);
    }
}

static void
set_text(struct setter *s, CURLoption option, const char *value)
{
    if (s->code == CURLE_OK) {
        s->code = curl_easy_setopt(s->easy, option, value);
    }
}

static void
set_pointer(struct setter *s, CURLoption option, void *value)
{
    if (s->code == CURLE_OK) {
        s->code = curl_easy_setopt(s->easy, option, value);
    }
}

static zc_status
status_of(const struct setter *s)
{
    return s->code == CURLE_OK ? ZC_OK : s->code == CURLE_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
}

static void
set_callbacks(struct setter *s, const struct zc_callbacks *callbacks)
{
    if (s->code != CURLE_OK) {
        return;
    }
    CURL *easy = s->easy;
    const CURLcode codes[] = {
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks->body),
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks->header),
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callbacks->before_request),
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, zc_sockets_open),
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, zc_sockets_close),
    };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]) && s->code == CURLE_OK; i++) {
        s->code = codes[i];
    }
    set_pointer(s, CURLOPT_WRITEDATA, callbacks->user);
    set_pointer(s, CURLOPT_HEADERDATA, callbacks->user);
    set_pointer(s, CURLOPT_PREREQDATA, callbacks->user);
    set_pointer(s, CURLOPT_OPENSOCKETDATA, callbacks->sockets);
    set_pointer(s, CURLOPT_CLOSESOCKETDATA, callbacks->sockets);
    set_pointer(s, CURLOPT_ERRORBUFFER, callbacks->error_text);
}

zc_status
zc_options_set_always(CURL *easy, const struct zc_callbacks *callbacks, CURLSH *share, unsigned int libcurl)
{
    struct setter s = {easy, CURLE_OK};
    set_callbacks(&s, callbacks);
    set_pointer(&s, CURLOPT_SHARE, share);

    /* Who is spoken to. libcurl's defaults verify as well; here they are said, so that a patched default cannot weaken them. */
    set_long(&s, CURLOPT_SSL_VERIFYPEER, 1);
    set_long(&s, CURLOPT_SSL_VERIFYHOST, 2);
    set_long(&s, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_long(&s, CURLOPT_PROXY_SSL_VERIFYPEER, 1);
    set_long(&s, CURLOPT_PROXY_SSL_VERIFYHOST, 2);
    set_long(&s, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);

    /* Where the credentials go: to that host, once, and to no proxy. The cookie engine, HSTS, Alt-Svc and .netrc are off unless
     * switched on, and nothing here switches them on. */
    set_long(&s, CURLOPT_FOLLOWLOCATION, 0);
    set_text(&s, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set_long(&s, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
    set_long(&s, CURLOPT_NETRC, CURL_NETRC_IGNORED);

    /* What is sent and what may come back. HTTP/1.1 only: on HTTP/2 unread frames are normal, so a kept connection could not be
     * looked at before it is used again. libcurl before 8.4 does not apply the size to chunked bodies, the write callback
     * does; but without it a Content-Length that overflows is passed over. */
    set_long(&s, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    set_long(&s, CURLOPT_HTTP09_ALLOWED, 0);
    set_text(&s, CURLOPT_POSTFIELDS, "{}");
    set_long(&s, CURLOPT_POSTFIELDSIZE, 2);
    set_text(&s, CURLOPT_USERAGENT, "zuora_connect/" ZC_VERSION);
    set_long(&s, CURLOPT_MAXFILESIZE, (long)ZC_BODY_CAP);

    /* Header lines go to the body's callback too, and there first: it turns such a line down before libcurl looks at it. */
    set_long(&s, CURLOPT_HEADER, libcurl < FORGETS_HEADERS);

    /* How long a bundle is kept in memory once it is read, in seconds: a renewed one is noticed within the hour. */
    set_long(&s, CURLOPT_CA_CACHE_TIMEOUT, 3600);

    /* Small, since they are wiped after each login: the first holds the request on its way into TLS (16 KiB is the least). */
    set_long(&s, CURLOPT_UPLOAD_BUFFERSIZE, 16L * 1024);
    set_long(&s, CURLOPT_BUFFERSIZE, 4L * 1024);

    /* Threads and time: no signal handler of libcurl's; and a name lookup that hangs must not outlive the deadline. */
    set_long(&s, CURLOPT_NOSIGNAL, 1);
    set_long(&s, CURLOPT_QUICK_EXIT, 1);
    return status_of(&s);
}

zc_status
zc_options_set_request(CURL *easy, CURLU *url, const struct zc_request *request)
{
    struct setter s = {easy, CURLE_OK};
    bool has_proxy = request->proxy.url[0] != '\0';
    set_pointer(&s, CURLOPT_CURLU, url);
    set_text(&s, CURLOPT_URL, request->url.login); /* for where that is NULL; behind it, since libcurl 8 drops the text there */
    set_text(&s, CURLOPT_PROTOCOLS_STR, request->url.is_https ? "https" : "http");
    set_pointer(&s, CURLOPT_HTTPHEADER, (void *)request->headers);
    set_text(&s, CURLOPT_SSLCERT, request->client_cert);
    set_text(&s, CURLOPT_SSLKEY, request->client_key);
    set_text(&s, CURLOPT_KEYPASSWD, request->client_key_password);
    set_text(&s, CURLOPT_PROXY, request->proxy.url);
    set_text(&s, CURLOPT_NOPROXY, request->proxy.no_proxy);
    set_long(&s, CURLOPT_HTTPPROXYTUNNEL, has_proxy);
    return status_of(&s);
}

zc_status
zc_options_set_try(CURL *easy, const struct zc_store *store, long timeout_ms, long connect_timeout_ms, bool fresh)
{
    struct setter s = {easy, CURLE_OK};
    const char *directory = store != NULL && store->is_directory ? store->path : NULL;
    const char *bundle = store != NULL && !store->is_directory ? store->path : NULL;
    set_text(&s, CURLOPT_CAPATH, directory);
    set_text(&s, CURLOPT_CAINFO, bundle);
    set_text(&s, CURLOPT_PROXY_CAPATH, directory);
    set_text(&s, CURLOPT_PROXY_CAINFO, bundle);
    set_long(&s, CURLOPT_TIMEOUT_MS, timeout_ms);
    set_long(&s, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    set_long(&s, CURLOPT_FRESH_CONNECT, fresh);
    return status_of(&s);
}

void
zc_options_forget_request(CURL *easy)
{
    struct setter s = {easy, CURLE_OK};
    set_pointer(&s, CURLOPT_HTTPHEADER, NULL);
    set_text(&s, CURLOPT_KEYPASSWD, "");
    set_text(&s, CURLOPT_PROXY, "");
}
