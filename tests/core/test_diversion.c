/* What may be named as a place for the logins of tests, what a process inherits, and what of it reaches a fork. */
#include "check.h"
#include "failing.h"

#include "core/diversion.h"
#include "core/library.h"
#include "core/wipe.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SANDBOX "https://127.0.0.1:4711/7 http://127.0.0.1:4712 /a folder/ca.pem"

static zc_status
set(const char *text)
{
    char *before = NULL;
    zc_status status = zc_diversion_exchange(text, &before);
    zc_wiping_free(before);
    return status;
}

static bool
is_blocked(void)
{
    struct zc_diversion now;
    bool is = zc_diversion_get(&now) == ZC_OK && now.blocked != NULL && !zc_diversion_is_on(&now);
    zc_diversion_clear(&now);
    return is;
}

static bool
is_off(void)
{
    struct zc_diversion now;
    bool is = zc_diversion_get(&now) == ZC_OK && now.text == NULL && now.blocked == NULL && !zc_diversion_is_on(&now);
    zc_diversion_clear(&now);
    return is;
}

static bool
is_on(void)
{
    struct zc_diversion now;
    bool is = zc_diversion_get(&now) == ZC_OK && zc_diversion_is_on(&now) && now.blocked == NULL &&
              strcmp(now.login.login, "https://127.0.0.1:4711/7/v1/connections") == 0 &&
              strcmp(now.follow_up.base, "http://127.0.0.1:4712") == 0 && strcmp(now.ca_file, "/a folder/ca.pem") == 0;
    zc_diversion_clear(&now);
    return is;
}

static const char *const not_here[] = {
    "",
    "Offline",
    "https://127.0.0.1:1",
    "https://127.0.0.1:1 http://127.0.0.1:2",
    "https://127.0.0.1:1 http://127.0.0.1:2 ",
    "https://127.0.0.1:1  http://127.0.0.1:2 /ca.pem",
    "http://127.0.0.1:1 http://127.0.0.1:2 /ca.pem",
    "https://rest.zuora.com http://127.0.0.1:2 /ca.pem",
    "https://127.0.0.1:1 https://rest.zuora.com /ca.pem",
    "https://127.0.0.1:1 http://10.0.0.1 /ca.pem",
    "https://127.0.0.1.example.com http://127.0.0.1:2 /ca.pem",
    "https://127.0.0.1@example.com http://127.0.0.1:2 /ca.pem",
    "https://example.com#127.0.0.1 http://127.0.0.1:2 /ca.pem",
    "https://localhost.example.com http://127.0.0.1:2 /ca.pem",
    "https://0.0.0.0 http://127.0.0.1:2 /ca.pem",
    "https://2130706433 http://127.0.0.1:2 /ca.pem",
    "https://[::] http://127.0.0.1:2 /ca.pem",
    "https://[::ffff:127.0.0.1] http://127.0.0.1:2 /ca.pem",
};

static void
only_this_machine_can_be_named(void)
{
    CHECK(is_off() && set(SANDBOX) == ZC_OK && is_on());
    for (size_t i = 0; i < sizeof(not_here) / sizeof(not_here[0]); i++) {
        CHECK_ROW(set(not_here[i]) == ZC_INPUT && is_on(), not_here[i]);
    }
    CHECK(set("https://[::1]:1 https://localhost:2 /ca.pem") == ZC_OK && set(NULL) == ZC_OK && is_off());
}

static void
what_held_before_comes_back(void)
{
    char *before = NULL;
    CHECK(zc_diversion_exchange("offline", &before) == ZC_OK && before == NULL && is_blocked());
    CHECK(zc_diversion_exchange(SANDBOX, &before) == ZC_OK && strcmp(before, "offline") == 0 && is_on());
    zc_wiping_free(before);
    CHECK(zc_diversion_exchange(NULL, &before) == ZC_OK && strcmp(before, SANDBOX) == 0 && is_off());
    zc_wiping_free(before);
}

/* In a child of its own, as a process inherits once. */
static bool
in_child(bool (*holds)(void), const char *variable)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        (void)setenv(ZC_DIVERSION_VARIABLE, variable, 1);
        bool is_so = zc_diversion_inherit() == ZC_OK && holds();
        (void)set(NULL);
        _exit(is_so ? 0 : 1);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

static void
a_variable_that_names_no_sandbox_here_blocks(void)
{
    CHECK(in_child(is_on, SANDBOX) && in_child(is_blocked, "offline") && in_child(is_off, ""));
    for (size_t i = 1; i < sizeof(not_here) / sizeof(not_here[0]); i++) {
        CHECK_ROW(in_child(is_blocked, not_here[i]), not_here[i]);
    }
}

static void
a_fork_is_under_it_whatever_its_environment(void)
{
    int status = -1;
    CHECK(set(SANDBOX) == ZC_OK);
    pid_t child = fork();
    if (child == 0) {
        (void)unsetenv(ZC_DIVERSION_VARIABLE);
        bool is_so = is_on() && set(NULL) == ZC_OK;
        _exit(is_so ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0 && is_on() && set(NULL) == ZC_OK);
}

static void
each_allocation_may_fail(void)
{
    zc_status status;
    unsigned nth = 0;
    do {
        fail_allocation(++nth);
        char *before = NULL;
        status = zc_diversion_exchange(SANDBOX, &before);
        bool failed = allocation_failed();
        fail_allocation(0);
        zc_wiping_free(before);
        CHECK(status == (failed ? ZC_NO_MEMORY : ZC_OK));
        CHECK(failed ? is_off() : is_on());
    } while (status == ZC_NO_MEMORY);
    CHECK(nth > 5);
    nth = 0;
    do {
        struct zc_diversion now;
        fail_allocation(++nth);
        status = zc_diversion_get(&now);
        bool failed = allocation_failed();
        fail_allocation(0);
        CHECK(status == (failed ? ZC_NO_MEMORY : ZC_OK));
        zc_diversion_clear(&now);
    } while (status == ZC_NO_MEMORY);
    CHECK(nth > 5 && set(NULL) == ZC_OK);
}

int
main(void)
{
    (void)unsetenv(ZC_DIVERSION_VARIABLE);
    CHECK(zc_library_init() == NULL);
    only_this_machine_can_be_named();
    what_held_before_comes_back();
    a_variable_that_names_no_sandbox_here_blocks();
    a_fork_is_under_it_whatever_its_environment();
    each_allocation_may_fail();
    return check_done();
}
