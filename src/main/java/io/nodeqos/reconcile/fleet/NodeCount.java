// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.plan.Freeze;
import java.util.List;
import java.util.Optional;

/**
 * The share of one node in the counts of its policies.
 *
 * @param configured it is up to date with its last decision
 * @param version the configuration version that it carries, empty without one
 * @param deadlocks DaemonSets whose pods the startup taint keeps off the node
 */
public record NodeCount(
    boolean configured,
    boolean warm,
    boolean waiting,
    String version,
    List<String> deadlocks,
    Optional<Freeze> freeze) {}
