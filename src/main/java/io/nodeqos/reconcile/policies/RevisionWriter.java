// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.reconcile.WriteResult;

/** Writes ControllerRevisions of the controller's namespace. Thread-safe; calls block. */
public interface RevisionWriter {
  /**
   * Creates one.
   *
   * @param json the whole object
   * @return {@link WriteResult.Conflict} when a ControllerRevision of that name exists
   */
  WriteResult create(String json);

  /**
   * Changes one.
   *
   * @param json a merge patch
   * @return {@link WriteResult.NotFound} when it is gone
   */
  WriteResult patch(String name, String json);

  /**
   * Deletes one.
   *
   * @param uid uid of the object to delete: another object of that name stays
   * @return {@link WriteResult.NotFound} when it is gone already
   */
  WriteResult delete(String name, String uid);
}
