/* bare.c - prints the resident memory in kB of a C program that does nothing: the lower
 * bound of memory. */
#include "bench.h"
#include <poll.h>

int main(void)
{
    poll(NULL, 0, 200);
    printf("%ld\n", bench_status("/proc/self/status", "VmRSS:"));
    return 0;
}
