// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.value.Toleration;
import java.io.IOException;
import java.util.List;

/** Reads the tolerations of a pod or a pod template. */
final class Tolerations {
  private Tolerations() {}

  /** Adds a portion of them. */
  static void read(TolerantReader in, List<Toleration> into) throws IOException {
    in.array(
        () -> {
          Draft draft = new Draft();
          if (in.object(field -> draft.field(in, field))) {
            into.add(new Toleration(draft.key, draft.operator, draft.value, draft.effect));
          }
        });
  }

  private static final class Draft {
    private String key = "";
    private String operator = "";
    private String value = "";
    private String effect = "";

    void field(TolerantReader in, String field) throws IOException {
      switch (field) {
        case "key" -> key = in.string();
        case "operator" -> operator = in.string();
        case "value" -> value = in.string();
        case "effect" -> effect = in.string();
        default -> in.skip();
      }
    }
  }
}
