// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonObject;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.spec.PolicySpec;
import io.nodeqos.policy.spec.WarmUp;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * A valid NodeQoSPolicy.
 *
 * @param source {@code spec} as it was decoded; must not be changed
 * @param formerTaintKeys known keys of startup taints that earlier versions named
 */
public record NodeQoSPolicy(
    PolicyObject.Meta meta,
    PolicySpec spec,
    JsonObject source,
    Set<String> formerTaintKeys,
    String revision) {
  /** The order in which policies win a section: highest priority, then oldest, then by name. */
  public static final Comparator<NodeQoSPolicy> PRECEDENCE =
      Comparator.comparing((NodeQoSPolicy p) -> -(long) p.spec.priority())
          .thenComparing(p -> p.meta.createdAt())
          .thenComparing(p -> p.meta.name());

  public String name() {
    return meta.name();
  }

  /** Whether no more than the status or the metadata was written in between. */
  boolean isSameVersion(NodeQoSPolicy other) {
    return meta.uid().equals(other.meta.uid())
        && meta.generation() == other.meta.generation()
        && meta.deleting() == other.meta.deleting()
        && spec.equals(other.spec)
        && formerTaintKeys.equals(other.formerTaintKeys)
        && revision.equals(other.revision);
  }

  /** Keys of all startup taints that this version or an earlier one named. */
  Set<String> taintKeys() {
    Set<String> keys = new HashSet<>(formerTaintKeys);
    spec.sections().warmUp().map(WarmUp::taintKey).ifPresent(keys::add);
    return keys;
  }

  /** The same with known keys of earlier versions; itself when no key is new. */
  NodeQoSPolicy after(Set<String> earlierTaintKeys) {
    Set<String> former = new HashSet<>(earlierTaintKeys);
    spec.sections().warmUp().map(WarmUp::taintKey).ifPresent(former::remove);
    return former.equals(formerTaintKeys)
        ? this
        : new NodeQoSPolicy(meta, spec, source, Set.copyOf(former), revision);
  }

  /** The same with the sections of another revision. */
  NodeQoSPolicy with(PolicySpec.Sections others, String otherRevision) {
    return new NodeQoSPolicy(meta, spec.with(others), source, formerTaintKeys, otherRevision)
        .after(taintKeys());
  }

  /** The same, but the nodes that take a section from it stay as they are. */
  NodeQoSPolicy suspended(String otherRevision) {
    return new NodeQoSPolicy(meta, spec.suspended(), source, formerTaintKeys, otherRevision);
  }

  public boolean selects(NodeView node) {
    return spec.nodeSelector().matches(node.labels());
  }
}
