// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A spinner DaemonSet as the cache has it.
 *
 * @param policy that it is for, by its label
 * @param pullVersion of the images that its template mounts
 * @param appliedHash names all that was applied, empty when somebody removed it
 */
public record SpinnerDaemonSet(
    String name,
    String uid,
    String policy,
    String pullVersion,
    String appliedHash,
    boolean deleting) {}
