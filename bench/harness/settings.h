// settings.h: what must be the same of two contenders' connections and files, so that neither has
// it easier.
#ifndef CONVOY_BENCH_SETTINGS_H
#define CONVOY_BENCH_SETTINGS_H

#ifdef __cplusplus
extern "C" {
#endif

struct Setting {
  const char* name;
  const char* sql;  // Its rows are texts to compare.
};

// A setting without a name ends the list.
extern const struct Setting settings[];

#ifdef __cplusplus
}
#endif

#endif
