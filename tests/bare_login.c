/* Logins as a bare C program makes them with libcurl, on one handle: bare_login N URL CA PASSWORD. It wipes its own copy of the header
 * line, says that it is ready and waits, the handle still warm: what can be found in its memory now are libcurl's copies. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
drop(char *bytes, size_t size, size_t n, void *user)
{
    (void)bytes;
    (void)user;
    return size * n;
}

static CURLcode
log_in(CURL *easy, const char *password, int number)
{
    char line[200];
    (void)snprintf(line, sizeof(line), "apiSecretAccessKey: %s%0*d", password, number, 0);
    struct curl_slist *headers = curl_slist_append(curl_slist_append(NULL, "apiAccessKeyId: user"), line);
    explicit_bzero(line, sizeof(line));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return code;
}

int
main(int argc, char **argv)
{
    if (argc != 5 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[2]);
    curl_easy_setopt(easy, CURLOPT_CAINFO, argv[3]);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    CURLcode code = CURLE_OK;
    for (int i = 1; i <= atoi(argv[1]) && code == CURLE_OK; i++) {
        code = log_in(easy, argv[4], i);
    }
    puts(code == CURLE_OK ? "ready" : curl_easy_strerror(code));
    (void)fflush(stdout);
    (void)getchar();
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
