/* getaddrinfo() for LD_PRELOAD: names and ports lead to ports of this machine, as DIVERTED_NAMES says; no other name is known.
 * "rest.example.com:443=40001 *.example.org:443=40002": what stands behind a star is the end of a name. */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*look_up_type)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int
is_meant(const char *pattern, const char *name)
{
    size_t len = strlen(name);
    size_t end = strlen(pattern) - 1;
    return strcmp(pattern, name) == 0 || (pattern[0] == '*' && len > end && strcmp(name + len - end, pattern + 1) == 0);
}

/* Is there a port for this name and port? */
static int
find_port(const char *name, const char *service, char port[8])
{
    const char *entry = getenv("DIVERTED_NAMES");
    char pattern[256];
    char asked[8];
    int n = 0;
    while (entry != NULL && sscanf(entry, " %255[^:]:%7[0-9]=%7[0-9]%n", pattern, asked, port, &n) == 3) {
        if (is_meant(pattern, name) && service != NULL && strcmp(service, asked) == 0) {
            return 1;
        }
        entry += n;
    }
    return 0;
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    look_up_type look_up = NULL;
    char port[8];
    *(void **)&look_up = dlsym(RTLD_NEXT, "getaddrinfo");
    if (name != NULL && find_port(name, service, port)) {
        return look_up("127.0.0.1", port, hints, found);
    }
    struct addrinfo here = hints == NULL ? (struct addrinfo){0} : *hints;
    here.ai_flags |= name == NULL || strcmp(name, "localhost") == 0 ? 0 : AI_NUMERICHOST;
    return look_up(name, service, &here, found);
}
