// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A spinner DaemonSet in the cache.
 *
 * @param policy name of its policy, from its label
 * @param pullVersion version of the images that its template mounts
 * @param appliedHash hash of the applied object, empty when another writer removed it
 * @param mountsImages its template has image volumes. A server without them (KEP-4639) drops them
 *     and accepts the rest, so that the applied object is no proof
 */
public record SpinnerDaemonSet(
    String name,
    String uid,
    String policy,
    String pullVersion,
    String appliedHash,
    boolean mountsImages,
    boolean deleting) {}
