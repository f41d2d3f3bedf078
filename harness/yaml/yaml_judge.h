/* yaml_judge.h: a YAML file against the table of its kind: target files and baselines. */
#ifndef YAML_JUDGE_H
#define YAML_JUDGE_H

#include "chatconform.h"
#include "harness/yaml/yaml.h"

/* True when it keeps all that its kind demands; else the first mistake as "FILE:LINE:COL: sentence". */
bool yaml_judge(const struct yaml_text *text, enum cc_kind kind, char *why, size_t why_size);

#endif
