/* libcurl is initialised while each allocation fails in turn: it says so or does without, and the next import works. */
#include "check.h"
#include "failing.h"

#include "core/library.h"

#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

enum outcome { NOTHING_FAILED, WORKS, NEVER_WORKS_AGAIN, SAYS_WRONG_THINGS };

static enum outcome
initialise_while_failing(unsigned nth)
{
    fail_allocation(nth);
    const char *problem = zc_library_init();
    bool failed = allocation_failed();
    fail_allocation(0);
    if (!failed) {
        return NOTHING_FAILED;
    }
    if (zc_library_init() != NULL) {
        return NEVER_WORKS_AGAIN;
    }
    return problem == NULL && !zc_library_wipes() ? SAYS_WRONG_THINGS : WORKS;
}

/* In a child, since it can be tried only once in a process. */
static enum outcome
outcome_in_child(unsigned nth)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit((int)initialise_while_failing(nth));
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return (enum outcome)WEXITSTATUS(status);
}

int
main(void)
{
    unsigned nth = 0;
    enum outcome outcome;
    while ((outcome = outcome_in_child(++nth)) != NOTHING_FAILED) {
        if (!CHECK(outcome == WORKS)) {
            (void)fprintf(stderr, "    allocation %u came out as %d\n", nth, (int)outcome);
        }
    }
    CHECK(nth > 1);
    return check_done();
}
