// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonObject;
import io.nodeqos.node.NodeView;
import java.util.Comparator;

/**
 * A valid NodeQoSPolicy.
 *
 * @param source {@code spec} as it was decoded; must not be changed
 */
public record NodeQoSPolicy(PolicyObject.Meta meta, PolicySpec spec, JsonObject source) {
  /** The order in which policies win a section: highest priority, then oldest, then by name. */
  public static final Comparator<NodeQoSPolicy> PRECEDENCE =
      Comparator.comparing((NodeQoSPolicy p) -> -(long) p.spec.priority())
          .thenComparing(p -> p.meta.createdAt())
          .thenComparing(p -> p.meta.name());

  public String name() {
    return meta.name();
  }

  public boolean selects(NodeView node) {
    return spec.nodeSelector().matches(node.labels());
  }
}
