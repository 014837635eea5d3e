/* api_struct.h - structs that begin with their size, from callers that know an
 * older or a newer header. */
#ifndef NS_API_STRUCT_H
#define NS_API_STRUCT_H

#include <stddef.h>

/* Copies such a struct to one of this header, zeroing what the caller does not
 * know; NULL means all zeros. least is the smallest valid size.
 * Returns 0, -EINVAL, or -E2BIG if members that are unknown here are set. */
int ns_copy_struct(void *to, size_t size, const void *from, size_t least);

#endif
