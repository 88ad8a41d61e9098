// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** The server's checks of a ControllerRevision: its data never change. */
final class RevisionRules {
  private RevisionRules() {}

  /**
   * Checks a new one.
   *
   * @throws ApiException 422 without data, or for a negative revision
   */
  static void onCreate(ResourceType type, JsonObject revision) {
    refuse(type, revision, causes(revision));
  }

  /**
   * Checks a change.
   *
   * @throws ApiException 422 for other data than before, or for a negative revision
   */
  static void onUpdate(ResourceType type, JsonObject old, JsonObject next) {
    List<Cause> causes = causes(next);
    if (next.has("data") && !next.get("data").equals(old.get("data"))) {
      causes.add(Cause.invalid("data", next.get("data") + ": field is immutable"));
    }
    refuse(type, next, causes);
  }

  private static List<Cause> causes(JsonObject revision) {
    List<Cause> causes = new ArrayList<>();
    if (Json.isNull(revision.get("data"))) {
      causes.add(Cause.required("data"));
    }
    long number = Json.number(revision, 0, "revision");
    if (number < 0) {
      causes.add(Cause.invalid("revision", number + ": must be greater than or equal to 0"));
    }
    return causes;
  }

  private static void refuse(ResourceType type, JsonObject revision, List<Cause> causes) {
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(revision, "metadata", "name"), causes));
    }
  }
}
