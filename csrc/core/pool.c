/* Idle transfers kept warm between logins: last in, first out. */
#include "core/pool.h"

#include "core/clock.h"
#include "core/diversion.h"
#include "core/gate.h"
#include "core/trust.h"
#include "core/verdict.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IDLE      64
#define MAX_IDLE_MS   60000
#define ENOUGH_ROUTES 8 /* with so many idle, another route takes the place of the oldest */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct zc_transfer *idle[MAX_IDLE]; /* the oldest first; under the lock, as all below */
static size_t n_idle;
static struct zc_transfer **live; /* all there are, in use or idle: what a forked child abandons */
static size_t n_live;
static size_t live_room;

static zc_status
register_locked(struct zc_transfer *transfer)
{
    if (n_live == live_room) {
        size_t room = live_room == 0 ? MAX_IDLE : live_room * 2;
        struct zc_transfer **grown = realloc((void *)live, room * sizeof(*live));
        if (grown == NULL) {
            return ZC_NO_MEMORY;
        }
        live = grown;
        live_room = room;
    }
    live[n_live++] = transfer;
    return ZC_OK;
}

static void
unregister_locked(const struct zc_transfer *transfer)
{
    for (size_t i = 0; i < n_live; i++) {
        if (live[i] == transfer) {
            live[i] = live[--n_live];
            return;
        }
    }
}

/* Takes idle[at] out, keeping the order. */
static struct zc_transfer *
take_idle_locked(size_t at)
{
    struct zc_transfer *transfer = idle[at];
    n_idle--;
    memmove((void *)&idle[at], (void *)&idle[at + 1], (n_idle - at) * sizeof(idle[0]));
    return transfer;
}

/* The warm transfer for a route, or NULL. None serves another: libcurl keeps what it read of CA bundles by their path, and before 8.19
 * tells proxies apart without their user. */
static struct zc_transfer *
choose_locked(uint64_t route)
{
    for (size_t i = n_idle; i > 0; i--) {
        if (zc_transfer_route(idle[i - 1]) == route) {
            return take_idle_locked(i - 1);
        }
    }
    return NULL;
}

/* A fork between its end for this pool and its end for libcurl would leave a child with open connections of its parent's. */
static void
free_transfer(struct zc_transfer *transfer)
{
    if (transfer == NULL) {
        return;
    }
    zc_gate_enter();
    (void)pthread_mutex_lock(&lock);
    unregister_locked(transfer);
    (void)pthread_mutex_unlock(&lock);
    zc_transfer_free(transfer);
    zc_gate_leave();
}

static bool
has_expired_locked(int64_t now)
{
    return n_idle > 0 && now - zc_transfer_idle_since(idle[0]) > MAX_IDLE_MS;
}

static zc_status
make_transfer(struct zc_transfer **out, uint64_t route)
{
    struct zc_transfer *transfer;
    zc_status status = zc_transfer_new(&transfer, route);
    if (status != ZC_OK) {
        return status;
    }
    (void)pthread_mutex_lock(&lock);
    status = register_locked(transfer);
    (void)pthread_mutex_unlock(&lock);
    if (status != ZC_OK) {
        free_transfer(transfer);
        return status;
    }
    *out = transfer;
    return ZC_OK;
}

zc_status
zc_pool_take(struct zc_transfer **out, uint64_t route)
{
    struct zc_transfer *expired;
    struct zc_transfer *crowded_out = NULL;
    int64_t now = zc_clock_ms();
    *out = NULL;
    do {
        (void)pthread_mutex_lock(&lock);
        expired = has_expired_locked(now) ? take_idle_locked(0) : NULL;
        if (expired == NULL) {
            *out = choose_locked(route);
            crowded_out = *out == NULL && n_idle >= ENOUGH_ROUTES ? take_idle_locked(0) : NULL;
        }
        (void)pthread_mutex_unlock(&lock);
        free_transfer(expired);
    } while (expired != NULL);
    free_transfer(crowded_out);
    return *out != NULL ? ZC_OK : make_transfer(out, route);
}

void
zc_pool_put(struct zc_transfer *transfer, bool keep)
{
    if (transfer == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&lock);
    if (keep && n_idle < MAX_IDLE) {
        idle[n_idle++] = transfer;
        transfer = NULL;
    }
    (void)pthread_mutex_unlock(&lock);
    free_transfer(transfer);
}

static void
before_fork(void)
{
    zc_gate_close();
    (void)pthread_mutex_lock(&lock);
    zc_diversion_lock();
    zc_trust_lock();
    zc_verdict_lock();
}

static void
unlock_all(void)
{
    zc_verdict_unlock();
    zc_trust_unlock();
    zc_diversion_unlock();
    (void)pthread_mutex_unlock(&lock);
}

static void
after_fork_in_parent(void)
{
    unlock_all();
    zc_gate_open_in_parent();
}

/* The connections belong to the parent: a child that went on using them would get other people's sessions. */
static void
after_fork_in_child(void)
{
    for (size_t i = 0; i < n_live; i++) {
        zc_transfer_abandon(live[i]);
    }
    n_idle = 0;
    live = NULL; /* let go, not freed: what they point to stays as the parent left it */
    n_live = 0;
    live_room = 0;
    unlock_all();
    zc_gate_open_in_child();
}

zc_status
zc_pool_watch_forks(void)
{
    return pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0 ? ZC_OK : ZC_NO_MEMORY;
}
