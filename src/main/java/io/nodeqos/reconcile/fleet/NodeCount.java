// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.plan.Freeze;
import java.util.List;
import java.util.Optional;

/**
 * What one node adds to the counts of its policies.
 *
 * @param configured it carries all that was decided for it
 * @param version that it carries, empty without one
 * @param deadlocks DaemonSets whose pods the startup taint keeps off
 */
public record NodeCount(
    boolean configured,
    boolean warm,
    boolean waiting,
    String version,
    List<String> deadlocks,
    Optional<Freeze> freeze) {}
