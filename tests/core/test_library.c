/* libcurl is initialised once, from whichever thread, and wipes what it frees unless somebody else was first. */
#include "check.h"
#include "freed.h"

#include "core/library.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_THREADS 8
#define MARKER    "marker-51c9"

static pthread_barrier_t at_once;

static void
before_it_is_initialised_nothing_is_wiped(void)
{
    CHECK(!zc_library_wipes());
}

/* In a child, since it can be tried only once in a process. */
static void
a_libcurl_that_another_module_initialised_works_unwiped(void)
{
    pid_t child = fork();
    if (child == 0) {
        bool came_first = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        _exit(came_first && zc_library_init() == NULL && !zc_library_wipes() ? 0 : 1);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void *
initialise(void *unused)
{
    static const char failed[] = "failed";
    (void)unused;
    (void)pthread_barrier_wait(&at_once);
    bool works = zc_library_init() == NULL && zc_library_init() == NULL && zc_library_wipes();
    return works ? NULL : (void *)failed;
}

static void
any_number_of_threads_may_initialise_it(void)
{
    pthread_t threads[N_THREADS];
    CHECK(pthread_barrier_init(&at_once, NULL, N_THREADS) == 0);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, initialise, NULL) == 0);
    }
    for (size_t i = 0; i < N_THREADS; i++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    }
    CHECK(pthread_barrier_destroy(&at_once) == 0);
}

static void
what_libcurl_copied_is_wiped(void)
{
    CURL *easy = curl_easy_init();
    CHECK(easy != NULL && curl_easy_setopt(easy, CURLOPT_USERPWD, "user:" MARKER) == CURLE_OK);
    struct curl_slist *headers = curl_slist_append(NULL, "apiSecretAccessKey: " MARKER);
    char *escaped = curl_easy_escape(easy, MARKER, 0);
    CHECK(headers != NULL && escaped != NULL);
    watch_frees(MARKER);
    curl_free(escaped);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    watched = NULL;
    CHECK(n_freed > 3 && n_leaked == 0);
}

int
main(void)
{
    before_it_is_initialised_nothing_is_wiped();
    a_libcurl_that_another_module_initialised_works_unwiped();
    any_number_of_threads_may_initialise_it();
    what_libcurl_copied_is_wiped();
    return check_done();
}
