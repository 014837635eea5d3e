/* api_struct.c - see api_struct.h. */
#include "api_struct.h"

#include <errno.h>
#include <string.h>

/* No version has a larger struct; a larger size means that size was not initialised. */
enum { LARGEST = 4096 };

static int is_zero(const char *p, size_t n)
{
    while (n > 0 && *p == 0)
        p++, n--;
    return n == 0;
}

int ns_copy_struct(void *to, size_t size, const void *from, size_t least)
{
    size_t given;
    memset(to, 0, size);
    if (!from)
        return 0;
    memcpy(&given, from, sizeof given);
    if (given > LARGEST)
        return -E2BIG;
    if (given < least || given % sizeof(void *) != 0)
        return -EINVAL;
    if (given > size && !is_zero((const char *)from + size, given - size))
        return -E2BIG;
    memcpy(to, from, given < size ? given : size);
    return 0;
}
