// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import java.util.List;

/**
 * The effects that a policy would have if it were in force.
 *
 * @param selected the number of nodes that it selects
 * @param changed the number of nodes that would change
 * @param groups nodes with the same changes, the largest group first
 * @param unchanged selected nodes that would not change, by the reason
 */
public record DryRunResult(
    int selected, int changed, List<Group> groups, List<Stay> unchanged, List<Warning> warnings) {

  /**
   * Nodes with the same changes.
   *
   * @param examples the first nodes by name
   * @param changes one text each
   */
  public record Group(int nodes, List<String> examples, List<String> changes) {
    public Group {
      examples = List.copyOf(examples);
      changes = List.copyOf(changes);
    }
  }

  /**
   * Nodes that stay as they are for one reason.
   *
   * @param reason CamelCase
   * @param message a clause about several nodes
   */
  public record Stay(int nodes, String reason, String message) {}

  /**
   * A consequence that an operator should know.
   *
   * @param reason CamelCase
   * @param nodes the number of nodes that it is about
   * @param message one or more sentences
   */
  public record Warning(String reason, int nodes, String message) {}

  public DryRunResult {
    groups = List.copyOf(groups);
    unchanged = List.copyOf(unchanged);
    warnings = List.copyOf(warnings);
  }

  /** One sentence. */
  String sentence() {
    return "In force, the policy would change "
        + changed
        + " of the "
        + (selected == 1 ? "1 node" : selected + " nodes")
        + " that it selects"
        + (warnings.isEmpty()
            ? "."
            : warnings.size() == 1
                ? ", with 1 warning: " + warnings.get(0).message()
                : ", with " + warnings.size() + " warnings.");
  }
}
