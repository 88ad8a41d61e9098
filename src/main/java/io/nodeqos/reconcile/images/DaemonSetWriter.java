// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.reconcile.WriteResult;

/** Writes DaemonSets of the controller's namespace. Thread-safe; calls block. */
public interface DaemonSetWriter {
  /**
   * Creates one.
   *
   * @param json the whole object
   * @return {@link WriteResult.Conflict} when a DaemonSet of that name exists
   */
  WriteResult create(String json);

  /**
   * Changes one by a JSON merge patch (RFC 7396).
   *
   * @param json with {@code metadata.uid}, so that another object of that name is not changed
   */
  WriteResult patch(String name, String json);

  /**
   * Deletes one, and its pods with it.
   *
   * @param uid uid of the object to delete: another object of that name stays
   * @return {@link WriteResult.NotFound} when it is gone already
   */
  WriteResult delete(String name, String uid);
}
