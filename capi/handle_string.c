/* handle_string.c - UTF-8, and the strings that handles have returned. */
#include "handle_string.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt_signals.h"

/* The string that one function has returned last for a handle to one thread. A
 * thread that ends leaves its strings to the next one with the same pthread_t, so
 * that there are only as many as threads that ran at the same time. */
struct ns_string {
    struct ns_string *next;
    pthread_t thread;
    int which;
    char text[];
};

/* Guards the lists of strings of all slots. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How many continuation bytes follow the first byte of a character, or -1; *low and *high
 * receive the range of the second byte, which excludes overlong forms, surrogates
 * and numbers beyond Unicode. */
static int continuation_bytes(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80)
        return 0;
    if (first >= 0xC2 && first <= 0xDF)
        return 1;
    if (first >= 0xE0 && first <= 0xEF)
        return 2;
    if (first >= 0xF0 && first <= 0xF4)
        return 3;
    return -1;
}

int ns_check_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    if (!text)
        return -EINVAL;
    while (*p) {
        unsigned char low, high;
        int n = continuation_bytes(*p++, &low, &high);
        if (n < 0)
            return -EILSEQ;
        for (; n > 0; n--, p++, low = 0x80, high = 0xBF)
            if (*p < low || *p > high)
                return -EILSEQ;
    }
    return 0;
}

void ns_copy_string(char *to, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (!to || size == 0)
        return;
    if (n >= size)
        n = size - 1;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    memcpy(to, text, n);
    to[n] = '\0';
}

/* The link to the string that the calling thread was given last, or the end of the
 * list. Called with the lock held. */
static struct ns_string **last_returned(struct ns_slot *slot, int which)
{
    struct ns_string **link = &slot->strings;
    const pthread_t self = pthread_self();
    while (*link && ((*link)->which != which || !pthread_equal((*link)->thread, self)))
        link = &(*link)->next;
    return link;
}

/* Replaces the string at a link, or appends one. NULL if there is no memory. */
static struct ns_string *replace(struct ns_string **link, int which, const char *text)
{
    struct ns_string *old = *link;
    struct ns_string *s = malloc(sizeof *s + strlen(text) + 1);
    if (!s)
        return NULL;
    s->next = old ? old->next : NULL;
    s->thread = pthread_self();
    s->which = which;
    strcpy(s->text, text);
    *link = s;
    free(old);
    return s;
}

/* Keeps a string for the calling thread, at the same address if it is the same. */
static const char *keep(struct ns_slot *slot, int which, const char *text)
{
    struct ns_string **link, *s;
    pthread_mutex_lock(&lock);
    link = last_returned(slot, which);
    s = *link && strcmp((*link)->text, text) == 0 ? *link : replace(link, which, text);
    pthread_mutex_unlock(&lock);
    return s ? s->text : "";
}

const char *ns_string_of(struct ns_slot *slot, ns_string_getter *getter, void *key, int which,
                         char *argument)
{
    char small[256];
    char *buffer = small, *grown;
    int size = sizeof small;
    int length;
    const char *text = "";
    while ((length = NS_GO(getter(key, which, argument, buffer, size))) >= size) {
        grown = realloc(buffer == small ? NULL : buffer, (size_t)length + 1);
        if (!grown) {
            length = -1;
            break;
        }
        buffer = grown;
        size = length + 1;
    }
    if (length > 0)
        text = keep(slot, which, buffer);
    if (buffer != small)
        free(buffer);
    return text;
}

void ns_strings_free(struct ns_string *strings)
{
    while (strings) {
        struct ns_string *next = strings->next;
        free(strings);
        strings = next;
    }
}
