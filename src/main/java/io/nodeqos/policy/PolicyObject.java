// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonObject;
import java.time.Instant;

/**
 * A NodeQoSPolicy as the API server sent it, not yet decoded: it may be invalid.
 *
 * @param spec {@code spec}, an empty object when absent; must not be changed
 * @param status {@code status}, an empty object when absent; must not be changed
 */
public record PolicyObject(Meta meta, JsonObject spec, JsonObject status) {

  /** Identity of one version of a policy. */
  public record Meta(
      String name,
      String uid,
      String resourceVersion,
      long generation,
      Instant createdAt,
      boolean deleting) {}

  /** The same policy after its status was written. */
  public PolicyObject withStatus(String resourceVersion, JsonObject newStatus) {
    return new PolicyObject(
        new Meta(
            meta.name, meta.uid, resourceVersion, meta.generation, meta.createdAt, meta.deleting),
        spec,
        newStatus);
  }

  public String name() {
    return meta.name();
  }
}
