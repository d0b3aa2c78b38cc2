/* getaddrinfo() for LD_PRELOAD: the look-up of a name that ends in .hangs never comes back. */
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

static int
never_ends(const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);
    return len > 6 && strcmp(name + len - 6, ".hangs") == 0;
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*look_up)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
    while (never_ends(name)) {
        (void)pause();
    }
    *(void **)&look_up = dlsym(RTLD_NEXT, "getaddrinfo");
    return look_up(name, service, hints, found);
}
