/* The CA stores of one transfer's logins, one at a time, in turn from the one that knew the server. */
#include "core/stores.h"

static zc_status
find(struct zc_trust **trust, const struct zc_request *request, const char *last_resort)
{
    if (!request->url.is_https || last_resort != NULL) {
        return zc_trust_from(trust, NULL, last_resort);
    }
    if (request->ca_dir != NULL || request->ca_file != NULL) {
        return zc_trust_from(trust, request->ca_dir, request->ca_file);
    }
    return zc_trust_find(trust);
}

zc_status
zc_stores_begin(struct zc_stores *stores, const struct zc_request *request, const char *last_resort)
{
    struct zc_trust *trust = NULL;
    zc_status status = find(&trust, request, last_resort);
    if (status != ZC_OK) {
        return status;
    }
    if (stores->trust == NULL || stores->trust->n_stores != trust->n_stores) {
        stores->good = 0;
    }
    zc_trust_release(stores->trust);
    stores->trust = trust;
    stores->n_tried = 0;
    return request->url.is_https && trust->n_stores == 0 ? ZC_TLS_NO_STORE : ZC_OK;
}

static size_t
current(const struct zc_stores *stores)
{
    return (stores->good + stores->n_tried) % stores->trust->n_stores;
}

const struct zc_store *
zc_stores_current(const struct zc_stores *stores)
{
    return stores->trust->n_stores == 0 ? NULL : &stores->trust->stores[current(stores)];
}

bool
zc_stores_next(struct zc_stores *stores)
{
    if (stores->n_tried + 1 >= stores->trust->n_stores) {
        return false;
    }
    stores->n_tried++;
    return true;
}

void
zc_stores_settle(struct zc_stores *stores)
{
    stores->good = stores->trust->n_stores == 0 ? 0 : current(stores);
    stores->n_tried = 0;
}

void
zc_stores_clear(struct zc_stores *stores)
{
    zc_trust_release(stores->trust);
    *stores = (struct zc_stores){0};
}
