#include "core/environment.h"

#include "core/wipe.h"

#include <stddef.h>
#include <stdlib.h>

static zc_environment_reader *reader = zc_environment_read_process;

void
zc_environment_read_by(zc_environment_reader *given)
{
    reader = given;
}

zc_status
zc_environment_read(const char *name, char **value)
{
    return reader(name, value);
}

zc_status
zc_environment_read_process(const char *name, char **value)
{
    const char *text = getenv(name);
    *value = text == NULL ? NULL : zc_wiping_strdup(text);
    return text != NULL && *value == NULL ? ZC_NO_MEMORY : ZC_OK;
}
