// settings.h: what must be the same of two contenders' connections and files, so that neither has
// it easier.
#ifndef CONVOY_BENCH_SETTINGS_H
#define CONVOY_BENCH_SETTINGS_H

#ifdef __cplusplus
extern "C" {
#endif

// A null pointer ends the list. Each is a query whose rows are texts to compare.
extern const char* const settings_queries[];

#ifdef __cplusplus
}
#endif

#endif
