// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.spec.PolicySpec;
import io.nodeqos.policy.spec.SpecDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decodes and validates a NodeQoSPolicy. The CRD's schema and CEL rules check most of this at the
 * API server already; here it is checked again because an older CRD may be installed, and because
 * some rules (quantities, durations) cannot be expressed there.
 */
public final class PolicyDecoder {
  private static final Pattern NAME = Pattern.compile("(?=.{1,40}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private final StartupTaintPrefixes taints;
  private final SpecDecoder specs;

  /** Without further prefixes of startup taints. */
  public PolicyDecoder() {
    this(StartupTaintPrefixes.DEFAULT);
  }

  /**
   * @param taints the prefixes that the key of a startup taint may have
   */
  public PolicyDecoder(StartupTaintPrefixes taints) {
    this.taints = taints;
    this.specs = new SpecDecoder(taints);
  }

  StartupTaintPrefixes taints() {
    return taints;
  }

  /** A decoded policy, or all of its mistakes. */
  public sealed interface Decoded {
    record Valid(NodeQoSPolicy policy) implements Decoded {}

    /** One sentence for each mistake; never empty. */
    record Invalid(List<String> problems) implements Decoded {}
  }

  /** Never throws: each mistake is a sentence in {@link Decoded.Invalid}. */
  public Decoded decode(PolicyObject object) {
    List<String> problems = new ArrayList<>();
    if (!NAME.matcher(object.name()).matches()) {
      problems.add(
          "metadata.name: \""
              + object.name()
              + "\" is not allowed; allowed is a DNS label of at most 40 characters");
    }
    PolicySpec spec = specs.decode(object.spec(), problems);
    return problems.isEmpty()
        ? new Decoded.Valid(
            new NodeQoSPolicy(
                object.meta(),
                spec,
                object.spec(),
                Set.of(),
                PolicyRevision.sectionsHash(object.spec())))
        : new Decoded.Invalid(List.copyOf(problems));
  }
}
