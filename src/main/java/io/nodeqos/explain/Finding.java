// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.answer.Explanation.Cause;
import io.nodeqos.explain.answer.Explanation.Diagnosis;
import java.util.ArrayList;
import java.util.List;

/** Why a node is as it is, and the next steps. */
record Finding(Diagnosis diagnosis, List<Cause> causes, List<Advice> advice) {
  static Finding of(String reason, String why, Advice... advice) {
    return new Finding(new Diagnosis(reason, why), List.of(), List.of(advice));
  }

  /** With more steps after the others. */
  Finding and(Advice... more) {
    List<Advice> all = new ArrayList<>(advice);
    all.addAll(List.of(more));
    return new Finding(diagnosis, causes, all);
  }

  Finding and(List<Advice> more) {
    return and(more.toArray(Advice[]::new));
  }

  /** With another sentence, and steps before the others. */
  Finding because(String reason, String why, Advice... first) {
    List<Advice> all = new ArrayList<>(List.of(first));
    all.addAll(advice);
    return new Finding(new Diagnosis(reason, why), causes, all);
  }
}
