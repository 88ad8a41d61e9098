// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A spinner DaemonSet as the cache has it.
 *
 * @param policy that it is for, by its label
 * @param pullVersion of the images that its template mounts
 * @param appliedHash names all that was applied, empty when somebody removed it
 * @param mountsImages its template has image volumes. A server without them (KEP-4639) drops them
 *     and takes the rest: what was applied is no proof
 */
public record SpinnerDaemonSet(
    String name,
    String uid,
    String policy,
    String pullVersion,
    String appliedHash,
    boolean mountsImages,
    boolean deleting) {}
