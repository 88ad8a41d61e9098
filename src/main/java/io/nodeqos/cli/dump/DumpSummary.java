// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.dump;

import io.nodeqos.kube.dump.DumpInfo;
import java.util.Locale;
import java.util.Map;

/** The line that {@code nodeqos dump} ends with. */
record DumpSummary(int nodes, int pods, int daemonSets, int policies) {
  static DumpSummary of(DumpInfo info) {
    Map<String, Integer> members = info.members();
    return new DumpSummary(
        sum(members, "nodes\\.json"),
        sum(members, "pods\\..*|spinner-pods\\.json|requests\\.json"),
        sum(members, "daemonsets\\..*|spinners\\.json"),
        sum(members, "nodeqospolicies\\.json"));
  }

  private static int sum(Map<String, Integer> members, String names) {
    return members.entrySet().stream()
        .filter(member -> member.getKey().matches(names))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /**
   * @param redacted names are hashed
   */
  String sentence(boolean redacted) {
    return String.format(
        Locale.ROOT,
        "dumped %s, %s, %s, %s. Left out: annotations but our own, env, args, Secrets (none are"
            + " read). %s",
        count(nodes, "node", "nodes"),
        count(pods, "pod", "pods"),
        count(daemonSets, "DaemonSet", "DaemonSets"),
        count(policies, "policy", "policies"),
        redacted ? "Names are hashed." : "--redact hashes names.");
  }

  private static String count(int count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }
}
