/* allocations.h: for a test program that counts what it allocates, and may be refused it: under ASan by its hooks, which cannot refuse, else
 * by standing in for malloc. Included once, by the program's one file. */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static size_t allocations; /* how many there were */
static long long alive;      /* bytes that were not freed yet */
__attribute__((unused)) static size_t refuse_at = SIZE_MAX; /* those after so many are refused */

#if defined __SANITIZE_ADDRESS__
enum { CAN_REFUSE = false };
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t), void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *at);
static void on_malloc(const volatile void *at, size_t size)
{
    (void)at;
    allocations++;
    alive += (long long)size;
}
static void on_free(const volatile void *at) { alive -= at ? (long long)__sanitizer_get_allocated_size(at) : 0; }
static void count_allocations(void) { __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free); }
#else
enum { CAN_REFUSE = true };
void *__libc_malloc(size_t size);
void *__libc_realloc(void *at, size_t size);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *at);
static long long size_of(void *at) { return at ? (long long)malloc_usable_size(at) : 0; }
static void *counted(void *at)
{
    alive += size_of(at);
    return at;
}
void *malloc(size_t size) { return ++allocations > refuse_at ? NULL : counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return ++allocations > refuse_at ? NULL : counted(__libc_calloc(count, size)); }
void *realloc(void *at, size_t size)
{
    long long before = size_of(at);
    if (++allocations > refuse_at) return NULL;
    void *moved = __libc_realloc(at, size);
    if (moved || !size) alive += size_of(moved) - before;
    return moved;
}
void free(void *at)
{
    alive -= size_of(at);
    __libc_free(at);
}
static void count_allocations(void) {}
#endif

#endif
