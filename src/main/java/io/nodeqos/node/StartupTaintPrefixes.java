// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The prefixes that the key of a policy's startup taint may have. A prefix alone makes no taint
 * ours: other controllers set taints under the same ones. Only keys that a policy names are set or
 * removed.
 *
 * @param more prefixes of the settings, such as {@code example.com/}, each of which {@link
 *     #isPossible}
 */
public record StartupTaintPrefixes(List<String> more) {
  /** Autoscalers know the taints under the last two for temporary by themselves. */
  public static final List<String> BUILT_IN =
      List.of(Keys.PREFIX, Keys.AUTOSCALER_STARTUP_TAINT_PREFIX, Keys.READINESS_TAINT_PREFIX);

  /** Without prefixes of the settings. */
  public static final StartupTaintPrefixes DEFAULT = new StartupTaintPrefixes(List.of());

  private static final Pattern PREFIX =
      Pattern.compile("(?=.{1,254}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?/");

  /** Kubernetes' own domains: the taints of its controllers are never a startup taint. */
  private static final Pattern OF_KUBERNETES = Pattern.compile("([^/]*\\.)?(kubernetes|k8s)\\.io/");

  public StartupTaintPrefixes {
    more = List.copyOf(more);
  }

  /** True for a prefix that a setting may add. */
  public static boolean isPossible(String prefix) {
    return PREFIX.matcher(prefix).matches()
        && (BUILT_IN.contains(prefix) || !OF_KUBERNETES.matcher(prefix).matches());
  }

  /** True for a key that a policy may give its startup taint. */
  public boolean allow(String key) {
    return Stream.concat(BUILT_IN.stream(), more.stream()).anyMatch(key::startsWith);
  }

  /** The prefixes, as the end of a sentence. */
  public String inWords() {
    return "the prefixes "
        + String.join(", ", BUILT_IN)
        + " and those of the setting startupTaintPrefixes ("
        + (more.isEmpty() ? "none" : String.join(", ", more))
        + ")";
  }
}
